# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What an assembler tells a PC program that wants to know more than the words. Not for the board."""

from fxasm.names import Names


class Observer:
    """Base of observers: override what you need. One observer watches one source.

    `names`: the Names that the assembler will use, filled when it is done. `line` counts from 1; texts are bytes in
    upper case.
    """

    def __init__(self):
        self.names = Names()

    def defined(self, kind, name, line):
        """A name has been given; `kind` is "label", b".EQU", b".MEM" or b".RN"."""

    def operand(self, kind, text, value, flags, bits):
        """A number in an operand of the instruction that `instruction` names next.

        :param int kind: the operand's letter in isa.py
        :param value: int or (numerator, denominator), before it was cut or rounded; `flags` as in expression.py
        :param int bits: what is in the field
        """

    def instruction(self, line, address, word):
        """An instruction has been assembled."""

    def preset(self, line, register, text, value, flags, word):
        """A preset has been set; `register` is (bank, number), `word` what the register will hold."""
