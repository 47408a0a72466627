# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Everything the host sends, each report once and in order, whatever its length and the way it came.

Interrupt packets are taken from the endpoint's buffer, short SET_REPORTs from endpoint 0. CircuitPython keeps a copy
of what is exactly 63 bytes long, one per report ID: a copy that no packet explains came over endpoint 0.
"""

from ft260.dpram import MARK, SEEN, is_set_report
from ft260.reports import BUSY, GPIO, I2C_READ, I2C_RESET, REPORT_SIZE, SYSTEM

DEPTH = 8
_ROOM = DEPTH - 3  # at most this many wait before a look: it may find two, and the one under service keeps its place
_ZEROS = memoryview(bytes(REPORT_SIZE))
_SCANS = 40  # copies looked at after a control transfer: every ID's twice
_TRIES = 20  # immediate looks for the data of a setup packet, 60 us each: it comes in the same frame or the next
_RESET = bytes((I2C_RESET,))  # the one request of report A1 without parameters, but for that of the UART


class Inbox:
    """:param dpram: a ft260.dpram.Dpram; None: only exact lengths arrive
    :param dict devices: the usb_hid.Device of each report ID
    :param mailbox: a ft260.mailbox.Mailbox, to say "busy" as soon as something has arrived
    """

    def __init__(self, dpram, devices, mailbox):
        self._dpram, self._devices, self._mailbox = dpram, devices, mailbox
        self._queue = tuple(memoryview(bytearray(REPORT_SIZE)) for _ in range(DEPTH))
        self._first = self.waiting = 0
        self._twin = None  # a packet taken whose copy is not cleared yet
        self._ids = tuple(i for i in sorted(devices) if i in (SYSTEM, GPIO) or i >= I2C_READ)
        self._turn = 0
        self._scans = 0
        self._setup = None  # the packet of a control transfer not looked at yet
        self._pending = None  # the packet of a short SET_REPORT whose data is not there yet
        self._announced = 0  # ID of a SET_REPORT whose copy is expected
        self.on_feature = None  # called with (report_id, payload)
        for report_id in self._ids:
            devices[report_id].get_last_received_report(report_id)  # from before the bridge ran

    def look(self):
        """Takes the next thing that has arrived. Must come round every 8 ms, the host's polling interval."""
        dpram = self._dpram
        if dpram is None:
            for report_id in self._ids:
                copy = self._devices[report_id].get_last_received_report(report_id)
                if copy is not None:
                    self._deliver(report_id, copy)
        elif dpram.out is None:
            dpram.search()
        elif dpram.memory[dpram.out]:
            self._pick()
        elif self._pending:
            self._collect()
        elif self._setup or dpram.memory[MARK] != SEEN:
            self._announce()
        elif self._twin:
            self._examine(self._twin[0])
        elif self._scans:
            self._scan()

    def catch(self):
        """Takes the packet in the endpoint's buffer, if there is one, and notes a control transfer.

        To be called by whatever blocks for ms, before it returns to the interpreter's loop: there the endpoint is
        opened again, and a packet that waited meanwhile would replace this one.
        """
        dpram = self._dpram
        if dpram and dpram.out is not None:
            if dpram.memory[dpram.out]:
                self._pick()
            if dpram.memory[MARK] != SEEN:
                self._setup = dpram.setup()

    def pop(self):
        """Returns the oldest report, 64 bytes with the ID first, good until the next is popped. Only if `waiting`."""
        report = self._queue[self._first]
        self._first = (self._first + 1) % DEPTH
        self.waiting -= 1
        return report

    def _pick(self):
        self._mailbox.show(BUSY)  # first: the host may ask now. And the packet needs 43 us to come in whole.
        if self.waiting > _ROOM:
            return
        if self._twin:
            self._examine(self._twin[0])
        if self._dpram.memory[self._dpram.out]:
            self._take()

    def _take(self):
        self._twin = self._place()
        self._dpram.take(self._twin)

    def _place(self):
        place = self._queue[(self._first + self.waiting) % DEPTH]
        self.waiting += 1
        return place

    def _examine(self, report_id):
        """Clears the copy of one ID; delivers it if it is neither the last packet's nor that of one just come in."""
        twin, self._twin = self._twin, None
        copy = self._devices[report_id].get_last_received_report(report_id) if report_id in self._devices else None
        if copy is None or _is_copy(copy, report_id, twin):
            return
        if self._dpram.memory[self._dpram.out]:
            self._take()
            if _is_copy(copy, report_id, self._twin):
                self._twin = None
                return
        self._deliver(report_id, copy)

    def _announce(self):
        """Looks at the setup packet of a control transfer. No delay here: the next one overwrites it and its data."""
        setup = self._setup or self._dpram.setup()
        self._setup = None
        self._scans = _SCANS
        if not is_set_report(setup):
            return
        report_id, size = setup[2], setup[6]
        self._announced = 0
        if size == REPORT_SIZE and report_id in self._devices:
            self._announced = report_id  # CircuitPython keeps it
        elif report_id == SYSTEM and size == 2:
            self.on_feature(SYSTEM, _RESET)  # the data is still to come, but can only say this
        else:
            self._pending = setup
            for _ in range(_TRIES):
                if self._pending:
                    self._collect()

    def _collect(self):
        """Takes the data of a short SET_REPORT once it is there; gives it up when another transfer has begun."""
        data = self._dpram.data(self._pending)
        if data or self._dpram.memory[MARK] != SEEN:
            self._pending = None
        if data:
            self._deliver(data[0], data[1:])

    def _scan(self):
        """Looks for a copy of what came over endpoint 0: the announced one, else each ID's in turn."""
        self._scans -= 1
        if self.waiting > _ROOM:
            return
        report_id = self._announced
        if not report_id or not self._scans & 1:
            self._turn = (self._turn + 1) % len(self._ids)
            report_id = self._ids[self._turn]
        self._examine(report_id)

    def _deliver(self, report_id, payload):
        if report_id in (SYSTEM, GPIO):
            self.on_feature(report_id, payload)
        elif self.waiting < DEPTH:
            self._mailbox.show(BUSY)
            place = self._place()
            place[0] = report_id
            place[1 : 1 + len(payload)] = payload
            place[1 + len(payload) :] = _ZEROS[1 + len(payload) :]


def _is_copy(copy, report_id, packet):
    return packet is not None and packet[0] == report_id and copy == packet[1:]
