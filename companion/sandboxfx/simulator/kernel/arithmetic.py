# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip's arithmetic on integers: 32-bit words are -2**31..2**31-1, ACC64 is -2**63..2**63-1."""

from sandboxfx.simulator.kernel.tables import LN2, LOG2_E, LOG2_STEPS, QUARTER, RADIAN, SINE, TURN_FRACTION, TURN_WHOLE

MAX32 = 0x7FFFFFFF
MIN32 = -0x80000000
MASK32 = 0xFFFFFFFF
SIGN32 = 0x80000000
MAX64 = 0x7FFFFFFFFFFFFFFF
MIN64 = -0x8000000000000000
MAX63 = 0x3FFFFFFFFFFFFFFF
MIN63 = -0x4000000000000000

ONE60 = 1 << 60
TURN = 1 << 62


def wrap32(value):
    """The low 32 bits, as a signed word."""
    return ((value & MASK32) ^ SIGN32) - SIGN32


def saturate32(value):
    """The nearest word."""
    if value > MAX32:
        return MAX32
    if value < MIN32:
        return MIN32
    return value


def product(a, b, half):
    """The fractional product of two words; only -1.0 * -1.0 saturates.

    :param half: what is added before the low 31 bits are dropped: 0, or 2**30 to round
    """
    value = (a * b + half) >> 31
    return MAX32 if value > MAX32 else value


def accumulate(acc, a, b):
    """ACC64 plus the fractional product of two words in S.63, saturated. -1.0 * -1.0 counts as 2**63 - 1."""
    raw = a * b
    if raw > MAX63:
        return MAX64 if acc >= 0 else acc + MAX64
    half = (acc >> 1) + raw  # half of the sum: the sum itself may need a 65th bit
    if half > MAX63:
        return MAX64
    if half < MIN63:
        return MIN64
    return (half << 1) | (acc & 1)


def log2(value, truncates):
    """log2 of the word's magnitude as S.31, in S5.26; the value is not 0.

    Factors 1 + 2**-k that lift the mantissa to 2.0 are taken off one by one; what is left is linear.

    :param truncates: 0 to round to nearest, 1 to round down
    """
    mantissa = value if value > 0 else -value
    exponent = 0
    while mantissa < SIGN32:
        mantissa <<= 1
        exponent -= 1
    mantissa <<= 29  # 1.0 is 2**60, as in LOG2_STEPS
    if mantissa == ONE60:
        return exponent << 26
    result = ONE60  # log2(2.0), less what was multiplied
    for k in range(1, 31):
        lifted = mantissa + (mantissa >> k)
        if lifted <= 2 * ONE60:
            mantissa = lifted
            result -= LOG2_STEPS[k]
    left = 2 * ONE60 - mantissa  # below 2**31
    result -= (left * LOG2_E) >> 31
    half = 0 if truncates else 1 << 33
    return (exponent << 26) + ((result + half) >> 34)


def exp2(value, truncates):
    """2 to the power of a negative S5.26, as S.31.

    :param truncates: 0 to round to nearest, 1 to round down
    """
    exponent = -(value >> 26)  # 1..32
    rest = (value & 0x3FFFFFF) << 34  # the fraction, 1.0 is 2**60
    result = ONE60
    for k in range(1, 31):
        if rest >= LOG2_STEPS[k]:
            rest -= LOG2_STEPS[k]
            result += result >> k
    result += ((result >> 30) * ((rest * LN2) >> 30)) >> 30
    shift = 29 + exponent
    half = 0 if truncates else 1 << (shift - 1)
    return saturate32((result + half) >> shift)


def phase_step(frequency):
    """How far an LFO turns in a sample, 2**62 a turn, from LFO_F (radians, 1.0 is 2**31 - 1)."""
    return frequency * TURN_WHOLE + ((frequency * TURN_FRACTION) >> 31)


def sine(phase):
    """The sine of 2**62 a turn, -0x7FFFFFFF..0x7FFFFFFF: a table, and the addition theorem between its entries."""
    place = (phase >> 50) & (QUARTER - 1)
    angle = (((phase >> 20) & 0x3FFFFFFF) * RADIAN) >> 30  # above the entry, in 2**-40
    square = (angle * angle) >> 40
    cosine_of_angle = (1 << 40) - (square >> 1)
    sine_of_angle = angle - ((square * angle) >> 40) // 6
    quadrant = (phase >> 60) & 3
    if quadrant & 1:  # sin(90 degrees + a) = cos(a)
        value = (SINE[QUARTER - place] * (cosine_of_angle >> 9) - SINE[place] * (sine_of_angle >> 9)) >> 31
    else:
        value = (SINE[place] * (cosine_of_angle >> 9) + SINE[QUARTER - place] * (sine_of_angle >> 9)) >> 31
    if value > MAX32:
        value = MAX32
    return -value if quadrant & 2 else value
