# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FXCore's I2C programming protocol: commands and the 12-byte status.

Commands are big-endian and are written on their own; the block that an XFER command announces follows in a
write of its own. A plain read of 12 bytes gives the status.
"""

from fxcore.program import CREG, MREG, PRG, SFR

ENTER_PRG = b"\xa5\x5a"  # the address follows
EXIT_PRG = b"\x5a\xa5"
XFER_CREG = b"\x01\x0f"
XFER_SFR = b"\x02\x0b"
XFER_MREG = b"\x04\x7f"
EXEC_FROM_RAM = b"\x0d\x00"
RETURN_0 = b"\x0e\x00"
WRITE_PRG = b"\x0c"  # the slot follows

DEFAULT_ADDRESS = 0x30
SLOTS = 16

# The order in which blocks are sent, with the bit of the transfer state that says a block was received.
TRANSFERS = ((CREG, 0x01), (MREG, 0x04), (SFR, 0x02), (PRG, 0x10))

FLASH_ERRORS = {
    0x1F: "flash erase error, stage 1",
    0x2F: "flash erase error, stage 2",
    0x3F: "flash erase error, stage 3",
}
COMMAND_ERRORS = {
    0xFF: "unknown command",
    0xFE: "command length wrong",
    0xFD: "parameter out of range",
    0xFC: "command not allowed in this state",
    0x80: "block checksum mismatch",
    0x4F: "program too long",
}


def enter_prg(address):
    """Returns ENTER_PRG for the 7-bit I2C address."""
    return ENTER_PRG + bytes((address,))


def write_prg(slot):
    """Returns WRITE_PRG for slot 0..15."""
    return WRITE_PRG + bytes((slot,))


def xfer(section, program):
    """Returns the XFER command of a section; its low byte is the number of 32-bit words minus 1."""
    if section is PRG:
        count = program.instructions - 1
        return bytes((0x08 + (count >> 8), count & 0xFF))
    return {"CREG": XFER_CREG, "SFR": XFER_SFR, "MREG": XFER_MREG}[section.name]


def is_flash_error(code):
    """True for the command states 1x, 2x and 3x: erasing or writing the flash failed."""
    return 0x10 <= code <= 0x3F


def error_name(code):
    """Returns the chip's own name of command status `code` (not 0)."""
    if is_flash_error(code):
        return FLASH_ERRORS.get(code, "flash write error")
    if code in COMMAND_ERRORS:
        return COMMAND_ERRORS[code]
    return "transfer fault, state reset" if code >> 4 == 4 else "undocumented error"
