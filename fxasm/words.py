# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The reserved words: names of bits and choices that stand for a number in an operand."""

# Name and value, hexadecimal. CHR, PITCH and SET; then FLAGS, SWITCH, PIN and BOOTSTAT. Bit 0 of FLAGS has two names.
TABLE = b"""
LFO0 0
LFO1 2
LFO2 4
LFO3 6
SIN 0
COS 1
POS 0
NEG 8
RMP0 0
RMP1 1
L512 0
L1024 4
L2048 8
L4096 C
XF0 0
XF1 10
XF2 20
XF3 30
USER0 0
USER1 20
OUT3OFLO 8000
OUT2OFLO 4000
OUT1OFLO 2000
OUT0OFLO 1000
IN3OFLO 800
IN2OFLO 400
IN1OFLO 200
IN0OFLO 100
TB2NTB1 20
TAPSTKY 10
NEWTT 8
TAPRE 4
TAPPE 2
TAPLVL 1
TAPDB 1
SW0 1
SW1 2
SW2 4
SW3 8
SW4 10
SW0DB 1
SW1DB 2
SW2DB 4
SW3DB 8
SW4DB 10
SW0RE 20
SW1RE 40
SW2RE 80
SW3RE 100
SW4RE 200
SW0PE 400
SW1PE 800
SW2PE 1000
SW3PE 2000
SW4PE 4000
ENABLEDB 8000
ENABLE 20
TAP 40
PLLRANGE0 1
PLLRANGE1 2
MNS 4
I2CA0 8
I2CA1 10
I2CA2 20
I2CA3 40
I2CA4 80
I2CA5 100
I2CA6 200
PR0 1
PR1 2
PR2 4
PR3 8
PR4 10
PR5 20
PR6 40
PR7 80
PR8 100
PR9 200
PR10 400
PR11 800
PR12 1000
PR13 2000
PR14 4000
PR15 8000
"""


def find(word):
    """Returns the value of the word (bytes, upper case), or None."""
    key = b"\n" + word + b" "
    at = TABLE.find(key)
    if at < 0:
        return None
    return int(TABLE[at + len(key) : TABLE.find(b"\n", at + 1)], 16)


def words():
    """Returns the list of all words."""
    return [row.split(b" ")[0] for row in TABLE.split(b"\n") if row]
