# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip's 12-byte status: what it says, and whether it can be believed."""

from fxcore import protocol
from fxcore.errors import (
    ADDRESS_NAK,
    CHIP_ERROR,
    DATA_NAK,
    FLASH_ERROR,
    NOT_RECEIVED,
    STATUS_UNREADABLE,
    Fault,
)

STATUS_LENGTH = 12


class Status:
    """The 12 status bytes; read into `raw`, looked at through the properties."""

    def __init__(self):
        self.raw = bytearray(STATUS_LENGTH)

    @property
    def transfer_state(self):
        """Bit 0 CREG, 1 SFR, 2 MREG, 3 any register block, 4 program received."""
        return self.raw[0]

    @property
    def command_status(self):
        """0, or the error that `error_name` names."""
        return self.raw[1]

    @property
    def slots(self):
        """Bit n is set when slot n holds a program."""
        return self.raw[4] | self.raw[5] << 8

    @property
    def device_id(self):
        """16-bit device and production version."""
        return self.raw[6] | self.raw[7] << 8

    @property
    def serial(self):
        """Serial number as 4 bytes, low first."""
        return bytes(self.raw[8:12])

    @property
    def identity(self):
        """Device ID and serial number as read, 6 bytes."""
        return bytes(self.raw[6:12])

    @property
    def plausible(self):
        """False for a read that cannot be a status: twelve equal bytes, as a free or dead bus gives."""
        return any(byte != self.raw[0] for byte in self.raw)


class StatusReader:
    """Reads the status of the chip behind `port` and judges it. What it refuses is raised as a Fault."""

    def __init__(self, port):
        self._port = port
        self._identity = None
        self.status = Status()

    def identify(self):
        """Reads the status right after ENTER_PRG and remembers which chip it is."""
        self.forget()
        self.check("ENTER_PRG")
        self._identity = self.status.identity

    @property
    def known(self):
        """True while `status` is that of the chip that is there."""
        return self._identity is not None

    def forget(self):
        """Perhaps another chip, or another state of this one, from now on."""
        self._identity = None

    def check(self, what, received=0):
        """Reads the status after `what`: plausible, without error, with the `received` bits of the transfer state."""
        self.read()
        self.refuse_error(what)
        if self.status.transfer_state & received != received:
            raise Fault(NOT_RECEIVED, "the chip does not confirm the {} block".format(what))

    def read(self):
        """Reads the status; STATUS_UNREADABLE where nothing can be concluded from it."""
        try:
            self._port.read_into(self.status.raw)
        except Fault as fault:
            if fault.code in (ADDRESS_NAK, DATA_NAK):
                raise Fault(STATUS_UNREADABLE, "the chip does not answer the status read")
            raise
        if not self.status.plausible:
            raise Fault(STATUS_UNREADABLE, "its twelve bytes are all {:02X}".format(self.status.raw[0]))
        if self._identity is not None and self._identity != self.status.identity:
            raise Fault(STATUS_UNREADABLE, "it names another device ID or serial number than before")

    def refuse_error(self, what):
        """Raises the error that the last status read names, if any."""
        code = self.status.command_status
        if code:
            detail = "{:02X}, {}, after {}".format(code, protocol.error_name(code), what)
            raise Fault(FLASH_ERROR if protocol.is_flash_error(code) else CHIP_ERROR, detail)
