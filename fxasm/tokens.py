# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The words and operators of an expression."""

# The operators: in the upper half how tightly they bind, in the lower one their character. A minus in front of a
# number or name binds most tightly.
OPEN = 0
CLOSE = -1
SIGN = 0x600
LEVELS = {
    b"(": OPEN,
    b")": CLOSE,
    b"<<": 0x13C,
    b">>": 0x13E,
    b"|": 0x27C,
    b"&": 0x226,
    b"+": 0x32B,
    b"-": 0x32D,
    b"*": 0x42A,
    b"/": 0x42F,
    b"^": 0x55E,
}
MINUS = 0x32D
POWER = 0x55E
SIGNS = (0x32B, MINUS)
ENDS = b" \t\x0b\x0c()<>|&+-*/^"


def tokens(text):
    """Returns the list of words and operators."""
    for mark in LEVELS:
        if mark in text:
            text = text.replace(mark, b" " + mark + b" ")
    return text.split()


def place(text, parts, i):
    """Returns where part i begins in the text."""
    at = 0
    for part in parts[:i]:
        at = text.find(part, at) + len(part)
    return text.find(parts[i], at)
