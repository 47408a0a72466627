# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Expressions: text in, an exact value out."""

from fxasm.errors import PAUSE, SourceFault
from fxasm.exact import apply, negative
from fxasm.numbers import number
from fxasm.tokens import CLOSE, ENDS, LEVELS, MINUS, OPEN, POWER, SIGN, SIGNS, place, tokens

# So many words and operators are read in a step: about 3 ms on the device.
STEP = 8


class Expression:
    """Reads one expression at a time.

    A long one is read in several steps: `evaluate` raises a SourceFault PAUSE until the same call, made in the next
    step, has the value. `flags` says afterwards what was in it: POINT and HEXADECIMAL of numbers.py.

    :param names: the Names that may be used
    """

    def __init__(self, names):
        self._names = names
        self._lengths = False
        self.flags = 0
        self._done = {}  # text: (value, flags); the long expressions of the line
        self._begin(b"")

    def next_line(self):
        """What comes now belongs to another line."""
        if self._text:
            self._done = {}
            self._begin(b"")

    def evaluate(self, text, lengths):
        """Returns the value of the text (upper case), which is not empty; raises SourceFault.

        :param bool lengths: the name of a block of delay memory means its length, not its address
        """
        self.flags = 0
        if text.isdigit():
            return int(text)
        value = self._names.constants.get(text)
        if type(value) is int:
            return value
        self._lengths = lengths
        for character in text:
            if character in ENDS:
                break
        else:
            return self._atom(text)
        if text in self._done:
            value, self.flags = self._done[text]
            return value
        value = self._long(text)
        self._done[text] = (value, self.flags)
        return value

    def _begin(self, text):
        self._text = text
        self._tokens = []
        self._next = 0
        self._so_far = 0  # flags
        self._values = []
        self._operators = []  # and names of functions
        self._wanted = True  # a value is wanted, not an operator

    def _long(self, text):
        """Begins with the text, or goes on with it."""
        if text != self._text:
            self._begin(text)
            self._tokens = tokens(text)
        self.flags = self._so_far
        try:
            value = self._step()
        except SourceFault as fault:
            if fault.code == PAUSE:
                raise
            if fault.code == "undefined-symbol" and text in self._names.constants:
                self.flags = 0
                return self._defined(self._names.value(text, self._lengths), text)
            if not fault.text:
                fault.text = text
            else:
                fault.at += place(text, self._tokens, self._next)
            raise
        return value

    def _step(self):
        """Takes some tokens; returns the value after the last one."""
        stop = min(self._next + STEP, len(self._tokens))
        while self._next < stop:
            self._take(self._tokens[self._next])
            self._next += 1
        if stop < len(self._tokens):
            self._so_far = self.flags
            raise SourceFault(PAUSE, b"")
        if self._wanted:
            raise SourceFault("expression-syntax", b"", 0, "something is missing at the end")
        self._reduce(1)
        if self._operators:
            raise SourceFault("expression-syntax", b"", 0, "a parenthesis is not closed")
        return self._values.pop()

    def _take(self, token):
        level = LEVELS.get(token)
        if self._wanted:
            if level is not None:
                self._before_value(token, level)
            elif self._tokens[self._next + 1 : self._next + 2] == [b"("]:
                self._operators.append(token)
            else:
                self._values.append(int(token) if token.isdigit() else self._atom(token))
                self._wanted = False
        elif level is None or level == OPEN:
            raise SourceFault("expression-syntax", token, 0, "an operator is missing before it")
        elif level == CLOSE:
            self._close()
        else:
            if self._operators:
                self._reduce(level & 0xF00)
            self._operators.append(level)
            self._wanted = True

    def _before_value(self, token, level):
        """What may stand where a value is wanted."""
        operators = self._operators
        if level == OPEN:
            operators.append(OPEN)
        elif level in SIGNS and (not operators or operators[-1] != SIGN):
            if level == MINUS:
                operators.append(SIGN)
        elif level == CLOSE and len(operators) > 1 and type(operators[-2]) is bytes:
            operators.pop()
            self._call(None)
            self._wanted = False
        elif level == CLOSE and operators and operators[-1] == OPEN:
            raise SourceFault("expression-syntax", b"()", -1, "a number or a name is missing")
        else:
            raise SourceFault("expression-syntax", token, 0, "a number or a name is missing before it")

    def _close(self):
        self._reduce(1)
        operators = self._operators
        if not operators:
            raise SourceFault("expression-syntax", b")", 0, "it was not opened")
        operators.pop()
        if operators and type(operators[-1]) is bytes:
            self._call(self._values.pop())

    def _call(self, argument):
        from fxasm.functions import call

        self._values.append(call(self._operators.pop(), argument))

    def _reduce(self, lowest):
        """Does what waits and binds at least so tightly, back to an open parenthesis."""
        values, operators = self._values, self._operators
        while operators and operators[-1] >= lowest:
            level = operators.pop()
            b = values.pop()
            if level == SIGN:
                values.append(negative(b))
            elif level == POWER and type(b) is tuple:
                from fxasm.functions import power

                values.append(power(values.pop(), b))
            else:
                values.append(apply(level & 0xFF, values.pop(), b))

    def _atom(self, word):
        """Returns the value of a number or name."""
        value = self._names.value(word, self._lengths)
        if type(value) is int:
            return value
        if value is not None:
            return self._defined(value, word)
        value, flags = number(word, bool(self._operators) and self._operators[-1] == SIGN)
        self.flags |= flags
        return value

    def _defined(self, value, word):
        """Returns the value as it is kept of a name; it may say that there is none yet."""
        if type(value) is int:
            return value
        if len(value) == 1:
            raise SourceFault(value[0], word)
        self.flags |= value[2]
        return value[0] if value[1] == 1 else value[:2]
