# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bus as PC programs use it through the bridge, and what their traffic means for the chip."""

from ft260 import reports
from fxcore import protocol
from fxcore.errors import ADDRESS_NAK, DATA_NAK, Fault
from sandbox.playing import PC

RESULTS = {ADDRESS_NAK: reports.ADDRESS_NAK, DATA_NAK: reports.DATA_NAK}


class PcBus:
    """What ft260.bridge.Bridge wants of a bus: transfers that return a result of ft260.reports.

    :param bus: the one sandbox.bus.Bus
    :param int address: the FXCore's; writes to it are shown to `traffic`, and never changed
    """

    def __init__(self, bus, address, traffic):
        self._bus = bus
        self._address = address
        self._traffic = traffic
        self.set_clock(reports.CLOCK_DEFAULT)

    def set_clock(self, khz):
        """The clock of the transfers from now on. The programmer's own are not touched."""
        self._hz = khz * 1000

    def recover(self):
        """Frees a stuck bus."""
        self._bus.recover()

    def write(self, address, data):
        """One write; returns a result."""
        return self._watched(address, data, None)

    def read(self, address, into):
        """One read that fills `into`; returns a result."""
        return self._transfer(address, None, into)

    def write_then_read(self, address, data, into):
        """Both with a repeated START; returns a result."""
        return self._watched(address, data, into)

    def _watched(self, address, data, into):
        if address != self._address:
            return self._transfer(address, data, into)
        self._traffic.before(data)
        result = self._transfer(address, data, into)
        if result == reports.OK:
            self._traffic.after(data)
        elif result != reports.ADDRESS_NAK:
            self._traffic.broken()
        return result

    def _transfer(self, address, data, into):
        try:
            self._bus.transfer(self._hz, address, data, into)
        except Fault as fault:
            return RESULTS.get(fault.code, reports.TIMEOUT)
        return reports.OK


class Traffic:
    """Draws conclusions from what a PC program writes to the FXCore.

    :param on_run: called when the PC program runs something
    """

    def __init__(self, address, chip, playing, ledger, on_run):
        self._address = address
        self._chip = chip
        self._playing = playing
        self._ledger = ledger
        self._on_run = on_run

    def before(self, data):
        """About to be written: a slot that is burnt holds something unknown from now on."""
        if len(data) == 2 and data[:1] == protocol.WRITE_PRG and data[1] < protocol.SLOTS:
            self._ledger.forget(self._address, data[1])

    def after(self, data):
        """Has been written and acknowledged."""
        if len(data) > 3:
            return  # a block
        if data == protocol.EXEC_FROM_RAM:
            self._chip.foreign(False)
            self._playing.runs(PC)
            self._on_run()
        elif data in (protocol.RETURN_0, protocol.EXIT_PRG):
            self._playing.ends()
            self._chip.foreign(data == protocol.RETURN_0)
        elif data[:2] == protocol.ENTER_PRG:  # what plays from RAM may play on
            self._chip.foreign(True)
        elif data[:1] == protocol.WRITE_PRG:
            self._chip.foreign(self._playing.left_open)

    def broken(self):
        """Has been written in part: whatever it asked for, the chip may have done."""
        self._chip.foreign(True)
