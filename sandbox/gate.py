# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Decides whether a slot is burnt, and keeps the ledger true while it is."""

from sandbox import ledger, light


class Gate:
    """The programmer's burn gate for one program and slot at a time.

    :param book: a Ledger
    :param int address: the chip's I2C address, its name where no serial number can be read
    :param bool always: burn without asking the ledger
    :param clock: returns the current tick
    :param lamp: the Light, which blinks from the moment a burn begins
    """

    def __init__(self, book, address, always, clock, lamp):
        self._book = book
        self._by_address = ledger.chip_by_address(address)
        self._always = always
        self._clock = clock
        self._light = lamp
        self._program = None
        self._slot = 0
        self._initial = False
        self.verdict = ledger.UNKNOWN

    def aim(self, program, slot, initial):
        """Sets what is to be burnt; `initial`: the file is only found again, nobody asked to burn it."""
        self._program = program
        self._slot = slot
        self._initial = initial

    def wants(self, status):
        """True when the slot is to be burnt; `verdict` is what the ledger says.

        :param status: the chip's Status, None where it cannot be read
        """
        wanted = self._decide(status)
        if wanted:
            self._light.work(self._clock(), light.PURPLE)
        return wanted

    def writing(self, status):
        """WRITE_PRG is about to be sent."""
        self._book.begin(self._chip(status), self._slot, self._program.crc, self._program.length)

    def written(self):
        """The burn is verified, as far as it can be."""
        self._book.confirm()

    def failed(self):
        """The chip reports a flash error."""
        self._book.fail()

    def _decide(self, status):
        self.verdict = self._ask(status)
        if self._initial and self.verdict != ledger.HELD and self._book.has_failed(self._chip(status)):
            return False
        if self.verdict == ledger.UNFINISHED:
            return not self._initial
        return self._always or self.verdict == ledger.UNKNOWN

    def _ask(self, status):
        state = self._book.state(self._chip(status), self._slot, self._program.crc, self._program.length)
        if state == ledger.HELD and status is not None and not status.slots >> self._slot & 1:
            return ledger.UNKNOWN
        return state

    def _chip(self, status):
        return self._by_address if status is None else ledger.chip_by_serial(status.serial)
