# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The instructions once more, written down by themselves: exact integers and fractions of any size, no engine.

`state` maps names (R0..R15, ACC32, FLAGS, ACC64, MR0.., special function registers, USER0, USER1) to signed numbers and
DEL0.. to signed 16-bit words; what an instruction changes is returned in a mapping of the same kind.
"""

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction

State = Mapping[str, int]
Changes = dict[str, int]

ONE = 2**31
SKIPPED = "skipped"


def signed(value: int, bits: int) -> int:
    """Two's complement of so many bits."""
    value %= 2**bits
    return value - 2**bits if value >= 2 ** (bits - 1) else value


def limit(value: int, bits: int = 32) -> int:
    """The nearest number of so many bits."""
    return max(-(2 ** (bits - 1)), min(2 ** (bits - 1) - 1, value))


def core(number: int) -> str:
    """The name of a core register."""
    return f"R{number}" if number < 16 else ("ACC32", "FLAGS")[number - 16]


def times(a: int, b: int) -> int:
    """Two S.31 numbers: their product, cut, not rounded, to S.31."""
    return limit(math.floor(Fraction(a * b, ONE)))


class Word:
    """The fields of an instruction word, as the definitions below read them."""

    def __init__(self, word: int, state: State) -> None:
        self.r, self.m, self.state = word >> 16 & 0xFF, word & 0xFFFF, state

    @property
    def c(self) -> int:
        return self.state[core(self.r)]

    @property
    def d(self) -> int:
        return self.state[core(self.m)]

    @property
    def i(self) -> int:
        return signed(self.m, 16)

    @property
    def f(self) -> int:
        return signed(self.m, 16) * 2**16

    @property
    def g(self) -> int:
        return signed(self.r, 8) * 2**24

    @property
    def acc(self) -> int:
        return self.state["ACC32"]

    @property
    def acc64(self) -> int:
        return self.state["ACC64"]

    def memory(self, address: int) -> int:
        """A delay word as S.31."""
        return self.state[f"DEL{address % 32768}"] * 2**16


def acc(value: int) -> Changes:
    """The result is in ACC32."""
    return {"ACC32": value}


def mac(w: Word, a: int, b: int) -> Changes:
    """ACC64 plus twice the product; -1.0 squared is just under 1.0."""
    return {"ACC64": limit(w.acc64 + limit(2 * a * b, 64), 64)}


