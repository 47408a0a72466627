# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Operands that blanks separate; loaded where a source has some."""

OPERATORS = b"+-*/^|&<>"
BLANKS = b" \t\x0b\x0c"


def split_at_blanks(operands, wanted):
    """Returns the operands, split so that there are as many as wanted; as they are where that cannot be.

    A blank that touches an operator or is inside of parentheses belongs to an expression. Where that leaves too few,
    one before a minus that stands close to what follows separates too.
    """
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
