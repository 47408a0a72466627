# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Expressions: text in, an exact value out."""

from fxasm.errors import SourceFault
from fxasm.exact import OPERATORS, TIGHTNESS, apply, fraction, negative

BLANKS = b" \t\x0b\x0c"
OPEN = 0x28
CLOSE = 0x29
MINUS = 0x2D
# A minus in front of a number or name: binds more tightly than all others.
SIGN = 0x7E
# What ends a number or name.
ENDS = b" \t\x0b\x0c(),:;" + OPERATORS

# What was in an expression beside whole decimal numbers, at any depth.
POINT = 1
HEXADECIMAL = 2


class Expression:
    """Reads one expression at a time.

    `flags` says afterwards what was in it: POINT, HEXADECIMAL.

    :param names: the Names that may be used
    """

    def __init__(self, names):
        self._names = names
        self._values = []
        self._operators = []
        self._lengths = False
        self.flags = 0

    def evaluate(self, text, lengths):
        """Returns the value of the text (upper case), which is not empty; raises SourceFault.

        :param bool lengths: the name of a block of delay memory means its length, not its address
        """
        if text.isdigit():
            self.flags = 0
            return int(text)
        self._values = []
        self._operators = []  # (operator or function's name, where)
        self._lengths = lengths
        self.flags = 0
        try:
            return self._read(text)
        except SourceFault as fault:
            value = self._names.other(text) if fault.code == "undefined-symbol" else None
            if value is None:
                raise
        self.flags = 0
        return self._defined(text, 0, value)

    def _read(self, text):
        """Two states: a value is wanted, or an operator."""
        at, end, wanted = 0, len(text), True
        while at < end:
            character = text[at]
            if character in BLANKS:
                at += 1
            elif wanted:
                at, wanted = self._operand(text, at, character)
            elif character == CLOSE:
                self._close(at)
                at += 1
            else:
                at = self._operator(text, at, character)
                wanted = True
        if wanted:
            raise SourceFault("expression-syntax", text, 0, "something is missing at the end")
        self._reduce(0)
        if self._operators:
            raise SourceFault("expression-syntax", b"(", self._operators[-1][1], "it is not closed")
        return self._values.pop()

    def _operand(self, text, at, character):
        """Returns (where to go on, whether a value is still wanted)."""
        if character == OPEN:
            self._operators.append((OPEN, at))
            return at + 1, True
        if character == MINUS or character == 0x2B:
            if self._operators and self._operators[-1][0] == SIGN:
                raise SourceFault("expression-syntax", text[at : at + 1], at, "one sign is enough")
            self._operators.append((SIGN, at if character == MINUS else -1))  # a plus does nothing
            return at + 1, True
        if character == CLOSE:
            return self._empty(text, at), False
        stop = at
        while stop < len(text) and text[stop] not in ENDS:
            stop += 1
        if stop == at:
            raise SourceFault("expression-syntax", text[at : at + 1], at, "a number or a name is missing before it")
        token = text[at:stop]
        after = stop
        while after < len(text) and text[after] in BLANKS:
            after += 1
        if after < len(text) and text[after] == OPEN:
            self._operators.append((token, at))
            self._operators.append((OPEN, after))
            return after + 1, True
        self._values.append(self._atom(token, at))
        return stop, False

    def _empty(self, text, at):
        """A closing parenthesis where a value is wanted: PI(), or an error."""
        operators = self._operators
        if len(operators) > 1 and operators[-1][0] == OPEN and type(operators[-2][0]) is not int:
            name, start = operators[-2]
            del operators[-2:]
            self._values.append(self._call(name, start, None))
            return at + 1
        start = operators[-1][1] if operators and operators[-1][0] == OPEN else at
        raise SourceFault("expression-syntax", text[start : at + 1], start, "a number or a name is missing")

    def _operator(self, text, at, character):
        """An operator, after all before it that bind at least as tightly. Returns where to go on."""
        if character not in OPERATORS:
            shown = text[at:].split()[0]
            raise SourceFault("expression-syntax", shown, at, "an operator is missing before it")
        if character in b"<>":
            if text[at + 1 : at + 2] != text[at : at + 1]:
                raise SourceFault("expression-syntax", text[at : at + 1], at, "<< and >> shift")
            after = at + 2
        else:
            after = at + 1
        self._reduce(TIGHTNESS[OPERATORS.find(text[at : at + 1])])
        self._operators.append((character, at))
        return after

    def _close(self, at):
        self._reduce(0)
        if not self._operators:
            raise SourceFault("expression-syntax", b")", at, "it was not opened")
        self._operators.pop()
        if self._operators and type(self._operators[-1][0]) is not int:
            name, start = self._operators.pop()
            self._values.append(self._call(name, start, self._values.pop()))

    def _reduce(self, tightness):
        """Does what waits and binds at least so tightly, back to an open parenthesis."""
        values, operators = self._values, self._operators
        while operators:
            operator, at = operators[-1]
            if operator == OPEN:
                return
            if operator == SIGN:
                if at >= 0:
                    values.append(negative(values.pop()))
            elif TIGHTNESS[OPERATORS.find(bytes((operator,)))] < tightness:
                return
            else:
                b = values.pop()
                values.append(self._apply(operator, at, values.pop(), b))
            operators.pop()

    def _apply(self, operator, at, a, b):
        try:
            return apply(operator, a, b)
        except SourceFault as fault:
            fault.text, fault.at = bytes((operator,)), at
            raise

    def _call(self, name, at, argument):
        from fxasm.functions import call

        return call(name, at, argument)

    def _atom(self, token, at):
        """Returns the value of a number or name."""
        if token.isdigit():
            return int(token)
        value = self._names.value(token, self._lengths)
        if value is None:
            return self._number(token, at)
        return self._defined(token, at, value)

    def _defined(self, token, at, value):
        """Returns the value as it is kept of a name; `value` may say that there is none yet."""
        if type(value) is int:
            return value
        if len(value) == 1:
            raise SourceFault(value[0], token, at)
        self.flags |= value[2]
        return value[0] if value[1] == 1 else value[:2]

    def _number(self, token, at):
        prefix = token[:2]
        if prefix == b"0X" or prefix == b"0B":
            if self._operators and self._operators[-1][0] == SIGN:
                raise SourceFault("bad-number", token, at, "0-{} is how to write it".format(token.decode()))
            self.flags |= HEXADECIMAL
            return _based(token, at, 16 if prefix == b"0X" else 2)
        left, point, right = token.partition(b".")
        digits = left + right
        if point and digits.isdigit():
            self.flags |= POINT
            return fraction(int(digits), 10 ** len(right))
        if point or token[0] in b"0123456789$":
            raise SourceFault("bad-number", token, at)
        raise SourceFault("undefined-symbol", token, at)


def _based(token, at, base):
    digits = token[2:] if base == 16 else token[2:].replace(b"_", b"")
    allowed = b"0123456789ABCDEF" if base == 16 else b"01"
    for character in digits:
        if character not in allowed:
            raise SourceFault("bad-number", token, at)
    if not digits:
        raise SourceFault("bad-number", token, at)
    return int(digits, base)
