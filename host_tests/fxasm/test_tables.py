# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The tables that assembler, disassembler and simulator share: instructions, registers, reserved words."""

import pytest

from fxasm import isa, registers, words


def test_there_are_72_instructions_each_with_an_even_opcode_of_its_own():
    rows = [isa.find(mnemonic) for mnemonic in isa.mnemonics()]
    opcodes = {opcode for opcode, _ in rows}
    assert len(rows) == len(opcodes) == len(set(isa.mnemonics())) == 72
    assert all(opcode % 2 == 0 for opcode in opcodes)


def test_every_opcode_leads_back_to_its_mnemonic():
    for mnemonic in isa.mnemonics():
        opcode, kinds = isa.find(mnemonic)
        assert isa.decode(opcode) == (mnemonic, kinds)


def test_no_two_operands_share_a_field():
    for mnemonic in isa.mnemonics():
        _, kinds = isa.find(mnemonic)
        fields = [kind in isa.IN_R for kind in kinds]
        assert len(fields) == len(set(fields)), mnemonic


def test_every_operand_letter_is_explained():
    rows = [line[4:8].split() for line in isa.__doc__.splitlines()]
    explained = {letter for row in rows for letter in row if len(letter) == 1}
    assert {chr(kind) for mnemonic in isa.mnemonics() for kind in isa.find(mnemonic)[1]} <= explained


@pytest.mark.parametrize("name", [b"", b"AD", b"ADDX", b"add", b"DD", b"ADD 06cd"])
def test_what_is_no_mnemonic_is_not_found(name):
    assert isa.find(name) is None


@pytest.mark.parametrize("opcode", [0x03, 0x3A, 0x5E, 0x6C, 0x98, 0xBA, 0xD8, 0xFE, 0xFF])
def test_what_is_no_opcode_is_not_found(opcode):
    assert isa.decode(opcode) is None


def test_every_register_leads_back_to_its_name():
    names = registers.names()
    assert len(names) == len(set(names)) == 18 + 128 + 49 + 7
    assert [registers.name(*registers.find(name)) for name in names] == names


@pytest.mark.parametrize("name", [b"", b"R16", b"R07", b"R-1", b"MR128", b"MR", b"R", b"LFO0", b"LFO0_", b"r0"])
def test_what_is_no_register_is_not_found(name):
    assert registers.find(name) is None


def test_the_special_function_registers_are_numbered_without_a_gap():
    inside = [registers.sfr(number) for number in range(registers.LAST_SFR + 1)]
    assert all(inside)
    assert registers.sfr(registers.LAST_SFR + 1) is None
    assert all(access in (b"r", b"w", b"rw") for _, access, _, _ in inside)


def test_presets_lie_one_behind_the_other():
    taken: set[int] = set()
    for name in registers.names():
        bank, number = registers.find(name)
        if bank == registers.SFRS:
            _, _, first, width = registers.sfr(number)
            bits = set(range(first, first + width))
            assert not bits & taken, name
            taken |= bits
    assert taken == set(range(370)) - {30, 31}


def test_reserved_words_have_one_value_each():
    assert len(words.words()) == len(set(words.words())) == 84
    for name in words.words():
        value = words.find(name)
        assert value & (value - 1) == 0 or name in (b"L4096", b"LFO3", b"XF3")
    assert words.find(b"L4096") == 0xC
    assert words.find(b"SW4PE") == 0x4000
    assert words.find(b"SW") is None
