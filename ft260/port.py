# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge's side towards the host: requests in, status, feature answers and input reports out."""

from ft260.endpoint0 import MARK, RESET, SEEN, report_ids
from ft260.layout import RECEIVED, STATE
from ft260.reports import BUSY, GPIO, REPORT_SIZE, SYSTEM

_ZEROS = memoryview(bytes(REPORT_SIZE))


class Port:
    """:param dict devices: the usb_hid.Device of each report ID
    :param replies: a ft260.reply_buffers.ReplyBuffers
    :param connected: returns True while the host has the device configured and awake
    :param finder, endpoint0: a ft260.endpoint_finder.EndpointFinder and a ft260.endpoint0.Endpoint0; None where memory
        is out of reach: then only reports of 63 bytes arrive
    :param tell: called with one sentence if the endpoint cannot be taken over
    """

    def __init__(self, devices, replies, connected, finder=None, endpoint0=None, tell=None):
        self._devices, self._replies, self._connected, self._tell = devices, replies, connected, tell
        self._finder, self._endpoint0 = finder, endpoint0
        self._starting = True  # until it is known how reports arrive
        self._out = None  # the OutEndpoint, once it is held
        self._dpram, self._flags = None, 0  # its
        self._ids = report_ids(devices)
        self._report = memoryview(bytearray(REPORT_SIZE))  # the one the bridge serves
        self._waiting = None  # (ID, payload) of one that came over endpoint 0 meanwhile
        self._lost = False  # another came behind it, for which there is no room
        self._given_up = False  # without the OUT endpoint: the host does not fetch, and each try would cost 2 s

    def poll(self, bridge):
        """Hands the bridge what has arrived. First thing in every turn."""
        dpram = self._dpram
        if dpram is None:
            self._poll_without(bridge)
        elif dpram[self._flags] & STATE == RECEIVED and not bridge.busy:
            self._replies.show(BUSY)  # at once: the host may ask now
            found = self._endpoint0.earlier()
            if found or self._waiting:
                self._sort(found, bridge)  # the packet stays where it is, it came later
            else:
                self._out.take(self._report)
                bridge.take(self._report)
        elif self._waiting or self._endpoint0.scans or dpram[MARK] != SEEN:
            found = self._endpoint0.look()
            if not found and not self._endpoint0.scans & 7 and self._out.keep():
                bridge.free()  # a packet that was there is gone
            if found or self._waiting:
                self._sort(found, bridge)

    def catch(self):
        """Shows "busy" as soon as a packet has arrived, and returns True then. For more looks than `poll` has."""
        if self._dpram and self._dpram[self._flags] & STATE == RECEIVED:
            self._replies.show(BUSY)
            return True
        return False

    def show(self, status):
        """Changes the status in report C0: busy as long as a request waits."""
        if not (self._starting or self._waiting or self.catch()):
            self._replies.show(status)

    def store(self, report_id, payload):
        """Answers GET_REPORT(Feature) with `payload`, without the ID, from now on."""
        self._replies.store(report_id, payload)

    @property
    def ready(self):
        """True if `send` does not have to wait for the host."""
        if not self._connected() or self._given_up:
            return False
        return self._out is None or self._out.fetched()

    def send(self, report_id, payload):
        """Queues one input report of 63 bytes. Returns False if that failed."""
        try:
            self._devices[report_id].send_report(payload, report_id)
        except OSError:
            self._given_up = self._out is None
            return False
        return True

    def _poll_without(self, bridge):
        """While the OUT endpoint is looked for, and where it cannot be held."""
        if self._starting:
            self._start(bridge)
            return
        for report_id in self._ids:
            payload = self._devices[report_id].get_last_received_report(report_id)
            if payload is not None:
                self._given_up = False
                self._sort((report_id, payload), bridge)
        if self._waiting:
            self._sort(None, bridge)

    def _start(self, bridge):
        """Takes the OUT endpoint over, if that is possible here; until then the status is what prime() showed."""
        finder, missed = self._finder, False
        if finder:
            self._out = finder.step()
            if self._out:
                self._dpram, self._flags = self._out.dpram, self._out.flags
                missed = self._out.missed()
            elif finder.failed:
                self._tell("bridge: unknown USB driver in this CircuitPython, only reports of 63 bytes arrive")
            else:
                return
        self._finder = None  # and its code
        self._starting = False
        bridge.start(missed)

    def _sort(self, found, bridge):
        """Gives a setting to the bridge at once, an output report when it is free. There is room for one to wait."""
        if found and found[0] in (SYSTEM, GPIO):
            if found[0] == SYSTEM and found[1][:1] == RESET:
                self._waiting = None  # what came before a reset is not served after it
            bridge.set_feature(found[0], found[1])
        elif found:
            self._lost = self._waiting is not None
            self._waiting = self._waiting or found
        if self._waiting:
            self._replies.show(BUSY)
            if not bridge.busy:
                self._serve_waiting(bridge)

    def _serve_waiting(self, bridge):
        report_id, payload = self._waiting
        self._waiting = None
        if self._lost:
            self._lost = False
            bridge.refuse()
            return
        self._report[0] = report_id
        self._report[1 : 1 + len(payload)] = payload
        self._report[1 + len(payload) :] = _ZEROS[1 + len(payload) :]
        bridge.take(self._report)
