# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FT260 as its host sees it: requests and settings come in as reports, data and status go back. No hardware.

One request at a time: `take` it, then `poll` until not `busy`. Each poll uses the bus once at most, so that its
caller may look after other things in between, or keep the bus to itself for a while by not polling.
"""

from ft260.controller import Controller
from ft260.reports import (
    ADDRESS_LAST,
    BUSY,
    CHUNK,
    CLOCK_DEFAULT,
    FLAGS,
    GPIO,
    HEADER,
    I2C_CLOCK,
    I2C_DATA,
    I2C_DATA_LAST,
    I2C_READ,
    I2C_RESET,
    OK,
    REPORT_SIZE,
    SHORTEST,
    STATUS,
    SYSTEM,
    TIMEOUT,
    clock_khz,
)


class Bridge:
    """:param bus: write(address, data), read(address, into), write_then_read(address, data, into): each returns
        OK, ADDRESS_NAK, DATA_NAK or TIMEOUT of ft260.reports; set_clock(khz); recover() frees stuck lines
    :param port: where data goes: ready, send(report_id, payload)
    :param pins: the GPIO port, see ft260.pins.Pins
    :param timer: a waiting time of its own: start(ms), over
    :param bool held_status: while a START waits for its STOP, show 0x40 as the chip does, not 0x20
    :param tell: called with one sentence, at the first report that makes no sense and when a write is never ended

    `busy`: from `take` until the request is done and its data on the way.
    """

    def __init__(self, bus, port, pins, timer, held_status=False, tell=None):
        self._bus, self._pins, self._tell = bus, pins, tell
        self._controller = Controller(bus, port, timer, held_status)
        self._state = bytearray((BUSY, CLOCK_DEFAULT, 0, 0))  # report C0
        self._touched = self.busy = False
        self.requests = 0  # read and write requests so far
        self.rejected = 0  # reports that made no sense

    def start(self, missed):
        """Requests are taken from now on. `missed`: one came before, and nothing was done about it."""
        self._controller.status = STATUS[TIMEOUT if missed else OK]

    def answer(self, report_id, waits):
        """Returns the content of report C0 or B0 as it is now, without the ID. `waits`: another request has arrived."""
        if report_id == GPIO:
            return self._pins.state()
        self._state[0] = BUSY if waits or self.busy else self._controller.status
        return self._state

    def take(self, report):
        """Accepts one output report. Only while not `busy`.

        :param report: ID first, of any length: missing bytes are 0. Must stay unchanged while `busy`
        """
        size = len(report)
        if size < REPORT_SIZE and (size < SHORTEST or size < HEADER + report[3]):
            report = report + bytes(REPORT_SIZE - size)
        report_id, controller = report[0], self._controller
        writing = I2C_DATA <= report_id <= I2C_DATA_LAST
        if not writing and report_id != I2C_READ:
            self._reject(report_id)
            return
        self._touched = True
        self.requests += 1
        # The length byte of a write says how many data bytes are meant, not the ID nor the length of the report.
        if report[1] > ADDRESS_LAST or report[2] not in FLAGS or writing and report[3] > CHUNK:
            self._reject(report_id)
            controller.refuse()
        else:
            controller.begin(report)
            self.busy = controller.busy

    def set_feature(self, report_id, payload):
        """Accepts one SET_REPORT(Feature) at any time; `payload` without the ID, of any length."""
        if report_id == SYSTEM and len(payload) >= 1:
            self._set_system(payload)
        elif report_id == GPIO and len(payload) >= 4:
            self._pins.set(payload)
        else:
            self._reject(report_id)

    def _set_system(self, payload):
        if payload[0] == I2C_RESET:
            self._touched = True
            self._controller.reset()
            self.busy = False
        elif payload[0] == I2C_CLOCK:
            self._touched = True
            low = payload[1] if len(payload) > 1 else 0
            high = payload[2] if len(payload) > 2 else 0
            khz = clock_khz(low, high)
            self._bus.set_clock(khz)
            self._state[1], self._state[2] = khz & 0xFF, khz >> 8
        # All other requests concern what this bridge does not have: accepted.

    def _reject(self, report_id):
        self.rejected += 1
        if self.rejected == 1 and self._tell:
            self._tell("bridge: ignored a senseless report, ID {:02X}; more are only counted".format(report_id))

    def used(self):
        """True if there was a request, a reset or a clock setting since the last call, or one is under service."""
        touched, self._touched = self._touched, False
        return touched or self.busy

    def let_go(self):
        """Nobody uses the bridge any more: a write that was begun and never ended is dropped. Not while `busy`."""
        left = self._controller.let_go()
        if left and self._tell:
            sentence = "bridge: a PC program began a write to 0x{:02X} and never ended it: {} bytes not sent"
            self._tell(sentence.format(*left))

    def poll(self):
        """Does the next step of the request under service. Only while `busy`."""
        self._controller.step()
        self.busy = self._controller.busy
