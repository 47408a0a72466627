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

# By the first letter: name, number, access in a program (r: CPY_CS, w: CPY_SC, -: none), and where there is a preset
# its first bit and its width in the 48 bytes of the section SFR. Above 48 the chip has no number that an instruction
# could name.
TABLE = {
    0x42: b"""
BOOTSTAT 48 r
""",
    0x49: b"""
IN0 0 r
IN1 1 r
IN2 2 r
IN3 3 r
""",
    0x4C: b"""
LFO0_F 28 rw 32 32
LFO1_F 29 rw 64 32
LFO2_F 30 rw 96 32
LFO3_F 31 rw 128 32
LFO0_S 34 r
LFO0_C 35 r
LFO1_S 36 r
LFO1_C 37 r
LFO2_S 38 r
LFO2_C 39 r
LFO3_S 40 r
LFO3_C 41 r
""",
    0x4D: b"""
MAXTEMPO 44 rw 224 32
""",
    0x4E: b"""
NOISE 47 r
""",
    0x4F: b"""
OUT0 4 w
OUT1 5 w
OUT2 6 w
OUT3 7 w
OFLRLD 121 - 352 16
""",
    0x50: b"""
PIN 8 r
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
PRGDBRLD 120 - 336 16
""",
    0x52: b"""
RAMP0_F 32 rw 160 32
RAMP1_F 33 rw 192 32
RAMP0_R 42 r
RAMP1_R 43 r
""",
    0x53: b"""
SWITCH 9 r
SAMPLECNT 46 r
SWDBRLD 119 - 320 16
""",
    0x54: b"""
TAPTEMPO 45 r 256 32
TAPSTKRLD 117 - 288 16
TAPDBRLD 118 - 304 16
""",
    0x55: b"""
USR0 998 - 368 1
USR1 999 - 369 1
""",
}


def find(name):
    """Returns (bank, number) of the register's name (bytes, upper case), or None. Aliases are not known here."""
    if name == b"ACC32":
        return CORE, ACC32
    if name == b"FLAGS":
        return CORE, FLAGS
    if not name:
        return None
    first = name[0]
    if first == 0x52 and _counts(name, 1, 15):
        return CORE, int(name[1:])
    if first == 0x4D and name[:2] == b"MR" and _counts(name, 2, LAST_MREG):
        return MREGS, int(name[2:])
    rows = TABLE.get(first)
    if rows is None:
        return None
    at = rows.find(b"\n" + name + b" ")
    return None if at < 0 else (SFRS, int(_columns(rows, at + 1)[1]))


def sfr(number):
    """Returns (name, access, first bit of the preset, its width) of a special function register, or None.

    The width is 0 where there is no preset.
    """
    row = _row(number)
    if row is None:
        return None
    return row[0], row[2], int(row[3]) if row[3:] else 0, int(row[4]) if row[4:] else 0


def name(bank, number):
    """Returns the name (bytes) of a register that exists."""
    if bank == SFRS:
        return _row(number)[0]
    if bank == MREGS:
        return b"MR%d" % number
    return b"R%d" % number if number < ACC32 else (b"FLAGS" if number == FLAGS else b"ACC32")


def names():
    """Returns the list of all names."""
    core = [name(CORE, number) for number in range(FLAGS + 1)]
    mregs = [name(MREGS, number) for number in range(LAST_MREG + 1)]
    return core + mregs + [row.split(b" ")[0] for rows in TABLE.values() for row in rows.split(b"\n") if row]


def _counts(name, start, last):
    """True if the name goes on with a number 0..last as it is usually written."""
    digits = name[start:]
    return digits.isdigit() and int(digits) <= last and (len(digits) == 1 or digits[0] != 0x30)


def _row(number):
    """Returns the columns of the special function register of this number, or None."""
    key = b" %d " % number
    for rows in TABLE.values():
        at = rows.find(key)
        while at >= 0:
            columns = _columns(rows, rows.rfind(b"\n", 0, at) + 1)
            if columns[1] == key[1:-1]:
                return columns
            at = rows.find(key, at + 1)
    return None


def _columns(rows, start):
    return rows[start : rows.find(b"\n", start)].split(b" ")
