# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From a mnemonic and its operands to the instruction's word."""

from fxasm import isa, registers
from fxasm.errors import SourceFault
from fxasm.exact import whole
from fxasm.fields import Fields
from fxasm.names import BANK
from fxasm.tokens import place

# The letters of isa.py that are registers, each with a bit of its own.
BITS = {0x63: 1, 0x43: 2, 0x64: 4, 0x6D: 8, 0x4D: 16, 0x73: 32, 0x53: 64}
# What is known of a register: its number, and above that the bits of the operands that it may be.
NUMBER = 0xFF
SHIFT = 8
# So many registers, and all mnemonics, are known without a look at the tables.
MOST_KNOWN = 64
JUMP = 0x6A
FRACTION = 0x66
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

    def start(self):
        """A new source, or its second pass."""
        self._rows = {}  # mnemonic: (opcode, operand letters)
        self._known = {}  # register or alias: see NUMBER

    def word(self, mnemonic, rest, address):
        """Returns the word of an instruction; raises SourceFault, with `at` counted in `rest`."""
        row = self._rows.get(mnemonic)
        if row is None:
            row = isa.find(mnemonic)
            if row is None:
                return self._other(mnemonic, rest, address)
            self._rows[mnemonic] = row
        opcode, kinds = row
        operands = rest.replace(b",", b" ").split()
        if len(operands) != len(kinds):
            operands = self._split(mnemonic, rest, len(kinds))
        result = opcode << 24
        i = 0
        try:
            for kind in kinds:
                text = operands[i]
                bit = BITS.get(kind)
                if bit is None:
                    bits = self._operand(kind, text, address)
                else:
                    known = self._known.get(text, 0)
                    bits = known & NUMBER if known >> SHIFT & bit else self._register(kind, bit, text)
                result |= bits << 16 if kind in isa.IN_R else bits
                i += 1
        except SourceFault as fault:
            fault.at += place(rest, operands, i)
            raise
        return result

    def _other(self, mnemonic, rest, address):
        """No mnemonic, or one with a comma behind it."""
        name, comma, first = mnemonic.partition(b",")
        if not comma:
            raise SourceFault("unknown-mnemonic", mnemonic, -1)
        return self.word(name, first + b" " + rest, address)

    def _split(self, mnemonic, rest, wanted):
        """Returns the operands where blanks and commas together do not separate as many as are wanted."""
        from fxasm.blanks import split

        operands = split(rest, wanted)
        if len(operands) != wanted:
            given = "{} {} given".format(len(operands), "is" if len(operands) == 1 else "are")
            raise SourceFault("operand-count", mnemonic, -1, "it takes {}, and {}".format(wanted or "none", given))
        return operands

    def _operand(self, kind, text, address):
        """Returns the bits of a number's or a jump's field."""
        if kind == JUMP:
            return self._jump(text, address)
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
        return bits

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
        """Returns the number of the register, which must be in the operand's bank and allow what is done to it."""
        bank = registers.CORE if bit < 8 else (registers.MREGS if bit < 32 else registers.SFRS)
        if text.isdigit():
            found, number = bank, int(text)
            if number > HIGHEST[bank]:
                raise SourceFault("unknown-register", text, 0, "there is no register of this number")
        else:
            found, number = self.find_register(text)
        if found is None:
            return 0
        if found != bank:
            raise SourceFault("wrong-register-bank", text, 0, WANTED[bank])
        if kind == 0x43 and number == registers.FLAGS:
            raise SourceFault("register-access", text, 0, ACCESS[b"r"])
        if bank == registers.SFRS:
            access = registers.sfr(number)[1]
            if (b"w" if kind == 0x53 else b"r") not in access:
                raise SourceFault("register-access", text, 0, ACCESS[access])
        if text in self._known or len(self._known) < MOST_KNOWN:
            self._known[text] = self._known.get(text, number) | bit << SHIFT
        return number

    def find_register(self, text):
        """Returns (bank, number) of a register or alias, (None, None) for an alias whose definition is wrong."""
        code = self._names.aliases.get(text)
        if code is not None:
            return code // BANK, code % BANK
        if text in self._names.aliases:
            return None, None
        register = registers.find(text)
        if register is None:
            self._refuse(text)
        return register

    def _refuse(self, text):
        """What is no register: perhaps it is something else that has a name, or an expression."""
        names = self._names
        if names.value(text, False) is not None or text in names.labels or any(mark in text for mark in MARKS):
            raise SourceFault("operand-kind", text, 0, "a register is wanted here")
        raise SourceFault("unknown-register", text)

    def _jump(self, text, address):
        """Returns the offset to the label, or the offset itself."""
        if text.isdigit():
            distance = int(text)
        elif text in self._names.labels:
            distance = self._names.labels[text] - address - 1
        else:
            distance = self._constant_offset(text)
        if distance < 0:
            raise SourceFault("backward-jump", text)
        if address + 1 + distance >= self.count:
            raise SourceFault("jump-past-end", text)
        return distance

    def _constant_offset(self, text):
        if any(mark in text for mark in MARKS):
            raise SourceFault("operand-kind", text, 0, "a label or a number alone is wanted here")
        if self._names.value(text, False) is None:
            raise SourceFault("undefined-label", text)
        return whole(self._names.expression.evaluate(text, False))


HIGHEST = {
    registers.CORE: registers.FLAGS,
    registers.MREGS: registers.LAST_MREG,
    registers.SFRS: registers.LAST_SFR,
}
WANTED = {
    registers.CORE: "a core register is wanted here: R0 to R15, ACC32",
    registers.MREGS: "an MREG is wanted here: MR0 to MR127",
    registers.SFRS: "a special function register is wanted here",
}
ACCESS = {
    b"r": "it can only be read",
    b"w": "it can only be written",
    b"-": "it can only have a preset",
}
MARKS = (b"+", b"-", b"*", b"/", b"|", b"&", b"^", b"<", b">", b"(", b")", b" ", b"\t")
