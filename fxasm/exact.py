# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Exact arithmetic: a value is a whole number (int) or a fraction (numerator, denominator > 1)."""

from fxasm.errors import SourceFault

# Where a fraction is reduced, and where a value is refused.
REDUCE_BITS = 256
MOST_BITS = 1024
REDUCE = 1 << REDUCE_BITS
MOST = 1 << MOST_BITS
MOST_SHIFT = 64


def fraction(numerator, denominator):
    """Returns the value numerator / denominator (> 0)."""
    if denominator == 1:
        return numerator
    if numerator % denominator == 0:
        return numerator // denominator
    if denominator >= REDUCE or not -REDUCE < numerator < REDUCE:
        a, b = abs(numerator), denominator
        while b:
            a, b = b, a % b
        numerator //= a
        denominator //= a
    return numerator, denominator


def whole(value):
    """Returns the value as int, cut off towards zero."""
    if type(value) is int:
        return value
    numerator, denominator = value
    return numerator // denominator if numerator > 0 else -(-numerator // denominator)


def even(value):
    """Returns the nearest int; half-way between two it is the even one."""
    if type(value) is int:
        return value
    doubled, denominator = 2 * value[0] + value[1], 2 * value[1]
    nearest = doubled // denominator
    return nearest - 1 if nearest % 2 and not doubled % denominator else nearest


def scaled(value, factor):
    """Returns the greatest int that is not above value * factor (an int)."""
    if type(value) is int:
        return value * factor
    return value[0] * factor // value[1]


def negative(value):
    """Returns -value."""
    return -value if type(value) is int else (-value[0], value[1])


def apply(operator, a, b):
    """Returns a OPERATOR b; raises SourceFault, with a text of no length.

    :param int operator: a character of LEVELS in tokens.py
    :param b: an exponent is a whole number
    """
    if type(a) is int and type(b) is int:
        if operator == 0x2B:
            result = a + b
        elif operator == 0x2A:
            result = a * b
        elif operator == 0x2D:
            result = a - b
        else:
            result = _whole_numbers(operator, a, b)
    elif operator in b"\x01\x02|&":
        result = _bits(operator, whole(a), whole(b))
    else:
        result = _fractions(operator, a, b)
    if not _fits(result):
        raise _too_large()
    return result


def _fits(value):
    if type(value) is int:
        return -MOST < value < MOST
    return -MOST < value[0] < MOST and value[1] < MOST


def _too_large():
    return SourceFault("range", b"", 0, "the value has more than {} bits".format(MOST_BITS))


def _whole_numbers(operator, a, b):
    if operator == 0x2F:
        return _quotient(a, b)
    if operator == 0x5E:
        return _power(a, 1, b)
    return _bits(operator, a, b)


def _bits(operator, a, b):
    if operator == 0x7C:
        return a | b
    if operator == 0x26:
        return a & b
    if not 0 <= b <= MOST_SHIFT:
        raise SourceFault("range", b"", 0, "a shift by {} bits; 0 to {}".format(b, MOST_SHIFT))
    return a << b if operator == 1 else a >> b


def _fractions(operator, a, b):
    n, d = (a, 1) if type(a) is int else a
    m, e = (b, 1) if type(b) is int else b
    if operator == 0x2B:
        return fraction(n * e + m * d, d * e)
    if operator == 0x2D:
        return fraction(n * e - m * d, d * e)
    if operator == 0x2A:
        return fraction(n * m, d * e)
    if operator == 0x2F:
        return _quotient(n * e, m * d)
    return _power(n, d, m)


def _quotient(a, b):
    if not b:
        raise SourceFault("division-by-zero", b"")
    return fraction(a, b) if b > 0 else fraction(-a, -b)


def _power(n, d, exponent):
    """(n / d) ^ exponent."""
    if exponent < 0:
        if not n:
            raise SourceFault("division-by-zero", b"")
        n, d, exponent = (d, n, -exponent) if n > 0 else (-d, -n, -exponent)
    if -1 <= n <= 1 and d == 1:
        exponent = exponent if exponent < 2 else 2 + exponent % 2
    elif exponent > MOST_BITS or max(n.bit_length(), d.bit_length()) * exponent > 2 * MOST_BITS:
        raise _too_large()
    return fraction(n**exponent, d**exponent)
