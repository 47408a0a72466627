# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The functions of expressions, in whole numbers alone: the same digits everywhere. Loaded where one is used."""

from fxasm.errors import SourceFault
from fxasm.exact import fraction, negative, whole

# Binary places of what is not exact. A result has half of them: the rest is for errors of rounding on the way.
PLACES = 192
ONE = 1 << PLACES
RESULT = 96
# The largest argument of EXP and the trigonometric functions, in bits; and of FACT.
ARGUMENT_BITS = 9
ANGLE_BITS = 40
LARGEST_FACT = 170

NAMES = b"PI SIN COS TAN EXP LN LOG10 LOG2 FLOOR CEILING ROUND TRUNCATE ABS FACT"


def call(name, argument):
    """Returns the value of the function for the argument, which is None where there is none; raises SourceFault."""
    if name not in NAMES.split():
        raise SourceFault("undefined-symbol", name, 0, "there is no such function")
    if (argument is None) != (name == b"PI"):
        wanted = "it takes no argument" if name == b"PI" else "its argument is missing"
        raise SourceFault("expression-syntax", name, 0, wanted)
    if argument is None:
        return _result(_pi())
    try:
        return FUNCTIONS[name](argument)
    except ValueError as error:
        raise SourceFault("range", name, 0, str(error))


def power(base, exponent):
    """Returns base ^ exponent for an exponent that is no whole number."""
    if _compare(base, 0) <= 0:
        raise SourceFault("range", b"", 0, "the base is not above 0 and the exponent no whole number")
    try:
        return _result(_exp(_ln(base) * exponent[0] // exponent[1]))
    except ValueError as error:
        raise SourceFault("range", b"", 0, str(error))


def _fixed(value):
    """The value with PLACES binary places."""
    return value << PLACES if type(value) is int else (value[0] << PLACES) // value[1]


def _result(fixed):
    """The value of a number with PLACES binary places, rounded."""
    return fraction((fixed + (1 << PLACES - RESULT - 1)) >> PLACES - RESULT, 1 << RESULT)


def _compare(value, other):
    return value - other if type(value) is int else value[0] - other * value[1]


def _arc_tangent_of_reciprocal(n):
    term = ONE // n
    total, k, square, sign = term, 1, n * n, 1
    while term:
        term //= square
        k += 2
        sign = -sign
        total += sign * (term // k)
    return total


def _pi():
    return 16 * _arc_tangent_of_reciprocal(5) - 4 * _arc_tangent_of_reciprocal(239)


def _series(x, term, k):
    """Sums every second term of the exponential series with alternating signs: sine or cosine."""
    total, square = term, x * x >> PLACES
    while term:
        term = -(term * square >> PLACES) // ((k + 1) * (k + 2))
        if term == -1:
            break
        k += 2
        total += term
    return total


def _angle(value):
    if abs(whole(value)) >> ANGLE_BITS:
        raise ValueError("the angle has more than {} bits".format(ANGLE_BITS))
    turn = 2 * _pi()
    x = _fixed(value) % turn
    return x - turn if x > turn // 2 else x


def _sine(value):
    x = _angle(value)
    return _series(x, x, 1)


def _cosine(value):
    return _series(_angle(value), ONE, 0)


def _tangent(value):
    cosine = _cosine(value)
    if not cosine >> PLACES - RESULT:
        raise ValueError("the tangent has no value there")
    return (_sine(value) << PLACES) // cosine


def _exp(x):
    """e ^ x, both with PLACES binary places."""
    if abs(x) >> PLACES + ARGUMENT_BITS:
        raise ValueError("the exponent is too large")
    halvings = 0
    while abs(x) >> PLACES:
        x >>= 1
        halvings += 1
    total = term = ONE
    k = 0
    while term and term != -1:
        k += 1
        term = (term * x >> PLACES) // k
        total += term
    while halvings:
        total = total * total >> PLACES
        halvings -= 1
    return total


def _ln(value):
    """The natural logarithm of a value above 0, with PLACES binary places."""
    if _compare(value, 0) <= 0:
        raise ValueError("there is a logarithm only above 0")
    n, d = (value, 1) if type(value) is int else value
    shift = n.bit_length() - d.bit_length()
    x = (n << PLACES) // (d << shift) if shift > 0 else (n << PLACES - shift) // d
    return _ln_near_one(x) + shift * _ln_near_one(2 * ONE)


def _ln_near_one(x):
    """The logarithm of 0.5 to 2: twice the area tangent of (x - 1) / (x + 1)."""
    y = ((x - ONE) << PLACES) // (x + ONE)
    square, power_of_y, total, k = y * y >> PLACES, y, 0, 1
    while power_of_y and power_of_y != -1:
        total += power_of_y // k
        power_of_y = power_of_y * square >> PLACES
        k += 2
    return 2 * total


def _exact_logarithm(value, base):
    """Returns the logarithm if it is a whole number, else None."""
    n, d = (value, 1) if type(value) is int else value
    if n != 1 and d != 1 or n < 1:
        return None
    top, count = max(n, d), 0
    while top % base == 0:
        top //= base
        count += 1
    return (count if d == 1 else -count) if top == 1 else None


def _logarithm(value, base):
    exact = _exact_logarithm(value, base)
    return _result((_ln(value) << PLACES) // _ln(base)) if exact is None else exact


def _floor(value):
    return value if type(value) is int else value[0] // value[1]


def _absolute(value):
    return negative(value) if _compare(value, 0) < 0 else value


def _factorial(value):
    if type(value) is not int or not 0 <= value <= LARGEST_FACT:
        raise ValueError("whole numbers from 0 to {}".format(LARGEST_FACT))
    result = 1
    for factor in range(2, value + 1):
        result *= factor
    return result


FUNCTIONS = {
    b"SIN": lambda value: _result(_sine(value)),
    b"COS": lambda value: _result(_cosine(value)),
    b"TAN": lambda value: _result(_tangent(value)),
    b"EXP": lambda value: _result(_exp(_fixed(value))),
    b"LN": lambda value: _result(_ln(value)),
    b"LOG10": lambda value: _logarithm(value, 10),
    b"LOG2": lambda value: _logarithm(value, 2),
    b"FLOOR": _floor,
    b"CEILING": lambda value: negative(_floor(negative(value))),
    b"ROUND": lambda value: value if type(value) is int else (2 * value[0] + value[1]) // (2 * value[1]),
    b"TRUNCATE": whole,
    b"ABS": _absolute,
    b"FACT": _factorial,
}
