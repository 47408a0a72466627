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


def scaled(value, factor):
    """Returns the greatest int that is not above value * factor (an int)."""
    if type(value) is int:
        return value * factor
    return value[0] * factor // value[1]


def negative(value):
    """Returns -value."""
    return -value if type(value) is int else (-value[0], value[1])


def apply(operator, a, b):
    """Returns a OPERATOR b; raises SourceFault, with a text of no length. An exponent is a whole number."""
    if operator in b"<>|&":
        result = _bits(operator, whole(a), whole(b))
    elif type(a) is int and type(b) is int:
        result = _whole_numbers(operator, a, b)
    else:
        result = _fractions(operator, a, b)
    if type(result) is int:
        fits = -MOST < result < MOST
    else:
        fits = -MOST < result[0] < MOST and result[1] < MOST
    if not fits:
        raise _too_large()
    return result


def _too_large():
    return SourceFault("range", b"", 0, "the value has more than {} bits".format(MOST_BITS))


def _whole_numbers(operator, a, b):
    if operator == 0x2B:
        return a + b
    if operator == 0x2D:
        return a - b
    if operator == 0x2A:
        return a * b
    if operator == 0x2F:
        return _quotient(a, b)
    return _power(a, 1, b)


def _bits(operator, a, b):
    if operator == 0x7C:
        return a | b
    if operator == 0x26:
        return a & b
    if not 0 <= b <= MOST_SHIFT:
        raise SourceFault("range", b"", 0, "a shift by {} bits; 0 to {}".format(b, MOST_SHIFT))
    return a << b if operator == 0x3C else a >> b


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
