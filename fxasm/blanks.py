# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Operands with blanks in them, and operands that only blanks separate; loaded where a source has some."""

OPERATORS = b"+-*/^|&<>"
BLANKS = b" \t\x0b\x0c"


def split(rest, wanted):
    """Returns the operands, as many as are wanted where that can be.

    Commas separate. Where this makes too few, blanks do so too, but not those that touch an operator or are inside of
    parentheses; where it still does, one before a minus that stands close to what follows.
    """
    operands = [part for part in [part.strip() for part in rest.split(b",")] if part]
    if not 0 < len(operands) < wanted:
        return operands
    for signs in (False, True):
        parts = []
        for operand in operands:
            parts += _pieces(operand, signs)
        if len(parts) == wanted:
            return parts
    return operands


def _pieces(text, signs):
    pieces = []
    start = at = depth = 0
    while at < len(text):
        end = at
        while end < len(text) and text[end] in BLANKS:
            end += 1
        if end == at:
            depth += (text[at] == 0x28) - (text[at] == 0x29)
            at += 1
        else:
            if not depth and _separates(text, at, end, signs):
                pieces.append(text[start:at])
                start = end
            at = end
    return pieces + [text[start:]]


def _separates(text, at, end, signs):
    """The blanks text[at:end] separate two operands. Neither text begins or ends with blanks."""
    before, after = text[at - 1], text[end]
    if before in OPERATORS:
        return False
    if after == 0x2D and signs:
        return text[end + 1 : end + 2] not in (b" ", b"\t", b"")
    return after not in OPERATORS
