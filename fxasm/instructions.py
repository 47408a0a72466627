# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From a mnemonic and its operands to the instruction's word."""

from fxasm import isa, operands
from fxasm.errors import SourceFault
from fxasm.exact import whole
from fxasm.fields import Fields
from fxasm.tokens import place

# The letters of isa.py that are registers, each with a bit of its own.
BITS = {0x63: 1, 0x43: 2, 0x64: 4, 0x6D: 8, 0x4D: 16, 0x73: 32, 0x53: 64}
# What is known of an operand's text, as one number. Of a register: the operands that it may be, of BITS, above its
# number; of a number: the letter of the operand and the bits of the field.
REGISTER_SHIFT = 23
NUMBER_SHIFT = 16
# So many texts are known without being looked at again.
MOST_KNOWN = 40
JUMP = 0x6A
FRACTION = 0x66
IN_R = isa.IN_R
# Directives that give a name; without their point they are no instructions.
NAMING = (b".EQU", b".MEM", b".RN")
SHORT_FRACTION = 0x67
SUFFIXES = (b".L", b".U", b".I")


class Instructions:
    """`count` is the number of instructions of the program: no jump leads past them. `fields` has the numeric policy.

    :param names: the Names of the source
    """

    def __init__(self, names, nearest, observer):
        self._names = names
        self._observer = observer
        self.fields = Fields(nearest)
        self.count = 0
        self._rows = {}  # mnemonic: (opcode, operand letters)
        self._known = {}  # text: see REGISTER_SHIFT

    def word(self, mnemonic, rest, address):
        """Returns the word of an instruction; raises SourceFault, with `at` counted in `rest`."""
        row = self._rows.get(mnemonic)
        if row is None:
            row = isa.find(mnemonic)
            if row is None:
                return self._other(mnemonic, rest, address)
            self._rows[mnemonic] = row
        opcode, kinds = row
        texts = rest.replace(b",", b" ").split()
        if len(texts) != len(kinds):
            texts = self._split(mnemonic, rest, len(kinds))
        result = opcode << 24
        i = 0
        try:
            for kind in kinds:
                text = texts[i]
                known = self._known.get(text, 0)
                bit = BITS.get(kind)
                if bit is not None:
                    bits = known & 0xFF if known >> REGISTER_SHIFT & bit else self._register(kind, bit, text)
                else:
                    bits = known & 0xFFFF if known >> NUMBER_SHIFT == kind else self._operand(kind, text, address)
                result |= bits << 16 if kind in IN_R else bits
                i += 1
        except SourceFault as fault:
            fault.at += place(rest, texts, i)
            raise
        return result

    def _other(self, mnemonic, rest, address):
        """No mnemonic, or one with a comma behind it."""
        name, comma, first = mnemonic.partition(b",")
        if not comma:
            if b"." + mnemonic in NAMING and rest:
                self._names.spoil(rest.split()[0])
            raise SourceFault("unknown-mnemonic", mnemonic, -1)
        return self.word(name, first + b" " + rest, address)

    def _split(self, mnemonic, rest, wanted):
        """Returns the operands where blanks and commas together do not separate as many as are wanted."""
        from fxasm.blanks import split

        texts = split(rest, wanted)
        if len(texts) != wanted:
            given = "{} {} given".format(len(texts), "is" if len(texts) == 1 else "are")
            raise SourceFault("operand-count", mnemonic, -1, "it takes {}, and {}".format(wanted or "none", given))
        return texts

    def _operand(self, kind, text, address):
        """Returns the bits of a number's or a jump's field."""
        if kind == JUMP:
            return operands.jump(self._names, text, address, self.count)
        expression = self._names.expression
        suffix = text[-2:]
        if suffix[0] == 0x2E and suffix in SUFFIXES:
            plain = text[:-2]
            if not plain:
                raise SourceFault("expression-syntax", text, 0, "a number or a name is missing")
            value = expression.evaluate(plain, False)
            bits = self._with_suffix(kind, value, expression.flags, suffix, text)
        else:
            value = expression.evaluate(text, False)
            bits = self._number(kind, value, expression.flags, text)
        if self._observer is not None:
            self._observer.operand(kind, text, value, expression.flags, bits)
        else:
            self._know(text, kind << NUMBER_SHIFT | bits)
        return bits

    def _know(self, text, known):
        if text in self._known or len(self._known) < MOST_KNOWN:
            self._known[text] = known

    def _number(self, kind, value, flags, text):
        if kind in b"fg":
            return self.fields.fraction(value, flags, 16 if kind == FRACTION else 8, text)
        return self.fields.integer(kind, value, text)

    def _with_suffix(self, kind, value, flags, suffix, text):
        if suffix == b".I":
            return self._number(kind, whole(value), 0, text)
        if kind == SHORT_FRACTION:
            raise SourceFault("operand-kind", text, 0, "half a word is 16 bits, and the field has 8")
        half = self.fields.half(value, flags, suffix == b".U", kind, text)
        return half if kind in b"if" else self.fields.integer(kind, half, text)

    def _register(self, kind, bit, text):
        """Returns the number of the register, or raises."""
        number = operands.register(self._names, kind, text)
        if number is None:  # the alias has told what is wrong with it
            return 0
        if not text.isdigit():
            self._know(text, self._known.get(text, number) | bit << REGISTER_SHIFT)
        return number
