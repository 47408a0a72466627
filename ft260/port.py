# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge's side towards the host: reports in, in the host's order; answers that are true when given; data out."""

from ft260.layout import EP0_SETUP, MARK, RECEIVED, SEEN, STATE
from ft260.reports import BUSY, GPIO, I2C_READ, I2C_RESET, I2C_STATUS, SYSTEM

RESET = bytes((I2C_RESET,))  # the first byte of a setting
BUSY_ONLY = bytes((BUSY,))
FROM_INTERFACE = 0xA1  # the first byte of GET_REPORT (HID 1.11, 7.2.1)
ANSWERS = (I2C_STATUS, GPIO)  # the feature reports whose content changes


class Port:
    """:param dict devices: the usb_hid.Device of each report ID
    :param replies: a ft260.reply_buffers.ReplyBuffers
    :param connected: returns True while the host has the device configured and awake
    :param finder, gate: a ft260.endpoint_finder.EndpointFinder and a ft260.gate.Gate; None where memory is out of
        reach: then only reports of 63 bytes arrive, and the answers are those of the last turn
    :param tell: called with one sentence if the endpoint cannot be taken over
    """

    def __init__(self, devices, replies, connected, finder=None, gate=None, tell=None):
        self._devices, self._replies, self._connected, self._tell = devices, replies, connected, tell
        self._finder, self._gate = finder, gate
        self._ids = tuple(report_id for report_id in devices if report_id in (SYSTEM, GPIO) or report_id >= I2C_READ)
        self._starting = True  # until it is known how reports arrive
        self._out = None  # the OutEndpoint, once it is held: from then on the gate is closed
        self._queued = None  # an output report that came over endpoint 0
        self._outdated = False  # the packet that waits came before what the host is setting
        self._given_up = False  # without the OUT endpoint: the host does not fetch, and each try would cost 2 s

    def watch(self, count):
        """Looks so many times, 15 us each. Returns True as soon as `receive` or `answer` may have something to do."""
        out = self._out
        if out is None or self._queued or self._gate.pending:
            return True
        dpram, flags = out.dpram, out.flags
        while dpram[MARK] == SEEN and dpram[flags] & STATE != RECEIVED:
            count -= 1
            if not count:
                return False
        return True

    def receive(self, bridge):
        """Hands the bridge what has arrived. First thing in every look."""
        if self._out is None:
            self._receive_without(bridge)
            return
        if self._gate.pending:
            self._collect(bridge)
        if bridge.busy:
            return
        if self._queued:
            report, self._queued = self._queued, None
            bridge.take(report)
        elif self._out.dpram[self._out.flags] & STATE == RECEIVED:
            bridge.take(self._out.take())

    def answer(self, bridge):
        """Lets the host's next control request in, if one waits. Last thing in every look."""
        out, gate = self._out, self._gate
        if out is None or out.dpram[MARK] == SEEN or not gate.waiting():
            return
        dpram = out.dpram
        packet = dpram[out.flags] & STATE == RECEIVED
        if packet and not bridge.busy:
            return  # it came first
        if gate.pending:
            self._collect(bridge)
        if dpram[EP0_SETUP] == FROM_INTERFACE:
            report_id = dpram[EP0_SETUP + 2]
            if report_id in ANSWERS:
                self._replies.store(report_id, bridge.answer(report_id, packet or self._queued))
            gate.let_in()
            return
        out.keep()
        announced = gate.announced()
        if announced and announced not in (SYSTEM, GPIO) and (packet or self._queued):
            return  # one at a time: the host waits, as it does with the next packet
        self._outdated = packet
        gate.let_in(announced)

    def close(self):
        """The program ends: nobody looks any more. The host sees busy, and everything passes unseen."""
        if self._gate is not None:
            self._gate.open()
        self._replies.store(I2C_STATUS, BUSY_ONLY)

    @property
    def ready(self):
        """True if `send` does not have to wait for the host."""
        if self._given_up or self._out is not None and not self._out.fetched():
            return False
        return self._connected()

    def send(self, report_id, payload):
        """Queues one input report of 63 bytes. Returns False if that failed."""
        try:
            self._devices[report_id].send_report(payload, report_id)
        except OSError:
            self._given_up = self._out is None
            return False
        return True

    def _collect(self, bridge):
        """What comes over endpoint 0: a setting counts at once, an output report when the bridge is free."""
        report = self._gate.received()
        if not report:
            return
        if report[0] not in (SYSTEM, GPIO):
            self._queued = report
            return
        if report[0] == SYSTEM and report[1:2] == RESET:
            self._queued = None  # what came before a reset is not served after it
            if self._outdated and self._out.dpram[self._out.flags] & STATE == RECEIVED:
                self._out.take()
        bridge.set_feature(report[0], report[1:])

    # ---- without the OUT endpoint ----

    def _receive_without(self, bridge):
        """While the OUT endpoint is looked for; where it cannot be held, from the copies that CircuitPython keeps."""
        if self._starting:
            self._start(bridge)
            return
        for report_id in self._ids:
            setting = report_id in (SYSTEM, GPIO)
            if bridge.busy and not setting:
                continue
            payload = self._devices[report_id].get_last_received_report(report_id)
            if payload is None:
                continue
            self._given_up = False
            if setting:
                bridge.set_feature(report_id, payload)
            else:
                bridge.take(bytes((report_id,)) + payload)
        for report_id in ANSWERS:
            self._replies.store(report_id, bridge.answer(report_id, False))

    def _start(self, bridge):
        """Takes the OUT endpoint over, if that is possible here; until then the status is what prime() showed."""
        finder, missed = self._finder, False
        if finder:
            self._out = finder.step()
            if self._out:
                missed = self._out.missed()
                self._gate.close()
            elif finder.failed:
                self._tell("bridge: unknown USB driver in this CircuitPython, only reports of 63 bytes arrive")
            else:
                return
        self._finder = None  # and its code
        self._starting = False
        bridge.start(missed)
