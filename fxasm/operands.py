# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Operands that are no numbers: registers and labels."""

from fxasm import registers
from fxasm.errors import SourceFault
from fxasm.exact import whole
from fxasm.names import BANK

# The letters of isa.py: the bank, the highest number in it, and what to say where something else is given.
BANKS = {
    b"cCd": (registers.CORE, registers.FLAGS, "a core register is wanted here: R0 to R15, ACC32"),
    b"mM": (registers.MREGS, registers.LAST_MREG, "an MREG is wanted here: MR0 to MR127"),
    b"sS": (registers.SFRS, registers.LAST_SFR, "a special function register is wanted here"),
}
WRITTEN = b"CMS"
ACCESS = {
    b"r": "it can only be read",
    b"w": "it can only be written",
    b"-": "it can only have a preset",
}
MARKS = b"+-*/|&^<>() \t"


def register(names, kind, text):
    """Returns the number of the register, which must be in the operand's bank and allow what is done to it. None: an
    alias whose definition is wrong. Raises SourceFault."""
    for letters in BANKS:
        if kind in letters:
            bank, highest, wanted = BANKS[letters]
    if text.isdigit():
        found, number = bank, int(text)
        if number > highest:
            raise SourceFault("unknown-register", text, 0, "there is no register of this number")
    else:
        found, number = find_register(names, text)
    if found is None:
        return None
    if found != bank:
        raise SourceFault("wrong-register-bank", text, 0, wanted)
    access = _access(bank, number)
    if (b"w" if kind in WRITTEN else b"r") not in access:
        raise SourceFault("register-access", text, 0, ACCESS[access])
    return number


def _access(bank, number):
    if bank == registers.SFRS:
        return registers.sfr(number)[1]
    return b"r" if bank == registers.CORE and number == registers.FLAGS else b"rw"


def find_register(names, text):
    """Returns (bank, number) of a register or alias, (None, None) for an alias whose definition is wrong."""
    code = names.aliases.get(text)
    if code is not None:
        return code // BANK, code % BANK
    if text in names.aliases:
        return None, None
    found = registers.find(text)
    if found is None:
        if names.value(text, False) is not None or text in names.labels or _has_marks(text):
            raise SourceFault("operand-kind", text, 0, "a register is wanted here")
        raise SourceFault("unknown-register", text)
    return found


def jump(names, text, address, count):
    """Returns the offset from this address to a label, or the offset itself; raises SourceFault."""
    if text.isdigit():
        distance = int(text)
    elif text in names.labels:
        if names.labels[text] is None:
            return 0
        distance = names.labels[text] - address - 1
    elif _has_marks(text):
        raise SourceFault("operand-kind", text, 0, "a label or a number alone is wanted here")
    elif names.value(text, False) is None:
        raise SourceFault("undefined-label", text)
    else:
        distance = whole(names.expression.evaluate(text, False))
    if distance < 0:
        raise SourceFault("backward-jump", text)
    if address + 1 + distance >= count:
        raise SourceFault("jump-past-end", text)
    return distance


def _has_marks(text):
    return any(character in MARKS for character in text)
