# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Presets: what registers hold when the program begins."""

from struct import pack_into, unpack_from

from fxasm import registers
from fxasm.errors import SourceFault, show
from fxasm.exact import whole
from fxasm.fields import limits
from fxasm.numbers import POINT
from fxcore.program import CREG, MREG, SFR

BANKS = {b".CREG": registers.CORE, b".MREG": registers.MREGS, b".SREG": registers.SFRS}
# The registers of the sections MREG and CREG, and the bits of SFR.
PLACES = 128 + 16 + 48 * 8


class Presets:
    """Writes presets into the sections of a program's image, which holds none yet.

    :param fields: the Fields that has the numeric policy
    """

    def __init__(self, image, fields):
        self._image = image
        self._fields = fields
        self._given = bytearray(PLACES // 8)

    def set(self, directive, name, register, value, flags, text):
        """Returns the word that has been set; raises SourceFault, with `at` -1 where the register is wrong.

        :param bytes directive: .CREG, .MREG or .SREG
        :param bytes name: the register as it is in the source
        :param tuple register: (bank, number)
        :param value: what the value's `text` is worth, with its `flags` of Expression
        """
        bank, number = register
        if bank != BANKS[directive]:
            raise SourceFault("wrong-register-bank", name, -1, "{} does not set it".format(show(directive)))
        first, width = _place(bank, number)
        if not width:
            raise SourceFault("not-presettable", name, -1)
        self._claim(bank, number, first, name)
        word = self._fields.word(value, flags, text) if width == 32 else _narrow(value, flags, width, text)
        offset = {registers.CORE: CREG, registers.MREGS: MREG, registers.SFRS: SFR}[bank].offset + first // 32 * 4
        mask = (1 << width) - 1 << first % 32
        (before,) = unpack_from("<I", self._image, offset)
        pack_into("<I", self._image, offset, before & ~mask & 0xFFFFFFFF | word << first % 32)
        return word

    def _claim(self, bank, number, first, name):
        place = number
        if bank == registers.CORE:
            place += 128
        elif bank == registers.SFRS:
            place = 144 + first
        bit = 1 << place % 8
        if self._given[place // 8] & bit:
            raise SourceFault("duplicate-preset", name, -1)
        self._given[place // 8] |= bit


def _place(bank, number):
    """Returns (first bit in its section, width) of a preset; the width is 0 where there is none."""
    if bank == registers.SFRS:
        return registers.sfr(number)[2:]
    return number * 32, 32 if bank == registers.MREGS or number < registers.ACC32 else 0


def _narrow(value, flags, width, text):
    """The bits of an integer for a register of less than 32 bits."""
    if type(value) is not int or flags & POINT:
        raise SourceFault("preset-range", text, 0, "the register has {} bits; .I makes it whole".format(width))
    number = whole(value)
    if not (-1 << width - 1 if width > 1 else 0) <= number < 1 << width:
        raise SourceFault("preset-range", text, 0, limits(text, number, 0, (1 << width) - 1))
    return number & (1 << width) - 1
