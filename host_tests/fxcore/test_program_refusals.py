# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Programs that are refused whole: what is told, and with which line."""

import pytest

from fxcore import errors
from host_tests.boards.programs.damage import KINDS, LINE_KINDS, damage
from host_tests.boards.programs.generate import Shape, random_program, record, to_hex
from host_tests.boards.programs.program import BASES, Program, block_sum
from host_tests.fxcore.reading import fault_of, program_of

PROGRAM = random_program(7, 5)
EOF = record(0, b"", 1)
REGISTERS = ("MREG", "CREG", "SFR")
ROOMS = {"MREG": 514, "CREG": 66, "SFR": 50, "PRG": 4 * 1024 + 2}
CODES = {
    "bad character": errors.HEX_CHARACTER, "erased byte": errors.HEX_UNWRITTEN,
    "no colon": errors.HEX_CHARACTER, "a colon only": errors.HEX_LENGTH,
    "half a byte": errors.HEX_LENGTH, "cut off": errors.HEX_LENGTH, "count too large": errors.HEX_LENGTH,
    "text behind the record": errors.HEX_CHARACTER, "record sum": errors.HEX_CHECKSUM,
    **{kind: errors.HEX_TYPE for kind in LINE_KINDS if kind.startswith("type ")},
    "outside every section": errors.HEX_ADDRESS, "before a section": errors.HEX_ADDRESS,
    "beyond a section": errors.HEX_ADDRESS, "beyond the program": errors.HEX_ADDRESS,
    "over the end of the program": errors.HEX_ADDRESS, "no end record": errors.HEX_NO_EOF,
    "data after the end": errors.HEX_AFTER_EOF, "overlap": errors.HEX_OVERLAP, "hole": errors.SECTION_HOLE,
    "hole without sum": errors.SECTION_HOLE, **{f"sum of {name}": errors.SECTION_SUM for name in BASES},
    "no instruction": errors.PROGRAM_EMPTY, "no program section": errors.PROGRAM_EMPTY,
    "not whole instructions": errors.PROGRAM_SIZE, "half a sum": errors.SECTION_HOLE,
}  # fmt: skip


def test_every_kind_of_damage_has_its_expected_fault():
    assert set(CODES) == set(KINDS)


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("at", [0, 9, -2], ids=["first line", "tenth line", "last record"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_refused_with_line_and_cause(kind, at, ends):
    lines = len(to_hex(PROGRAM).splitlines())
    damaged = damage(kind, PROGRAM, Shape(), at % lines)
    fault = fault_of(lambda: program_of(damaged.text.replace("\n", ends)))
    assert fault.code == CODES[kind]
    assert fault.detail
    if damaged.line:
        assert fault.line == damaged.line


@pytest.mark.parametrize(
    ("start", "length"),
    [(0xFFFF, 2), (0xFFFE, 1)]
    + [(base - 1, length) for base in BASES.values() if base for length in (1, 2)]
    + [(BASES[name] + room - before, length) for name, room in ROOMS.items() for before, length in ((0, 1), (2, 3))],
)
def test_data_outside_a_sections_room_is_refused(start, length):
    fault = fault_of(lambda: program_of(f"{record(start, bytes(length))}\n{EOF}\n"))
    assert (fault.code, fault.line) == (errors.HEX_ADDRESS, 1)
    assert f"{start:04X}" in fault.detail


@pytest.mark.parametrize("wrong", range(4))
@pytest.mark.parametrize("start", [0x1800, 0x1802, 0x1805])
def test_the_first_address_that_is_given_twice_differently_is_named(start, wrong):
    data = bytes(range(10, 22))
    again = bytearray(data[start - 0x1800 :][:4])
    again[wrong] ^= 0x01
    text = f"{record(0x1800, data)}\n{record(start, bytes(again))}\n{EOF}\n"
    fault = fault_of(lambda: program_of(text))
    assert (fault.code, fault.line) == (errors.HEX_OVERLAP, 2)
    assert f"{start + wrong:04X}" in fault.detail


def test_bytes_not_given_before_contradict_nothing():
    """The second record begins before the first one and ends behind it."""
    data = bytes(range(10, 22))
    lines = record(0x1804, data[4:6]), record(0x1802, data[2:]), record(0x1800, data[:3]), EOF
    fault = fault_of(lambda: program_of("\n".join(lines)))
    assert fault.code == errors.PROGRAM_SIZE


def test_a_file_without_a_program_has_no_line_to_blame():
    assert fault_of(lambda: program_of(f"{EOF}\n")).line == 0


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize("byte", [0, 1])
def test_a_wrong_sum_refuses_the_file_and_names_the_section(name, byte):
    def spoil(sections):
        data = bytearray(sections[name])
        data[len(data) - 2 + byte] ^= 0x80
        sections[name] = bytes(data)

    fault = fault_of(lambda: program_of(to_hex(PROGRAM, Shape(edit=spoil))))
    assert fault.code == errors.SECTION_SUM
    assert (name if name in REGISTERS else "program") in fault.detail
    assert fault.line > 0


@pytest.mark.parametrize("words", [0, 1025])
def test_no_instruction_and_too_many_are_refused(words):
    data = bytes(4 * words)
    text = to_hex(PROGRAM, Shape(edit=lambda sections: sections.update(PRG=data + block_sum(data))))
    fault = fault_of(lambda: program_of(text))
    assert fault.code == (errors.HEX_ADDRESS if words else errors.PROGRAM_EMPTY)


@pytest.mark.parametrize("length", [1, 3, 4, 5, 7, 8, 9, 4 * 1024 + 1])
def test_a_program_of_no_whole_instructions_is_refused(length):
    def cut(sections):
        sections["PRG"] = bytes(length - 1) + b"\x01"

    fault = fault_of(lambda: program_of(to_hex(PROGRAM, Shape(edit=cut))))
    assert fault.code == (errors.PROGRAM_EMPTY if length < 3 else errors.PROGRAM_SIZE)


@pytest.mark.parametrize("name", REGISTERS)
def test_a_hole_without_a_sum_is_refused_even_where_zeros_would_do(name):
    def cut(sections):
        sections[name] = bytes(20)

    fault = fault_of(lambda: program_of(to_hex(Program([1]), Shape(edit=cut))))
    assert fault.code == errors.SECTION_HOLE
    assert name in fault.detail
