# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FXCore's registers: names, numbers, what a program may do with them, and where their presets lie.

A register is (bank, number). Banks: `CORE` (R0..R15, ACC32, FLAGS), `MREGS` (MR0..MR127), `SFRS` (the table).
"""

CORE = 0x63
MREGS = 0x6D
SFRS = 0x73

ACC32 = 16
FLAGS = 17
LAST_MREG = 127
LAST_SFR = 48

# Name, number, access in a program (r: CPY_CS, w: CPY_SC, -: none), and where there is a preset its first bit and its
# width in the 48 bytes of the section SFR. Above 48 the chip has no number that an instruction could name.
TABLE = b"""
IN0 0 r
IN1 1 r
IN2 2 r
IN3 3 r
OUT0 4 w
OUT1 5 w
OUT2 6 w
OUT3 7 w
PIN 8 r
SWITCH 9 r
POT0_K 10 rw 0 5
POT1_K 11 rw 5 5
POT2_K 12 rw 10 5
POT3_K 13 rw 15 5
POT4_K 14 rw 20 5
POT5_K 15 rw 25 5
POT0 16 r
POT1 17 r
POT2 18 r
POT3 19 r
POT4 20 r
POT5 21 r
POT0_SMTH 22 r
POT1_SMTH 23 r
POT2_SMTH 24 r
POT3_SMTH 25 r
POT4_SMTH 26 r
POT5_SMTH 27 r
LFO0_F 28 rw 32 32
LFO1_F 29 rw 64 32
LFO2_F 30 rw 96 32
LFO3_F 31 rw 128 32
RAMP0_F 32 rw 160 32
RAMP1_F 33 rw 192 32
LFO0_S 34 r
LFO0_C 35 r
LFO1_S 36 r
LFO1_C 37 r
LFO2_S 38 r
LFO2_C 39 r
LFO3_S 40 r
LFO3_C 41 r
RAMP0_R 42 r
RAMP1_R 43 r
MAXTEMPO 44 rw 224 32
TAPTEMPO 45 r 256 32
SAMPLECNT 46 r
NOISE 47 r
BOOTSTAT 48 r
TAPSTKRLD 117 - 288 16
TAPDBRLD 118 - 304 16
SWDBRLD 119 - 320 16
PRGDBRLD 120 - 336 16
OFLRLD 121 - 352 16
USR0 998 - 368 1
USR1 999 - 369 1
"""


def find(name):
    """Returns (bank, number) of the register's name (bytes, upper case), or None. Aliases are not known here."""
    if name == b"ACC32":
        return CORE, ACC32
    if name == b"FLAGS":
        return CORE, FLAGS
    first = name[:1]
    if first == b"R" and _counts(name, 1, 15):
        return CORE, int(name[1:])
    if first == b"M" and name[:2] == b"MR" and _counts(name, 2, LAST_MREG):
        return MREGS, int(name[2:])
    row = _row(b"\n" + name + b" ")
    return (SFRS, int(row[1])) if row else None


def sfr(number):
    """Returns (name, access, first bit of the preset, its width) of a special function register, or None.

    The width is 0 where there is no preset.
    """
    row = _row(b" %d " % number)
    if not row:
        return None
    return row[0], row[2], int(row[3]) if row[3:] else 0, int(row[4]) if row[4:] else 0


def name(bank, number):
    """Returns the name (bytes) of a register that exists."""
    if bank == SFRS:
        return _row(b" %d " % number)[0]
    if bank == MREGS:
        return b"MR%d" % number
    return b"R%d" % number if number < ACC32 else (b"FLAGS" if number == FLAGS else b"ACC32")


def names():
    """Returns the list of all names."""
    core = [name(CORE, number) for number in range(FLAGS + 1)]
    return core + [name(MREGS, number) for number in range(LAST_MREG + 1)] + [row.split(b" ")[0] for row in _rows()]


def _rows():
    return [row for row in TABLE.split(b"\n") if row]


def _counts(name, start, last):
    """True if the name goes on with a number 0..last as it is usually written."""
    digits = name[start:]
    return digits.isdigit() and int(digits) <= last and (len(digits) == 1 or digits[0] != 0x30)


def _row(key):
    """Returns the columns of the row that holds the key, or None. A number is found by its access behind it."""
    at = TABLE.find(key)
    while at >= 0:
        start = TABLE.rfind(b"\n", 0, at + 1) + 1
        row = TABLE[start : TABLE.find(b"\n", start)].split(b" ")
        if at < start or row[1] == key[1:-1]:
            return row
        at = TABLE.find(key, at + 1)
    return None
