# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From a mnemonic and its operands to the instruction's word."""

from fxasm import isa, registers
from fxasm.errors import SourceFault, show
from fxasm.exact import whole
from fxasm.fields import Fields
from fxasm.names import BANK

# The letters of isa.py: registers with their banks, and the highest number of each bank.
REGISTERS = b"cCdmMsS"
BANKS = (registers.CORE, registers.CORE, registers.CORE, registers.MREGS, registers.MREGS, registers.SFRS, registers.SFRS)
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

    def word(self, mnemonic, rest, address):
        """Returns the word of an instruction; raises SourceFault, with `at` counted in `rest`."""
        row = isa.find(mnemonic)
        if row is None:
            if b"," not in mnemonic:
                raise SourceFault("unknown-mnemonic", mnemonic, -1)
            mnemonic, _, first = mnemonic.partition(b",")
            return self.word(mnemonic, first + b" " + rest, address)
        opcode, kinds = row
        operands = split(rest, len(kinds))
        if len(operands) != len(kinds):
            detail = "{}, and {} {} given".format(len(kinds) or "none", len(operands), "is" if len(operands) == 1 else "are")
            raise SourceFault("operand-count", mnemonic, -1, detail)
        result = opcode << 24
        for i in range(len(kinds)):
            kind = kinds[i]
            try:
                bits = self._operand(kind, operands[i], address)
            except SourceFault as fault:
                fault.at += offset(rest, operands, i)
                raise
            result |= bits << 16 if kind in isa.IN_R else bits
        return result

    def _operand(self, kind, text, address):
        """Returns the bits of the operand's field."""
        if kind in REGISTERS:
            return self._register(kind, text)
        if kind == JUMP:
            return self._jump(text, address)
        suffix = text[-2:]
        plain = text
        if suffix in SUFFIXES:
            plain = text[:-2]
            if not plain:
                raise SourceFault("expression-syntax", text, 0, "a number or a name is missing")
        expression = self._names.expression
        value = expression.evaluate(plain, False)
        flags = expression.flags
        if plain is text:
            bits = self._number(kind, value, flags, text)
        else:
            bits = self._with_suffix(kind, value, flags, suffix, text)
        if self._observer is not None:
            self._observer.operand(kind, text, value, flags, bits)
        return bits

    def _number(self, kind, value, flags, text):
        if kind == FRACTION:
            return self.fields.fraction(value, flags, 16, text)
        if kind == SHORT_FRACTION:
            return self.fields.fraction(value, flags, 8, text)
        return self.fields.integer(kind, value, text)

    def _with_suffix(self, kind, value, flags, suffix, text):
        if suffix == b".I":
            return self._number(kind, whole(value), 0, text)
        if kind == SHORT_FRACTION:
            raise SourceFault("operand-kind", text, 0, "half a word is 16 bits, and the field has 8")
        half = self.fields.half(value, flags, suffix == b".U", kind, text)
        return half if kind == FRACTION else self.fields.integer(kind, half, text)

    def _register(self, kind, text):
        """Returns the number of the register, which must be in the operand's bank and allow what is done to it."""
        bank = BANKS[REGISTERS.find(bytes((kind,)))]
        if text.isdigit():
            found, number = bank, int(text)
            if number > {registers.CORE: registers.FLAGS, registers.MREGS: registers.LAST_MREG}.get(bank, registers.LAST_SFR):
                raise SourceFault("unknown-register", text, 0, "there is no register of this number")
        else:
            found, number = self.find_register(text)
        if found is None:
            return 0
        if found != bank:
            raise SourceFault("wrong-register-bank", text, 0, WANTED[bank])
        if kind == 0x43 and number == registers.FLAGS:
            raise SourceFault("register-access", text, 0, "it can only be read")
        if bank == registers.SFRS:
            access = registers.sfr(number)[1]
            if (b"w" if kind == 0x53 else b"r") not in access:
                raise SourceFault("register-access", text, 0, ACCESS[access])
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


def split(rest, wanted):
    """Returns the operands: between commas; where these are too few, blanks separate too if the number fits then."""
    if b"," in rest:
        operands = [part for part in [part.strip() for part in rest.split(b",")] if part]
    else:
        rest = rest.strip()
        operands = [rest] if rest else []
    if 0 < len(operands) < wanted:
        from fxasm.blanks import split_at_blanks

        return split_at_blanks(operands, wanted)
    return operands


def offset(rest, operands, i):
    """Returns where operand i begins in `rest`."""
    at = 0
    for operand in operands[:i]:
        at = rest.find(operand, at) + len(operand)
    return rest.find(operands[i], at)
