# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From a value to the bits of a field: ranges, and the two numeric policies. Nothing wraps, nothing is cut silently."""

from fxasm.errors import SourceFault
from fxasm.exact import scaled, whole
from fxasm.numbers import HEXADECIMAL, POINT

# What the vendor's assembler does: a fraction is scaled to S.31, and the field takes its upper bits.
SCALE = 0x7FFFFFFF

# The letters of isa.py with their highest value; the lowest is 0, but of i.
HIGHEST = {0x69: 65535, 0x61: 32767, 0x6E: 31, 0x71: 15, 0x70: 63, 0x62: 63}
INTEGER = 0x69
LOWEST_INTEGER = -32768


# The largest fraction of so many bits, as it may be written.
LARGEST = {8: "0.992", 16: "0.99997", 32: "0.9999999995"}


class Fields:
    """:param bool nearest: fractions are rounded to the field's nearest value, not down as the vendor does it"""

    def __init__(self, nearest):
        self.nearest = nearest

    def integer(self, kind, value, text):
        """Returns the bits of an integer operand."""
        number = value if type(value) is int else whole(value)
        lowest = LOWEST_INTEGER if kind == INTEGER else 0
        highest = HIGHEST[kind]
        if not lowest <= number <= highest:
            raise SourceFault("range", text, 0, limits(text, number, lowest, highest))
        return number & 0xFFFF

    def fraction(self, value, flags, bits, text):
        """Returns the bits of an S.15 or S.7 operand. A whole number written in hexadecimal or binary is the word."""
        if flags == HEXADECIMAL and type(value) is int:
            if not 0 <= value < 1 << bits:
                raise SourceFault("range", text, 0, limits(text, value, 0, (1 << bits) - 1))
            return value
        numerator, denominator = (value, 1) if type(value) is int else value
        if not -denominator <= numerator < denominator:
            refuse_fraction(value, text, bits)
        if self.nearest:
            return self._rounded(value, bits - 1) & (1 << bits) - 1
        return numerator * SCALE // denominator >> 32 - bits & (1 << bits) - 1

    def word(self, value, flags, text):
        """Returns the 32 bits of a preset: a number without a point anywhere is the word, another one is S.31."""
        if type(value) is int and not flags & POINT:
            return long_word(value, text, "preset-range")
        if not -1 <= scaled(value, 1) < 1:
            refuse_fraction(value, text, 32)
        return self._long_fraction(value)

    def half(self, value, flags, upper, kind, text):
        """Returns the upper or lower 16 bits of the operand's integer value; for a fraction field of its S.31 value."""
        if kind == 0x66 and (type(value) is not int or flags & POINT) and -1 <= scaled(value, 1) < 1:
            word = self._long_fraction(value)
        else:
            word = long_word(whole(value), text, "range")
        return word >> 16 if upper else word & 0xFFFF

    def _long_fraction(self, value):
        if self.nearest:
            return self._rounded(value, 31) & 0xFFFFFFFF
        word = scaled(value, SCALE)
        if word < 0:
            word = -scaled((-value[0], value[1]) if type(value) is tuple else -value, SCALE)
        return word & 0xFFFFFFFF

    def _rounded(self, value, places):
        """The value with so many binary places; a half goes up, and the top is not left."""
        return min((scaled(value, 2 << places) + 1) >> 1, (1 << places) - 1)


def refuse_fraction(value, text, bits):
    """Raises the SourceFault for a value below -1.0, or not below 1.0."""
    code = "range" if bits < 32 else "preset-range"
    if value == 1:
        raise SourceFault(code, text, 0, "it is below 1.0; the largest is " + LARGEST[bits])
    detail = "with a point it is a fraction, {}; .I makes it whole" if bits == 32 else "{}"
    raise SourceFault(code, text, 0, detail.format("-1.0 to below 1.0"))


def long_word(value, text, code):
    """Returns the 32 bits of a signed or unsigned integer."""
    if not -0x80000000 <= value <= 0xFFFFFFFF:
        raise SourceFault(code, text, 0, limits(text, value, -0x80000000, 0xFFFFFFFF))
    return value & 0xFFFFFFFF


def limits(text, value, lowest, highest):
    """Returns the detail of a range error."""
    detail = "{} to {}".format(lowest, highest)
    return detail if text == b"%d" % value else "it is {}, not in {}".format(value, detail)
