# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Two programs compared by what they mean: presets by name, delay memory by block, instructions in order.

A jump is the same as another if it goes to the same instruction, wherever that is; a tap is the same if it has the same
place in its block, wherever that block begins.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from fxasm import decoder
from fxasm.contents import start_values, words
from fxasm.decoder import Decoded
from fxasm.disassembler import Block, address_text, delay_blocks
from fxcore.program import Program


@dataclass(frozen=True)
class PresetChange:
    """A register that starts with another value, as its raw unsigned word."""

    name: str
    old: int
    new: int


@dataclass(frozen=True)
class BlockChange:
    """A block of delay memory with another length in words, 0 where there is none."""

    name: str
    old: int
    new: int


@dataclass(frozen=True)
class InstructionChange:
    """An instruction that only one of the two has, or a jump that leads elsewhere; places count from 0."""

    old_place: int | None
    new_place: int | None
    old_text: str
    new_text: str


@dataclass(frozen=True)
class Difference:
    """All that differs between an old and a new program."""

    presets: list[PresetChange]
    blocks: list[BlockChange]
    instructions: list[InstructionChange]

    @property
    def same(self) -> bool:
        """True if the two programs mean the same: then their words are the same as well."""
        return not (self.presets or self.blocks or self.instructions)


def compare(old: Program, new: Program) -> Difference:
    """Returns what differs between two programs."""
    one, other = _Listing(old), _Listing(new)
    by_block = len(one.blocks) == len(other.blocks)
    old_keys, new_keys = one.keys(by_block), other.keys(by_block)
    matching = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes()
    partners = {
        old_start + i: new_start + i
        for kind, old_start, old_end, new_start, _ in matching
        for i in range(old_end - old_start)
        if kind == "equal"
    }
    partners[len(old_keys)] = len(new_keys)
    changes = []
    for kind, old_start, old_end, new_start, new_end in matching:
        if kind == "equal":
            changes += _changed_jumps(one, other, old_start, old_end, partners)
            continue
        changes += [InstructionChange(place, None, one.text(place), "") for place in range(old_start, old_end)]
        changes += [InstructionChange(None, place, "", other.text(place)) for place in range(new_start, new_end)]
    return Difference(_preset_changes(old, new), _block_changes(one.blocks, other.blocks), changes)


class _Listing:
    """A program's instructions as text."""

    def __init__(self, program: Program) -> None:
        self.words = words(program)
        self._decoded = [decoder.decode(word) for word in self.words]
        self.blocks = delay_blocks([found for found in self._decoded if found])

    def keys(self, by_block: bool) -> list[str]:
        """What two instructions must have in common to be the same one; where a jump leads is left out."""
        return [self._text(place, by_block, "") for place in range(len(self.words))]

    def text(self, place: int) -> str:
        """The instruction as it is shown."""
        target = self.target(place)
        return self._text(place, True, "" if target is None else f"to {target}")

    def target(self, place: int) -> int | None:
        """Where the instruction jumps to, or None if it is no jump."""
        decoded = self._decoded[place]
        for kind, number in decoded[1] if decoded else ():
            if kind == "j":
                return place + 1 + number
        return None

    def _text(self, place: int, by_block: bool, target: str) -> str:
        decoded: Decoded | None = self._decoded[place]
        if decoded is None:
            return f"{self.words[place]:08X} (no instruction)"
        mnemonic, operands = decoded
        texts = []
        for kind, number in operands:
            if kind == "a" and by_block:
                texts.append(address_text(number, self.blocks))
            else:
                texts.append(target if kind == "j" else decoder.operand_text(mnemonic, kind, number))
        return decoder.line(mnemonic, texts)


def _changed_jumps(
    one: _Listing, other: _Listing, start: int, end: int, partners: dict[int, int]
) -> list[InstructionChange]:
    changes = []
    for place in range(start, end):
        target = one.target(place)
        if target is not None and partners.get(target) != other.target(partners[place]):
            new = partners[place]
            changes.append(InstructionChange(place, new, one.text(place), other.text(new)))
    return changes


def _preset_changes(old: Program, new: Program) -> list[PresetChange]:
    after = start_values(new)
    return [PresetChange(name, value, after[name]) for name, value in start_values(old).items() if value != after[name]]


def _block_changes(old: list[Block], new: list[Block]) -> list[BlockChange]:
    before = {name: end - start + 1 for name, start, end in old}
    after = {name: end - start + 1 for name, start, end in new}
    return [
        BlockChange(name, before.get(name, 0), after.get(name, 0))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]
