# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The parts of an expression: words, and the characters of operators and parentheses."""

OPEN = 0x28
CLOSE = 0x29
MINUS = 0x2D
SIGNS = b"+-"
ENDS = b" \t\x0b\x0c()<>|&+-*/^\x01\x02"
BLANKS = b" \t\x0b\x0c"
# A shift is two characters; where there are two, the first one becomes this.
LEFT = b"\x01"
RIGHT = b"\x02"

# How tightly the operators bind, above their character. A minus in front of a number or name binds most tightly.
LEVELS = {1: 0x101, 2: 0x102, 0x7C: 0x27C, 0x26: 0x226, 0x2B: 0x32B, 0x2D: 0x32D, 0x2A: 0x42A, 0x2F: 0x42F, 0x5E: 0x55E}
POWER = 0x55E
SIGN = 0x600


def parts(text):
    """Returns the list of parts: bytes and, for operators and parentheses, int."""
    found = []
    start = -1
    at = 0
    ends = ENDS
    if b"<" in text or b">" in text:
        text = text.replace(b"<<", LEFT + b" ").replace(b">>", RIGHT + b" ")
    for character in text:  # enumerate would make a tuple of each
        if character in ends:
            if start >= 0:
                found.append(text[start:at])
                start = -1
            if character not in BLANKS:
                found.append(text[at : at + 1] if character in b"<>" else character)
        elif start < 0:
            start = at
        at = at + 1
    if start >= 0:
        found.append(text[start:])
    return found


def place(text, found, i):
    """Returns where part i begins in the text; the parts may be operands too."""
    at = 0
    for part in found[: i + 1]:
        word = part if type(part) is bytes else (bytes((part,)) if part > 2 else b"<<>>"[part * 2 - 2 : part * 2])
        at = text.find(word, at) + len(word)
    return at - len(word)
