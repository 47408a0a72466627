# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Expressions: text in, an exact value out."""

from fxasm.errors import PAUSE, SourceFault
from fxasm.exact import apply, negative
from fxasm.numbers import known, number
from fxasm.tokens import CLOSE, ENDS, LEVELS, MINUS, OPEN, POWER, SIGN, SIGNS, parts, place

# So many words and operators are read in a step: about 3 ms on the device.
STEP = 5
NO_OPERATOR = "an operator is missing before it"


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
        self._done = {}  # text: (value, flags); the paused expressions of the line that have their value
        self._forget()

    def next_line(self):
        """What comes now belongs to another line."""
        if self._done:
            self._done = {}

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
        ends = ENDS
        for character in text:
            if character in ends:
                break
        else:
            return self._atom(text)
        done = self._done
        if done and text in done:
            value, self.flags = done[text]
            return value
        return self._long(text)

    def _forget(self):
        self._text = b""
        self._parts = []
        self._next = self._so_far = 0  # of the parts; the flags
        self._values = []
        self._operators = []  # and names of functions
        self._wanted = True  # a value is wanted, not an operator

    def _long(self, text):
        paused = self._next
        if not paused or text != self._text:
            self._forget()
            self._text = text
            self._parts = parts(text)
        self.flags = self._so_far
        try:
            self._step()
        except SourceFault as fault:
            return self._recover(fault, text)
        if self._next < len(self._parts):
            self._so_far = self.flags
            raise SourceFault(PAUSE, b"")
        self._next = 0
        value = self._values.pop()
        if paused:
            self._done[text] = (value, self.flags)
        return value

    def _recover(self, fault, text):
        """Returns the value of a constant with a minus in its name, or raises the fault with its place."""
        words, i = self._parts, self._next
        self._forget()
        if fault.code == "undefined-symbol" and text in self._names.constants:
            value, self.flags = known(self._names.value(text, self._lengths), text)
            return value
        if not fault.text:
            fault.text = text
        elif len(fault.text) > 1 and words[i] != fault.text:  # a function, or both parentheses
            fault.at = max(text.find(fault.text), 0)
        else:
            fault.at += place(text, words, i)
        raise fault

    def _step(self):
        """Takes some parts; after the last one the value is there."""
        words, values, operators, wanted = self._parts, self._values, self._operators, self._wanted
        i = self._next
        opening, last = OPEN, len(words)
        stop = min(i + STEP, last)
        while i < stop:
            self._next = i
            part = words[i]
            i += 1
            if type(part) is not int:
                if not wanted:
                    raise SourceFault("expression-syntax", part, 0, NO_OPERATOR)
                if i < last and words[i] == opening:
                    operators.append(part)
                else:
                    values.append(int(part) if part.isdigit() else self._atom(part))
                    wanted = False
            elif wanted:
                wanted = self._before_value(part)
            elif part == CLOSE:
                self._close()
            elif part == opening:
                raise SourceFault("expression-syntax", b"(", 0, NO_OPERATOR)
            else:
                level = LEVELS[part]
                if operators and operators[-1] >= level & 0xF00:
                    self._reduce(level & 0xF00)
                operators.append(level)
                wanted = True
        if stop == last:
            if not wanted:
                self._reduce(1)
            if wanted or operators:
                cause = "something is missing at the end" if wanted else "a parenthesis is not closed"
                raise SourceFault("expression-syntax", b"", 0, cause)
            wanted = True
        self._next = i
        self._wanted = wanted

    def _before_value(self, part):
        """What may stand where a value is wanted; returns False for PI(), which is one."""
        operators = self._operators
        if part == OPEN:
            operators.append(0)
        elif part in SIGNS and (not operators or operators[-1] != SIGN):
            if part == MINUS:
                operators.append(SIGN)
        elif part == CLOSE and len(operators) > 1 and type(operators[-2]) is bytes:
            operators.pop()
            self._call(None)
            return False
        elif part == CLOSE and operators and operators[-1] == 0:
            raise SourceFault("expression-syntax", b"()", 0, "a number or a name is missing")
        else:
            raise SourceFault("expression-syntax", bytes((part,)), 0, "a number or a name is missing before it")
        return True

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
        kept = self._names.value(word, self._lengths)
        if type(kept) is int:
            return kept
        if kept is None:
            value, flags = number(word, bool(self._operators) and self._operators[-1] == SIGN)
        else:
            value, flags = known(kept, word)
        self.flags |= flags
        return value
