# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Constants of the arithmetic, computed from integers alone, so that they are the same on every computer."""

from fractions import Fraction

PRECISION = 1 << 100


def _ln_2():
    """ln 2 in units of PRECISION: the sum of 1 / (n * 2**n)."""
    return sum(PRECISION // (n << n) for n in range(1, 110))


def _ln_1_plus(k):
    """ln(1 + 2**-k) in units of PRECISION, k from 1: 2 * artanh(x / (2 + x))."""
    x = Fraction(1, (1 << (k + 1)) + 1)
    square = x * x
    term, total, n = x, Fraction(0), 1
    while term > Fraction(1, PRECISION):
        total += term / n
        term *= square
        n += 2
    return int(2 * total * PRECISION)


def _pi():
    """Pi in units of PRECISION: 16 arctan(1/5) - 4 arctan(1/239)."""
    return 16 * _arc_tangent(5) - 4 * _arc_tangent(239)


def _arc_tangent(divisor):
    """arctan(1 / divisor) in units of PRECISION."""
    term, total, n = PRECISION // divisor, 0, 1
    while term:
        total += term // n if n % 4 == 1 else -(term // n)
        term //= divisor * divisor
        n += 2
    return total


def _sine(angle):
    """The sine of an angle, both in units of PRECISION, by its series."""
    term, total, n = angle, 0, 1
    while term:
        total += term
        term = -term * angle // PRECISION * angle // PRECISION // ((n + 1) * (n + 2))
        if term == -1:
            break
        n += 2
    return total


def _rounded(value, bits):
    """A number in units of PRECISION as an integer with so many bits behind the point."""
    return ((value << bits) + PRECISION // 2) // PRECISION


_LN_2 = _ln_2()
_PI = _pi()

# log2(1 + 2**-k) for k = 1..30, and log2(e), ln(2) for the little that is left; 60 and 31 and 30 bits.
LOG2_STEPS = [0] + [_rounded(_ln_1_plus(k) * PRECISION // _LN_2, 60) for k in range(1, 31)]
LOG2_E = _rounded(PRECISION * PRECISION // _LN_2, 30)  # what is left is of 2.0: half of log2(e)
LN2 = _rounded(_LN_2, 30)

# A quarter of a sine, and the angle between two entries in 2**-40 radians.
QUARTER = 1024
SINE = [_rounded(_sine(_PI * i // (2 * QUARTER)) * 0x7FFFFFFF, 0) for i in range(QUARTER + 1)]
RADIAN = _rounded(_PI // (2 * QUARTER), 40)

# 2**62 / (2 pi (2**31 - 1)): from LFO_F to turns, whole and 31 bits of fraction.
_TURN = (PRECISION << 62) * PRECISION // (2 * _PI * 0x7FFFFFFF)
TURN_WHOLE = _TURN // PRECISION
TURN_FRACTION = (_TURN % PRECISION << 31) // PRECISION