def store(address: int, value: int) -> Changes:
    """What a delay word keeps of a value."""
    return {f"DEL{address % 32768}": value // 2**16}


def between(w: Word, address: int, offset: int) -> int:
    """A point between two delay words; the offset is 15.16."""
    first = w.memory(address + offset // 2**16)
    second = w.memory(address + offset // 2**16 + 1)
    return limit(times(limit(second - first), offset % 2**16 * 2**15) + first)


def logarithm(value: int) -> int:
    """log2 of |value|, S.31 to S5.26, to the nearest."""
    if value == 0:
        return -(2**31)
    magnitude = abs(value)
    if magnitude & (magnitude - 1) == 0:
        return (magnitude.bit_length() - 32) * 2**26
    with localcontext(prec=40):
        exact = (Decimal(magnitude) / ONE).ln() / Decimal(2).ln() * 2**26
        return int((exact + Decimal("0.5")).to_integral_value(ROUND_FLOOR))


def power(value: int) -> int:
    """2 to the power of an S5.26, as S.31, to the nearest."""
    if value >= 0:
        return 2**31 - 1
    if value % 2**26 == 0:
        return math.floor(Fraction(ONE, 2 ** (-value // 2**26)) + Fraction(1, 2))
    with localcontext(prec=40):
        exact = (Decimal(value) / 2**26 * Decimal(2).ln()).exp() * ONE
        return limit(int((exact + Decimal("0.5")).to_integral_value(ROUND_FLOOR)))


def all_pass_a(w: Word, tail: int, coefficient: int) -> Changes:
    """The first half of an all-pass."""
    return {"ACC32": limit(times(tail, coefficient) + w.acc), "R15": tail}


def all_pass_b(w: Word, coefficient: int) -> Changes:
    """The second half, without what is stored."""
    return acc(limit(times(w.acc, coefficient) + w.state["R15"]))


def chorus(w: Word) -> Changes:
    """CHR: an LFO between -1 and 1 goes from no offset to R15 samples."""
    value = w.state[f"LFO{w.r >> 1 & 3}_{'SC'[w.r & 1]}"]
    value = limit(-value) if w.r & 8 else value
    depth = w.state["R15"] % 2**31
    depth = depth if depth >= 2**16 else 0
    half_swing = Fraction((value + ONE) // 2, ONE)
    return acc(between(w, w.m % 32768, math.floor(depth * half_swing + Fraction(1, 2))))


def pitch(w: Word) -> Changes:
    """PITCH: two places half a block apart."""
    turn = Fraction(w.state[f"RAMP{w.r & 1}_R"] % 2**32, 2**32)
    length = 512 << (w.r >> 2 & 3)
    fade = 2 * turn if turn < Fraction(1, 2) else 2 - 2 * turn
    total = 0
    for place, loudness in ((turn, fade), ((turn + Fraction(1, 2)) % 1, 1 - fade)):
        tap = between(w, w.m % 32768, math.floor(place * length * 2**16))
        total += math.floor(tap * loudness)
    return acc(limit(total))


def jump(w: Word, is_taken: bool) -> Changes:
    """How many instructions are jumped over."""
    return {SKIPPED: w.m if is_taken else 0}


def shifted(w: Word, by: int) -> int:
    """The register to the left."""
    return w.c * 2 ** (by % 32)


SFR_NAMES = dict(
    enumerate(
        "IN0 IN1 IN2 IN3 OUT0 OUT1 OUT2 OUT3 PIN SWITCH POT0_K POT1_K POT2_K POT3_K POT4_K POT5_K POT0 POT1 POT2 POT3"
        " POT4 POT5 POT0_SMTH POT1_SMTH POT2_SMTH POT3_SMTH POT4_SMTH POT5_SMTH LFO0_F LFO1_F LFO2_F LFO3_F RAMP0_F"
        " RAMP1_F LFO0_S LFO0_C LFO1_S LFO1_C LFO2_S LFO2_C LFO3_S LFO3_C RAMP0_R RAMP1_R MAXTEMPO TAPTEMPO SAMPLECNT"
        " NOISE BOOTSTAT".split()
    )
)

DEFINITIONS: dict[str, Callable[[Word], Changes]] = {
    "ABS": lambda w: acc(limit(abs(w.c))),
    "CLRACC64": lambda w: {"ACC64": 0},
    "ADDI": lambda w: acc(signed(w.c + w.i, 32)),
    "ADD": lambda w: acc(signed(w.c + w.d, 32)),
    "ADDS": lambda w: acc(limit(w.c + w.d)),
    "ADDSI": lambda w: acc(limit(w.c + w.f)),
    "SUB": lambda w: acc(signed(w.c - w.d, 32)),
    "SUBS": lambda w: acc(limit(w.c - w.d)),
    "SL": lambda w: acc(signed(shifted(w, w.m), 32)),
    "SLR": lambda w: acc(signed(shifted(w, w.d), 32)),
    "SLS": lambda w: acc(limit(shifted(w, w.m))),
    "SLSR": lambda w: acc(limit(shifted(w, w.d))),
    "SR": lambda w: acc(signed(w.c % 2**32 // 2 ** (w.m % 32), 32)),
    "SRR": lambda w: acc(signed(w.c % 2**32 // 2 ** (w.d % 32), 32)),
    "SRA": lambda w: acc(w.c // 2 ** (w.m % 32)),
    "SRAR": lambda w: acc(w.c // 2 ** (w.d % 32)),
    "MACRR": lambda w: mac(w, w.c, w.d),
    "MACRI": lambda w: mac(w, w.c, w.f),
    "MACRD": lambda w: mac(w, w.c, w.memory(w.m)),
    "MACID": lambda w: mac(w, w.g, w.memory(w.m)),
    "MACHRR": lambda w: mac(w, w.c, w.d // 8),
    "MACHRI": lambda w: mac(w, w.c, w.f // 8),
    "MACHRD": lambda w: mac(w, w.c, w.memory(w.m) // 8),
    "MACHID": lambda w: mac(w, w.g, w.memory(w.m) // 8),
    "MULTRR": lambda w: acc(times(w.c, w.d)),
    "MULTRI": lambda w: acc(times(w.c, w.f)),
    "NEG": lambda w: acc(limit(-w.c)),
    "LOG2": lambda w: acc(logarithm(w.c)),
    "EXP2": lambda w: acc(power(w.c)),
    "CPY_CC": lambda w: {core(w.r): w.d},
    "CPY_CM": lambda w: {core(w.r): w.state[f"MR{w.m}"]},
    "CPY_CS": lambda w: {core(w.r): w.state[SFR_NAMES[w.m]]},
    "CPY_MC": lambda w: {f"MR{w.m}": w.c},
    "CPY_SC": lambda w: {SFR_NAMES[w.m]: w.c % 32 if SFR_NAMES[w.m].endswith("_K") else w.c},
    "CPY_CMX": lambda w: {core(w.r): w.state[f"MR{w.d % 128}"]},
    "RDACC64U": lambda w: {core(w.r): w.acc64 // 2**32},
    "RDACC64L": lambda w: {core(w.r): signed(w.acc64, 32)},
    "LDACC64U": lambda w: {"ACC64": w.c * 2**32 + w.acc64 % 2**32},
    "LDACC64L": lambda w: {"ACC64": w.acc64 // 2**32 * 2**32 + w.c % 2**32},
    "RDDEL": lambda w: {core(w.r): w.memory(w.m)},
    "WRDEL": lambda w: store(w.m, w.c),
    "RDDELX": lambda w: {core(w.r): w.memory(w.d)},
    "WRDELX": lambda w: store(w.c, w.d),
    "RDDIRX": lambda w: {core(w.r): w.memory(w.d)},
    "WRDIRX": lambda w: store(w.c, w.d),
    "SAT64": lambda w: {core(w.r): limit(w.acc64 // 2**32 * 8)},
    "WRDLD": lambda w: {core(w.r): w.f},
    "INV": lambda w: acc(-1 - w.c),
    "OR": lambda w: acc(w.c | w.d),
    "ORI": lambda w: acc(w.c | w.m),
    "AND": lambda w: acc(w.c & w.d),
    "ANDI": lambda w: acc(w.c % 2**16 & w.m),
    "XOR": lambda w: acc(w.c ^ w.d),
    "XORI": lambda w: acc(w.c ^ w.m),
    "JGEZ": lambda w: jump(w, w.c >= 0),
    "JNEG": lambda w: jump(w, w.c < 0),
    "JNZ": lambda w: jump(w, w.c != 0),
    "JZ": lambda w: jump(w, w.c == 0),
    "JZC": lambda w: jump(w, (w.c < 0) != (w.acc < 0)),
    "JMP": lambda w: jump(w, True),
    "APA": lambda w: all_pass_a(w, w.memory(w.m), w.g),
    "APB": lambda w: store(w.m, w.acc) | all_pass_b(w, w.g),
    "APRA": lambda w: all_pass_a(w, w.memory(w.m), limit(-w.c)),
    "APRB": lambda w: store(w.m, w.acc) | all_pass_b(w, w.c),
    "APRRA": lambda w: all_pass_a(w, w.memory(w.d), limit(-w.c)),
    "APRRB": lambda w: store(w.d, w.acc) | all_pass_b(w, w.c),
    "APMA": lambda w: all_pass_a(w, w.state[f"MR{w.m}"], limit(-w.c)),
    "APMB": lambda w: {f"MR{w.m}": w.acc} | all_pass_b(w, w.c),
    "CHR": chorus,
    "PITCH": pitch,
    "SET": lambda w: {f"USER{w.m >> 5 & 1}": w.c % 2**32 >> (w.m & 31) & 1},
    "INTERP": lambda w: acc(between(w, w.m, w.c % 2**31)),
}

READABLE = [number for number, name in SFR_NAMES.items() if not name.startswith("OUT")]
WRITABLE = [n for n, name in SFR_NAMES.items() if name.startswith("OUT") or name.endswith(("_K", "_F", "MAXTEMPO"))]
