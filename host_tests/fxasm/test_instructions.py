# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Every instruction and every kind of operand, from its lowest to its highest value."""

import pytest

from fxasm import isa, registers
from host_tests.fxasm.samples import JUMPS, STATEMENTS
from host_tests.fxasm.sources import assembled, errors_of, word_of, words_of

# Kind of operand: a statement, values that fit with their field, values that do not.
RANGES = {
    "i": ("ori r0, {}", {"-32768": 0x8000, "-1": 0xFFFF, "0": 0, "65535": 0xFFFF}, ["-32769", "65536"]),
    "n": ("sl r0, {}", {"0": 0, "31": 31, "63/2": 31}, ["-1", "32"]),
    "a": ("rddel r0, {}", {"0": 0, "32767": 0x7FFF}, ["-1", "32768"]),
    "q": ("chr {}, 0", {"0": 0, "15": 15}, ["-1", "16"]),
    "p": ("pitch {}, 0", {"0": 0, "63": 63}, ["-1", "64"]),
    "b": ("set {}, r0", {"0": 0, "63": 63}, ["-1", "64"]),
    "f": (
        "multri r0, {}",
        {"-1": 0x8000, "-1.0": 0x8000, "0": 0, "0.99997": 0x7FFF, "0xFFFF": 0xFFFF, "0b1": 1},
        ["1", "1.0", "-1.00001", "2", "0x10000", "0-0x1"],
    ),
    "g": ("apa {}, 0", {"-1": 0x80, "0": 0, "0.99": 0x7E, "0xFF": 0xFF}, ["1.0", "-1.1", "0x100", "7"]),
}


def test_every_instruction_but_jumps_has_its_word():
    for statement in STATEMENTS:
        source, _, word = statement.rpartition(" ")
        assert word_of(source) == word, source
    named = {statement.split()[0].upper().encode() for statement in [*STATEMENTS, *JUMPS, "jmp far"]}
    assert named == set(isa.mnemonics())


def test_jumps_count_from_the_instruction_behind_them():
    for statement, upper in JUMPS.items():
        assert words_of(f"{statement}\nneg r0\nfar: neg r1")[0] == upper + "0001"
    assert words_of("jmp far\nfar: neg r1")[0] == "B8000000"
    assert words_of("jmp 1\nneg r0\nneg r1")[0] == "B8000001"


def test_the_longest_jump_leads_over_1022_instructions():
    assert words_of("jmp far\n" + "neg r0\n" * 1022 + "far: neg r1")[0] == "B80003FE"


@pytest.mark.parametrize("kind", RANGES)
def test_an_operand_is_taken_up_to_its_bounds_and_no_further(kind):
    statement, good, bad = RANGES[kind]
    for value, bits in good.items():
        word = int(word_of(statement.format(value)), 16)
        assert (word >> 16 & 0xFF if ord(kind) in isa.IN_R else word & 0xFFFF) == bits, value
    for value in bad:
        assert [kind for kind, _, _ in errors_of(statement.format(value))] == ["range"], value


def test_every_core_register_and_mreg_has_its_number():
    for number, name in enumerate([f"r{i}" for i in range(16)] + ["acc32", "flags"]):
        assert word_of(f"add {name}, {name}") == f"06{number:02X}{number:04X}"
    assert words_of("\n".join(f"cpy_cm r0, mr{i}" for i in range(128))) == [f"6200{i:04X}" for i in range(128)]


def test_a_special_function_register_is_read_and_written_where_it_allows_that():
    for name in registers.names():
        bank, number = registers.find(name)
        if bank != registers.SFRS:
            continue
        access = registers.sfr(number)[1]
        for statement, letter in ((f"cpy_cs r0, {name.decode()}", b"r"), (f"cpy_sc {name.decode()}, r0", b"w")):
            if letter in access:
                assert int(word_of(statement), 16) & 0xFFFF == number
            else:
                assert [kind for kind, _, _ in errors_of(statement)] == ["register-access"], statement


def test_flags_are_read_and_never_written():
    assert word_of("andi flags, newtt") == "A8110008"
    for statement in ("cpy_cc flags, r0", "cpy_cm flags, mr0", "wrdld flags, 1", "rddel flags, 1", "sat64 flags"):
        assert [kind for kind, _, _ in errors_of(statement)] == ["register-access"]


def test_a_number_stands_for_a_register_of_the_bank():
    assert word_of("cpy_cc 0, 17") == "60000011"
    assert word_of("cpy_cm 1, 127") == "6201007F"
    assert word_of("cpy_cs 2, 46") == "6402002E"
    assert errors_of("neg 18\ncpy_cm r0, 128\ncpy_cs r0, 49") == [
        ("unknown-register", 1, 5),
        ("unknown-register", 2, 12),
        ("unknown-register", 3, 12),
    ]


def test_1024_instructions_fit_and_the_next_one_is_named():
    assert assembled("neg r0\n" * 1024).count == 1024
    assert errors_of("neg r0\n" * 1030) == [("program-too-long", 1025, 1)]


def test_a_source_without_instructions_is_a_program_of_none():
    for source in ("", "\n", "; nothing\n", ".equ a 5"):
        result = assembled(source)
        assert result.count == result.program.instructions == 0
