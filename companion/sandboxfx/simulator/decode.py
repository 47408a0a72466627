# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Instruction words become what the engine runs: operations on cells, and the constants that they need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from fxasm import isa
from sandboxfx.simulator.effects import EFFECTS
from sandboxfx.simulator.kernel import cells, operations

LAST_CORE = 17
LAST_MREG = 127
LAST_SFR = 48
READ_ONLY_CORE = cells.FLAGS
WRITABLE_SFR = {*range(4, 8), *range(10, 16), *range(28, 34), 44}
OUTPUTS = range(4, 8)
POT_K = range(10, 16)


class Refused(Exception):
    """The word names something that the chip does not have."""


@dataclass
class Code:
    """A program as the engine takes it, a list per column; `constants` go to the cells from CONSTANTS on.

    `findings`: address -> why the word is no instruction that the chip's documents define.
    """

    operations: list[int] = field(default_factory=list)
    xs: list[int] = field(default_factory=list)
    ys: list[int] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    constants: list[int] = field(default_factory=list)
    mnemonics: list[str] = field(default_factory=list)
    findings: dict[int, str] = field(default_factory=dict)


def decode(words: Sequence[int], stop_at_undefined: bool = False, invert_chorus: bool = False) -> Code:
    """Returns the code of a program.

    :param stop_at_undefined: a word that is no instruction ends the run; otherwise it does nothing
    :param invert_chorus: CHR reads farthest where its LFO is lowest
    """
    code = Code()
    for word in words:
        address = len(code.operations)
        try:
            mnemonic, row = _decode_word(word, code)
        except Refused as refusal:
            code.findings[address] = str(refusal)
            operation = operations.STOP if stop_at_undefined else operations.UNDEFINED
            mnemonic, row = f"{word:08X}", (operation, cells.ZERO, cells.ZERO, cells.SINK)
        operation, x, y, target = row
        if invert_chorus and operation in (operations.CHORUS, operations.CHORUS_NEGATED):
            operation = operations.CHORUS + operations.CHORUS_NEGATED - operation
        code.mnemonics.append(mnemonic)
        code.operations.append(operation)
        code.xs.append(x)
        code.ys.append(y)
        code.targets.append(target)
    return code


def _decode_word(word: int, code: Code) -> tuple[str, tuple[int, int, int, int]]:
    found = isa.decode(word >> 24)
    if found is None:
        raise Refused(f"{word >> 24:02X} is no instruction")
    mnemonic = found[0].decode()
    effect = EFFECTS[mnemonic]
    r, m = word >> 16 & 0xFF, word & 0xFFFF
    operation: int = getattr(operations, effect.operation)
    if mnemonic == "CHR" and r & 8:
        operation = operations.CHORUS_NEGATED
    if mnemonic == "CPY_SC" and m in POT_K:
        operation = operations.COPY_5_BITS
    x = _operand(effect.x, r, m, code)
    y = _operand(effect.y, r, m, code)
    return mnemonic, (operation, x, y, _target(effect.target, r, m))


def _operand(kind: str, r: int, m: int, code: Code) -> int:
    """The cell that holds an operand."""
    if kind in CELLS:
        return CELLS[kind](r, m)
    code.constants.append(VALUES[kind](r, m))
    return cells.CONSTANTS + len(code.constants) - 1


def _target(kind: str, r: int, m: int) -> int:
    """The cell that takes the result."""
    if kind == "acc":
        return cells.ACC32
    if kind == "-":
        return cells.SINK
    if kind == "user":
        return cells.USER1 if m & 0x20 else cells.USER0
    if kind == "m":
        return _mreg(r, m)
    if kind == "s":
        if m not in WRITABLE_SFR:
            raise Refused(f"special function register {m} cannot be written")
        return cells.SFR0 + m
    if _core(r) == READ_ONLY_CORE:
        raise Refused("FLAGS cannot be written")
    return r


def _core(number: int) -> int:
    if number > LAST_CORE:
        raise Refused(f"there is no core register {number}")
    return number


def _mreg(r: int, m: int) -> int:
    if m > LAST_MREG:
        raise Refused(f"there is no MREG {m}")
    return cells.MR0 + m


def _sfr(r: int, m: int) -> int:
    if m > LAST_SFR:
        raise Refused(f"there is no special function register {m}")
    return cells.ZERO if m in OUTPUTS else cells.SFR0 + m


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


def _block(r: int, m: int) -> int:
    """PITCH's address, length and crossfade, as the engine wants them."""
    return m & 0x7FFF | (9 + (r >> 2 & 3)) << 16 | (r >> 4 & 3) << 20


# One function an operand kind: those that are a cell of the machine, and those that are a constant.
CELLS: dict[str, Callable[[int, int], int]] = {
    "-": lambda r, m: cells.ZERO,
    "c": lambda r, m: _core(r),
    "d": lambda r, m: _core(m),
    "m": _mreg,
    "s": _sfr,
    "lfo": lambda r, m: cells.LFO0_S + (r & 7),
    "ramp": lambda r, m: cells.RAMP0_R + (r & 1),
}
VALUES: dict[str, Callable[[int, int], int]] = {
    "a": lambda r, m: m & 0x7FFF,
    "signed": lambda r, m: _signed(m, 16),
    "unsigned": lambda r, m: m,
    "high": lambda r, m: _signed(m, 16) << 16,
    "fraction7": lambda r, m: _signed(r, 8) << 24,
    "shift": lambda r, m: m & 31,
    "jump": lambda r, m: m,
    "bit": lambda r, m: m & 31,
    "block": _block,
}
