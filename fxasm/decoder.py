# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One instruction word back to the text of its instruction, valid under both numeric policies. For the PC only."""

from fxasm import isa, registers

# Mnemonic in capitals; letter (see fxasm.isa, in lower case) and number of each operand.
Decoded = tuple[str, list[tuple[str, int]]]

# The largest number that the field of an operand can hold; fractions and integers use every bit of theirs.
LARGEST = {"c": 17, "d": 17, "m": 127, "s": 48, "a": 0x7FFF, "n": 31, "q": 15, "p": 63, "b": 63, "j": 1023}
BANKS = {"c": registers.CORE, "d": registers.CORE, "m": registers.MREGS, "s": registers.SFRS}
# These take 16 bits as they are; the others count.
LOGIC = ("ORI", "ANDI", "XORI", "WRDLD")


def decode(word: int) -> Decoded | None:
    """Returns (mnemonic, operands) of an instruction word, or None where no instruction gives that word.

    :param int word: 32 bits
    :return: the mnemonic in capitals, and a list of (operand letter of `fxasm.isa` in lower case, number)
    """
    row = isa.decode(word >> 24)
    if row is None:
        return None
    fields = {"R": word >> 16 & 0xFF, "M": word & 0xFFFF}
    operands = []
    for letter in row[1]:
        kind = chr(letter).lower()
        number = fields.pop("R" if letter in isa.IN_R else "M")
        if number > LARGEST.get(kind, 0xFFFF):
            return None
        operands.append((kind, number))
    if any(fields.values()):
        return None
    return row[0].decode(), operands


def instruction_text(word: int) -> str | None:
    """Returns one instruction as text, jumps as offsets and delay addresses as numbers, or None (see `decode`)."""
    decoded = decode(word)
    if decoded is None:
        return None
    mnemonic, operands = decoded
    return line(mnemonic, [operand_text(mnemonic, kind, number) for kind, number in operands])


def line(mnemonic: str, operands: list[str]) -> str:
    """Returns a statement in the columns of the sources that `disassemble` writes."""
    return "{:<9}{}".format(mnemonic.lower(), ", ".join(operands)).rstrip()


def operand_text(mnemonic: str, kind: str, number: int) -> str:
    """Returns the text of one operand."""
    if kind in BANKS:
        return registers.name(BANKS[kind], number).decode().lower()
    if kind == "f":
        return fraction_text(number, 15)
    if kind == "g":
        return fraction_text(number, 7)
    if kind == "i":
        if mnemonic in LOGIC:
            return "0x{:04X}".format(number)
        return str(number - 0x10000 if number & 0x8000 else number)
    if kind == "q":
        return f"lfo{number >> 1 & 3}|{'cos' if number & 1 else 'sin'}|{'neg' if number & 8 else 'pos'}"
    if kind == "p":
        text = f"rmp{number & 1}|l{512 << (number >> 2 & 3)}|xf{number >> 4}"
        return text + "|2" if number & 2 else text
    if kind == "b":
        return "user{}|{}".format(number >> 5, number & 31)
    return str(number)


def fraction_text(field: int, bits: int) -> str:
    """Returns the shortest decimal fraction that every policy and every tool turns into this field.

    It is found near a quarter of a step above the field's own value: rounding down and rounding to the nearest both
    end at the field from there.

    :param int field: the field's bits, a sign and `bits` more
    """
    value = field - (2 << bits) if field >> bits else field
    for digits in range(1, 7):
        unit = 10**digits
        near = (2 * (4 * value + 1) * unit + (4 << bits)) // (8 << bits)
        down = (near * 0x7FFFFFFF // unit) >> (31 - bits)
        doubled, rest = divmod((near << bits + 1) + unit, 2 * unit)
        if down == doubled == value and rest:
            break
    whole, part = divmod(abs(near), unit)
    return "{}{}.{:0{}d}".format("-" if near < 0 else "", whole, part, digits)
