# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""An instruction word and its text."""

from fractions import Fraction

import pytest

from fxasm import isa
from fxasm.decoder import decode, fraction_text, instruction_text
from fxasm.disassembler import disassemble
from host_tests.boards.programs.generate import FOLDER
from sandboxfx.hexfiles import read_hex

SWAY_END = """        rdacc64u acc32
        cpy_sc   out1, acc32
        xor      r7, r7
        jneg     r3, skip3
        cpy_cm   acc32, mr1
skip3:
        set      user0|0, acc32
"""


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (0x6410002E, "cpy_cs   acc32, samplecnt"),
        (0x66030005, "cpy_mc   mr5, r3"),
        (0x68030005, "cpy_sc   out1, r3"),
        (0x8A030007, "wrdel    7, r3"),
        (0x80070000, "rdacc64u r7"),
        (0x0401FFFF, "addi     r1, -1"),
        (0xA410FFFF, "ori      acc32, 0xFFFF"),
        (0xD00B0009, "chr      lfo1|cos|neg, 9"),
        (0xD21D0009, "pitch    rmp1|l4096|xf1, 9"),
        (0xD20E0009, "pitch    rmp0|l4096|xf0|2, 9"),
        (0xD4100023, "set      user1|3, acc32"),
        (0x02000000, "clracc64"),
        (0xB8000003, "jmp      3"),
    ],
)
def test_a_word_is_shown_as_its_instruction(word: int, text: str) -> None:
    assert instruction_text(word) == text


@pytest.mark.parametrize(
    "word",
    [
        0x03000000,  # odd
        0x3A000000,  # no such opcode
        0x02010000,  # a field that the instruction does not have
        0x00000001,
        0x00120000,  # core register 18
        0x62000080,  # MREG 128
        0x64000031,  # special function register 49
        0x88008000,  # behind the delay memory
        0x10000020,  # 32 bits to shift
        0xD4000040,
        0xB8000400,
    ],
)
def test_a_word_that_no_instruction_gives_is_none(word: int) -> None:
    assert decode(word) is None
    assert instruction_text(word) is None


def test_every_instruction_is_decoded() -> None:
    for mnemonic in isa.mnemonics():
        found = isa.find(mnemonic)
        assert found
        decoded = decode(found[0] << 24)
        assert decoded
        assert decoded == (mnemonic.decode(), [(chr(letter).lower(), 0) for letter in found[1]])


@pytest.mark.parametrize("bits", [7, 15])
def test_a_fractions_text_gives_its_field_rounded_down_and_to_the_nearest(bits: int) -> None:
    for field in range(2 << bits):
        value = Fraction(fraction_text(field, bits))
        signed = field - (2 << bits) if field >> bits else field
        assert -1 <= value < 1
        assert (value * 0x7FFFFFFF).__floor__() >> (31 - bits) == signed
        assert round(value * (1 << bits)) == signed


def test_a_program_is_shown_with_presets_blocks_and_labels() -> None:
    text = disassemble(read_hex((FOLDER / "sway.hex").read_bytes()), "sway.hex")
    assert text.startswith("; sway.hex: 47 instructions\n; or jzc: ")
    assert "        .creg    r4        0x39999999   ; 0.450000\n" in text
    assert "        .mreg    mr1       0xFFFFFFFF   ; -1\n" in text
    assert "        .sreg    pot5_k    0x1F         ; 31\n" in text
    assert "        .mem     delay1    16000        ; 0..16000\n" in text
    assert "        rddel    r2, delay1#\n" in text
    assert "        jz       acc32, skip1           ; or jzc\n" in text
    assert text.endswith(SWAY_END)
