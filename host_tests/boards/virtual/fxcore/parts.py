# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The numbers of the FXCore protocol as the virtual chip knows them; nothing is shared with the device code."""

from typing import NamedTuple

OFF, LOCKED_UP, RUN = "OFF", "LOCKED_UP", "RUN"
PROGRAMMING, RUNNING_FROM_RAM = "PROGRAMMING", "RUNNING_FROM_RAM"

ENTER_PRG, EXIT_PRG, RETURN_0 = b"\xa5\x5a", b"\x5a\xa5", b"\x0e\x00"  # the first one is followed by the address

# First byte of a two-byte command: its name. XFER_PRG has four (0x08..0x0B), the low two bits being part of the count.
COMMANDS = {
    0x01: "XFER_CREG",
    0x02: "XFER_SFR",
    0x04: "XFER_MREG",
    **dict.fromkeys(range(0x08, 0x0C), "XFER_PRG"),
    0x0C: "WRITE_PRG",
    0x0D: "EXEC_FROM_RAM",
    0x0E: "RETURN_0",
}
REGISTER_WORDS = {"CREG": 16, "SFR": 12, "MREG": 128}

# Bits of status byte 0.
REGISTERS_RECEIVED, PROGRAM_RECEIVED = 0x08, 0x10
RECEIVED = {"CREG": 0x01, "SFR": 0x02, "MREG": 0x04, "PRG": PROGRAM_RECEIVED}

# Values of status byte 1.
NO_ERROR, UNKNOWN_COMMAND, WRONG_LENGTH, OUT_OF_RANGE, NOT_ALLOWED = 0x00, 0xFF, 0xFE, 0xFD, 0xFC
WRONG_SUM, TRANSFER_FAULT, PROGRAM_TOO_LONG = 0x80, 0x40, 0x4F
FLASH_ERRORS = range(0x10, 0x40)


def with_sum(data: bytes) -> bytes:
    """The block: data and its 16-bit sum, low byte first."""
    return data + (sum(data) & 0xFFFF).to_bytes(2, "little")


class Image(NamedTuple):
    """The four blocks of a program as they came over the wire, sums included."""

    creg: bytes
    mreg: bytes
    sfr: bytes
    program: bytes


# What the chip has in RAM before anything was sent: reset values of the registers and no program.
SFR_RESET = b"".join(word.to_bytes(4, "little") for word in (0x14A5294A, *[0] * 6, 0x7FFF, 0)) + bytes.fromhex(
    "a08c e001 e001 6009 c003 0000"
)
RESET_IMAGE = Image(with_sum(bytes(64)), with_sum(bytes(512)), with_sum(SFR_RESET), b"")
FACTORY_IMAGE = RESET_IMAGE._replace(program=with_sum(bytes(4)))  # what a slot holds when the chip is new
