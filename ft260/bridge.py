# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FT260 as its host sees it: requests and settings come in as reports, data and status go back. No hardware.

One request at a time: `take` it, then `poll` until not `busy`. Each poll uses the bus once at most, so that its
caller may look after other things in between, or keep the bus to itself for a while by not polling.
"""

from ft260.controller import Controller
from ft260.reports import (
    BUSY,
    CLOCK_DEFAULT,
    GPIO,
    I2C_CLOCK,
    I2C_RESET,
    I2C_STATUS,
    OK,
    STATUS,
    SYSTEM,
    TIMEOUT,
    clock_khz,
    is_data,
    is_request,
)


class Bridge:
    """:param bus: write(address, data), read(address, into), write_then_read(address, data, into): each returns
        OK, ADDRESS_NAK, DATA_NAK or TIMEOUT of ft260.reports; set_clock(khz); recover() frees stuck lines
    :param port: where answers go: show(status), store(feature, payload), ready, send(report_id, payload)
    :param pins: the GPIO port, see ft260.pins.Pins
    :param timer: a waiting time of its own: start(ms), over
    :param bool held_status: while a START waits for its STOP, show 0x40 as the chip does, not 0x20
    :param tell: called with one sentence, at the first report that makes no sense and when a write is never ended
    """

    def __init__(self, bus, port, pins, timer, held_status=False, tell=None):
        self._bus, self._port, self._pins, self._tell = bus, port, pins, tell
        self._controller = Controller(bus, port, timer, held_status)
        self._clock = bytearray((BUSY, CLOCK_DEFAULT, 0, 0))  # report C0
        self._touched = False
        self.requests = 0  # read and write requests so far
        self.rejected = 0  # reports that made no sense

    def start(self, missed):
        """Shows that requests are taken from now on. `missed`: one came before, and nothing was done about it."""
        self._port.store(I2C_STATUS, self._clock)
        self._port.store(GPIO, self._pins.state())
        self._controller.show(STATUS[TIMEOUT if missed else OK])

    def occupy(self):
        """The board is about its own work and may not notice a request at once: the host sees busy until `free`."""
        self._port.show(BUSY)

    def free(self):
        """Requests are noticed at once again."""
        if not self._controller.busy:
            self._port.show(self._controller.status)

    def take(self, report):
        """Accepts one output report. Only while not `busy`.

        :param report: 64 bytes, ID first, missing ones 0; must stay unchanged while `busy`. The port shows it as busy
        """
        if not is_data(report[0]):
            self._reject(report[0])
            self._controller.show(self._controller.status)
            return
        self._touched = True
        self.requests += 1
        if is_request(report):
            self._controller.begin(report)
        else:
            self._reject(report[0])
            self._controller.refuse()

    def refuse(self):
        """A request was lost on its way: the host is told, and what it belonged to is not carried out."""
        self._controller.refuse()

    def set_feature(self, report_id, payload):
        """Accepts one SET_REPORT(Feature) at any time; `payload` without the ID, of any length."""
        if report_id == SYSTEM and len(payload) >= 1:
            self._set_system(payload)
        elif report_id == GPIO and len(payload) >= 4:
            self._pins.set(payload)
            self._port.store(GPIO, self._pins.state())
        else:
            self._reject(report_id)

    def _set_system(self, payload):
        if payload[0] == I2C_RESET:
            self._touched = True
            self._controller.reset()
        elif payload[0] == I2C_CLOCK:
            self._touched = True
            low = payload[1] if len(payload) > 1 else 0
            high = payload[2] if len(payload) > 2 else 0
            self._set_clock(clock_khz(low, high))
        # All other requests concern what this bridge does not have: accepted.

    def _set_clock(self, khz):
        self._bus.set_clock(khz)
        clock = self._clock
        clock[0], clock[1], clock[2] = self._controller.status, khz & 0xFF, khz >> 8
        self._port.store(I2C_STATUS, clock)
        self._controller.show(self._controller.status)

    def _reject(self, report_id):
        self.rejected += 1
        if self.rejected == 1 and self._tell:
            self._tell("bridge: ignored a senseless report, ID {:02X}; more are only counted".format(report_id))

    @property
    def busy(self):
        """True from `take` until the request is done and its data on the way."""
        return self._controller.busy

    def used(self):
        """True if there was a request, a reset or a clock setting since the last call, or one is under service."""
        touched, self._touched = self._touched, False
        return touched or self._controller.busy

    def let_go(self):
        """Nobody uses the bridge any more: a write that was begun and never ended is dropped. Not while `busy`."""
        left = self._controller.let_go()
        if left and self._tell:
            sentence = "bridge: a PC program began a write to 0x{:02X} and never ended it: {} bytes not sent"
            self._tell(sentence.format(*left))

    def poll(self):
        """Does the next step of the request under service, if there is one; else looks after the pins."""
        if self._controller.busy:
            self._controller.step()
        else:
            self._pins.poll(self._port)
