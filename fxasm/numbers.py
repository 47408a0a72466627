# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Numbers: decimal, with a point or without, hexadecimal, binary."""

from fxasm.errors import SourceFault, show
from fxasm.exact import fraction

# What was in an expression beside whole decimal numbers, at any depth.
POINT = 1
HEXADECIMAL = 2  # or binary


def number(word, signed):
    """Returns (value, flags) of a word that is no name; raises SourceFault.

    :param bool signed: there is a minus before it
    """
    left, point, right = word.partition(b".")
    digits = left + right
    if point and digits.isdigit():
        return fraction(int(digits), 10 ** len(right)), POINT
    prefix = word[:2]
    if prefix == b"0X" or prefix == b"0B":
        if signed:
            raise SourceFault("bad-number", word, 0, "write 0-{}".format(show(word)))
        return (
            _based(word, word[2:], 16) if prefix == b"0X" else _based(word, word[2:].replace(b"_", b""), 2)
        ), HEXADECIMAL
    if digits.isdigit():
        return int(digits), 0
    if point or word[0] in b"0123456789$":
        raise SourceFault("bad-number", word)
    raise SourceFault("undefined-symbol", word)


def known(kept, word):
    """Returns (value, flags) from what Names.value gives for a word; raises SourceFault where there is no value."""
    if type(kept) is int:
        return kept, 0
    if len(kept) == 1:
        raise SourceFault(kept[0], word)
    return kept[0] if kept[1] == 1 else kept[:2], kept[2]


def _based(word, digits, base):
    allowed = b"0123456789ABCDEF" if base == 16 else b"01"
    for digit in digits:
        if digit not in allowed:
            raise SourceFault("bad-number", word)
    if not digits:
        raise SourceFault("bad-number", word)
    return int(digits, base)
