# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The flash chip of an RP2040 board with 2 MiB, as CircuitPython divides it. Offsets count from the chip's start."""

# Where the RP2040 sees its flash (datasheet 2.2.1), and the family ID of its UF2 files.
XIP_BASE = 0x10000000
FAMILY_RP2040 = 0xE48BFF56

# What one UF2 block holds and flash programs; what flash erases.
PAGE = 256
SECTOR = 4096

# The interpreter may fill what is below microcontroller.nvm, where the slot ledger lives.
NVM = 0xFF000
DRIVE = 0x100000
DRIVE_SIZE = 0x100000
END = DRIVE + DRIVE_SIZE
