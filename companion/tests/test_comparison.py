# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Two programs compared by what they mean."""

import pytest

from host_tests.boards.programs.generate import random_program, to_hex
from host_tests.boards.programs.program import Program
from sandboxfx.comparison import BlockChange, InstructionChange, PresetChange, compare
from sandboxfx.hexfiles import read_hex

NEG = 0x34000000
RDDEL, WRDEL = 0x88000000, 0x8A000000
JNZ, JZ, JMP = 0xB2000000, 0xB4000000, 0xB8000000


def of(*words: int, **presets: dict[int, int] | dict[str, int]):
    return read_hex(to_hex(Program(list(words), **presets)).encode())  # type: ignore[arg-type]


def test_a_program_is_the_same_as_itself() -> None:
    program = read_hex(to_hex(random_program(7, 300)).encode())
    assert compare(program, program).same


def test_presets_are_told_by_name() -> None:
    old = of(NEG, creg={3: 5}, sfr={"POT1_K": 12})
    new = of(NEG, mreg={127: 0xFFFFFFFF}, sfr={"POT1_K": 12, "USR1": 1})
    difference = compare(old, new)
    assert difference.presets == [
        PresetChange("R3", 5, 0),
        PresetChange("MR127", 0, 0xFFFFFFFF),
        PresetChange("USR1", 0, 1),
    ]
    assert not difference.instructions
    assert not difference.same


def test_an_instruction_more_leaves_the_jumps_over_it_the_same() -> None:
    old = of(JNZ | 1, NEG, NEG | 1 << 16)
    new = of(JNZ | 2, NEG, NEG | 2 << 16, NEG | 1 << 16)
    assert compare(old, new).instructions == [InstructionChange(None, 2, "", "neg      r2")]


def test_a_jump_that_leads_elsewhere_is_told() -> None:
    old, new = of(JMP | 1, NEG, NEG | 1 << 16), of(JMP | 0, NEG, NEG | 1 << 16)
    assert compare(old, new).instructions == [InstructionChange(0, 0, "jmp      to 2", "jmp      to 1")]


def test_a_longer_block_leaves_its_taps_the_same() -> None:
    old = of(RDDEL | 100, WRDEL, RDDEL | 201, WRDEL | 101)
    new = of(RDDEL | 150, WRDEL, RDDEL | 251, WRDEL | 151)
    difference = compare(old, new)
    assert difference.blocks == [BlockChange("delay1", 101, 151)]
    assert not difference.instructions


def test_without_the_same_blocks_addresses_are_compared_as_numbers() -> None:
    old, new = of(RDDEL | 100), of(RDDEL | 100, WRDEL | 50)
    difference = compare(old, new)
    assert difference.blocks == [BlockChange("delay1", 101, 50), BlockChange("delay2", 0, 51)]
    assert difference.instructions == [InstructionChange(None, 1, "", "wrdel    delay2, r0")]


def test_another_jump_instruction_is_another_instruction() -> None:
    assert compare(of(JNZ, NEG), of(JZ, NEG)).instructions == [
        InstructionChange(0, None, "jnz      r0, to 1", ""),
        InstructionChange(None, 0, "", "jz       r0, to 1"),
    ]


@pytest.mark.parametrize("word", [0x03000000, 0x00000001])
def test_words_that_are_no_instructions_are_compared_as_words(word: int) -> None:
    assert compare(of(NEG, word), of(NEG, word)).same
    assert compare(of(NEG, word), of(NEG)).instructions[0].old_text == f"{word:08X} (no instruction)"
