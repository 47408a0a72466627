# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The reserved words: names of bits and choices that stand for a number in an operand."""

# By their first letter: name and value, hexadecimal. CHR, PITCH and SET have some; FLAGS, SWITCH, PIN and BOOTSTAT the
# others. Bit 0 of FLAGS has two names.
TABLE = {
    0x4C: b" LFO0 0 LFO1 2 LFO2 4 LFO3 6 L512 0 L1024 4 L2048 8 L4096 C ",
    0x53: (
        b" SIN 0 SW0 1 SW1 2 SW2 4 SW3 8 SW4 10 SW0DB 1 SW1DB 2 SW2DB 4 SW3DB 8 SW4DB 10 SW0RE 20 "
        b"SW1RE 40 SW2RE 80 SW3RE 100 SW4RE 200 SW0PE 400 SW1PE 800 SW2PE 1000 SW3PE 2000 SW4PE 4000 "
    ),
    0x43: b" COS 1 ",
    0x50: (
        b" POS 0 PLLRANGE0 1 PLLRANGE1 2 PR0 1 PR1 2 PR2 4 PR3 8 PR4 10 PR5 20 PR6 40 PR7 80 PR8 100 "
        b"PR9 200 PR10 400 PR11 800 PR12 1000 PR13 2000 PR14 4000 PR15 8000 "
    ),
    0x4E: b" NEG 8 NEWTT 8 ",
    0x52: b" RMP0 0 RMP1 1 ",
    0x58: b" XF0 0 XF1 10 XF2 20 XF3 30 ",
    0x55: b" USER0 0 USER1 20 ",
    0x4F: b" OUT3OFLO 8000 OUT2OFLO 4000 OUT1OFLO 2000 OUT0OFLO 1000 ",
    0x49: (
        b" IN3OFLO 800 IN2OFLO 400 IN1OFLO 200 IN0OFLO 100 I2CA0 8 I2CA1 10 I2CA2 20 I2CA3 40 I2CA4 80 "
        b"I2CA5 100 I2CA6 200 "
    ),
    0x54: b" TB2NTB1 20 TAPSTKY 10 TAPRE 4 TAPPE 2 TAPLVL 1 TAPDB 1 TAP 40 ",
    0x45: b" ENABLEDB 8000 ENABLE 20 ",
    0x4D: b" MNS 4 ",
}


def find(word):
    """Returns the value of the word (bytes, upper case), or None."""
    group = TABLE.get(word[0]) if word else None
    if group is None:
        return None
    key = b" " + word + b" "
    at = group.find(key)
    if at < 0:
        return None
    at += len(key)
    return int(group[at : group.find(b" ", at)], 16)


def words():
    """Returns the list of all words."""
    return [word for group in TABLE.values() for word in group.split()[::2]]
