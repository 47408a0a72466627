# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Every instruction against its second definition, on both engines. check_definition.py tries more of each."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fxasm import isa
from sandboxfx.simulator import Machine
from tests.simulator import definition
from tests.simulator.definition import SKIPPED, core, signed
from tests.simulator.words import word

EDGES = [0, 1, -1, 0x7FFFFFFF, -0x80000000, 0x40000000, -0x40000000, 0x7FFF0000, 0x0000FFFF, 0x00010000]
WORDS = st.one_of(st.sampled_from(EDGES), st.integers(-(2**31), 2**31 - 1))
WIDE_EDGES = [0, -1, 2**63 - 1, -(2**63), 0x0FFFFFFF << 32, 0x10000000 << 32, -0x10000000 << 32]
WIDE = st.one_of(st.sampled_from(WIDE_EDGES), st.integers(-(2**63), 2**63 - 1))

BEHIND = 3  # instructions behind the one that is tried, for jumps to land among
NOTHING = word("CPY_CC", 0, 0)

BITS = {"f": 16, "i": 16, "g": 8, "a": 15, "n": 5, "q": 4, "p": 6, "b": 6, "m": 7, "M": 7}
OPERANDS = {letter: st.integers(0, 2**bits - 1) for letter, bits in BITS.items()}
OPERANDS |= {"c": st.integers(0, 17), "C": st.integers(0, 16), "d": st.integers(0, 17), "j": st.integers(0, BEHIND)}
OPERANDS |= {"s": st.sampled_from(definition.READABLE), "S": st.sampled_from(definition.WRITABLE)}


class State(dict[str, int]):
    """A state that is drawn as it is asked for."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        super().__init__()
        self._draw = draw

    def __missing__(self, name: str) -> int:
        if name == "FLAGS":
            kind = st.integers(0, 0xFFFF)
        elif name == "ACC64":
            kind = WIDE
        else:
            kind = WORDS
        value = self._draw(kind)
        self[name] = signed(value, 16) if name.startswith("DEL") else value
        return self[name]


@functools.cache
def machine(engine: str) -> Machine:
    """One machine for all: making one takes longer than an instruction."""
    return Machine([NOTHING], engine=engine)


def after(engine: str, instruction: int, state: dict[str, int]) -> tuple[Machine, int]:
    """The machine after one pass of the instruction from the state, and how many instructions it jumped over."""
    one = machine(engine)
    one.load([instruction] + [NOTHING] * BEHIND)
    for name, value in state.items():
        one[name] = value
    return one, 1 + BEHIND - one.run_pass()


def compare(mnemonic: str, data: st.DataObject) -> None:
    """One word of the instruction, from one state, on both engines and by its definition."""
    letters = isa.find(mnemonic.encode())[1].decode()
    instruction = word(mnemonic, *(data.draw(OPERANDS[letter]) for letter in letters))
    state = State(data.draw)
    expected = definition.DEFINITIONS[mnemonic](definition.Word(instruction, state))
    before = dict(state)
    for engine in ("plain", "compiled"):
        result, skipped = after(engine, instruction, before)
        assert skipped == expected.get(SKIPPED, 0)
        for name in {**before, **expected}:
            if name != SKIPPED:
                assert result[name] == expected.get(name, before.get(name)), name


@pytest.mark.parametrize("mnemonic", list(definition.DEFINITIONS))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_an_instruction_does_what_its_definition_says(mnemonic, data):
    compare(mnemonic, data)


def test_there_is_a_definition_of_every_instruction():
    assert {row.decode() for row in isa.mnemonics()} == set(definition.DEFINITIONS)


def test_the_definitions_know_the_core_registers_by_name():
    assert [core(0), core(15), core(16), core(17)] == ["R0", "R15", "ACC32", "FLAGS"]
