# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A program of four sections: rooms, sums, holes, defaults. Blocks are compared with the intelhex library."""

import io
from binascii import crc32
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from intelhex import IntelHex

from host_tests.boards.programs.damage import damage
from host_tests.boards.programs.generate import FOLDER, NAMES, Shape, blocks, random_program, record, to_hex
from host_tests.boards.programs.program import BASES, Program, block_sum
from host_tests.boards.virtual.fxcore.parts import RESET_IMAGE
from host_tests.fxcore.reading import Parser, fault_of, image_of, program_of

PROGRAM = random_program(7, 5)
EOF = record(0, b"", 1)
ROOMS = {"MREG": 514, "CREG": 66, "SFR": 50, "PRG": 4 * 1024 + 2}
REGISTERS = ("MREG", "CREG", "SFR")


def lines_of(*sections: tuple[int, bytes]) -> str:
    """A file of one record per section, with its end."""
    return "".join(f"{record(address, data)}\n" for address, data in sections) + EOF + "\n"


def prg(*words: int) -> tuple[int, bytes]:
    """A program section with its sum."""
    data = b"".join(word.to_bytes(4, "little") for word in words)
    return 0x1800, data + block_sum(data)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_program_is_read(name):
    text = (FOLDER / f"{name}.hex").read_text()
    program = program_of(text)
    assert image_of(program) == blocks(text)
    assert program.instructions == (len(blocks(text).program) - 2) // 4


@pytest.mark.parametrize("n", [1, 2, 15, 16, 17, 255, 256, 257, 512, 1023, 1024])
def test_one_to_1024_instructions(n):
    program = program_of(to_hex(random_program(n, n)))
    assert image_of(program) == blocks(to_hex(random_program(n, n)))
    assert program.instructions == n


def through_intelhex(text: str, **options: Any) -> str:
    """The file as intelhex writes it, the start address first."""
    whole, out = IntelHex(io.StringIO(text)), io.StringIO()
    whole.start_addr = options.pop("start_addr", None)
    whole.write_hex_file(out, **options)
    return out.getvalue()


def of_16(text: str, start: str = "") -> str:
    """As objcopy writes it: 16 bytes in a record, CRLF, the start address before the end."""
    end = start and start + "\r\n"
    return to_hex(PROGRAM, Shape(record=16, newline="\r\n")).replace(EOF, end + EOF)


TOOLS: dict[str, Callable[[str], str]] = {
    "srec_cat": lambda text: record(0, b"\0\0", 4) + "\n" + to_hex(PROGRAM, Shape(record=32)),
    "srec_cat, start": lambda text: to_hex(PROGRAM, Shape(record=32)).replace(EOF, ":0400000500001800DF\n" + EOF),
    "objcopy": of_16,
    "objcopy, start": lambda text: of_16(text, ":0400000300001800E1"),
    "intelhex": through_intelhex,
    "intelhex, EIP": partial(through_intelhex, start_addr={"EIP": 0x1800}),
    "intelhex, CS and IP": partial(through_intelhex, start_addr={"CS": 0, "IP": 0x1800}, eolstyle="CRLF"),
    "copy a.hex+ b.hex": lambda text: text + "\x1a",
}


@pytest.mark.parametrize("tool", TOOLS.values(), ids=list(TOOLS))
def test_what_a_tool_makes_of_the_file_is_the_same_program(tool):
    text = to_hex(PROGRAM)
    assert image_of(program_of(tool(text))) == image_of(program_of(text))


def test_the_vendors_layout_of_a_default_program():
    """Sums 0000, 0000 and 06C4 as the vendor's assembler writes them."""
    image = image_of(program_of(lines_of(prg(0x02000000))))
    assert [block[-2:].hex() for block in image] == ["0000", "0000", "c406", "0200"]
    assert [len(block) for block in image] == [66, 514, 50, 6]
    assert image.sfr[:4].hex() == "4a29a514"


@pytest.mark.parametrize(
    "missing", [("MREG",), ("CREG",), ("SFR",), ("MREG", "SFR"), REGISTERS], ids=lambda names: "+".join(names)
)
def test_a_missing_register_section_is_its_reset_default_and_said_so(missing):
    parser = Parser()
    image = image_of(parser.read(to_hex(PROGRAM, Shape(missing=missing))))
    whole = blocks(to_hex(PROGRAM))
    for name in REGISTERS:
        expected = RESET_IMAGE if name in missing else whole
        assert getattr(image, name.lower()) == getattr(expected, name.lower())
    assert sorted(parser.builder.defaulted) == sorted(missing)


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_section_without_its_sum_gets_it_computed(name):
    parser = Parser()
    assert image_of(parser.read(to_hex(PROGRAM, Shape(without_sum=(name,))))) == blocks(to_hex(PROGRAM))
    assert parser.builder.defaulted == []


@pytest.mark.parametrize("length", [1, 3, 64])
def test_a_hole_is_zeros_where_the_sum_proves_it(length):
    shape = Shape(record=length, zeros_left_out=True)
    program = Program([0x02000000, 0x60FFFFFF], mreg={5: 0xFFFFFFFF, 127: 255}, creg={3: 0x7FFFFFFF})
    text = to_hex(program, shape)
    assert text.count("\n") < to_hex(program, Shape(record=length)).count("\n")
    assert image_of(program_of(text)) == blocks(to_hex(program))


def test_a_hole_in_the_program_is_zeros_where_the_sum_proves_it():
    base, data = prg(0x11, 0, 0x22)
    text = lines_of((base, data[:4]), (base + 8, data[8:]))
    assert image_of(program_of(text)).program == data


def test_the_same_data_twice_is_taken():
    lines = to_hex(PROGRAM).splitlines()
    twice = "\n".join((*lines[:-1], *lines))
    assert image_of(program_of(twice)) == blocks(to_hex(PROGRAM))


def test_records_that_overlap_with_the_same_bytes_are_taken():
    base, data = prg(0x12345678, 0x9ABCDEF0)
    text = lines_of((base, data[:7]), (base + 3, data[3:]), (base + 5, data[5:6]))
    assert image_of(program_of(text)).program == data


def test_every_section_is_taken_up_to_its_last_byte():
    text = to_hex(random_program(3, 1024), Shape(record=1))
    for name, room in ROOMS.items():
        assert f":01{BASES[name] + room - 1:04X}00" in text
    assert image_of(program_of(text)) == blocks(text)


# ---- what is remembered of a program ----


def test_the_check_value_is_of_the_program_and_not_of_the_text():
    forms = (Shape(), Shape(record=16, lower_case=True, newline="\r\n"), Shape(shuffle=4), Shape(without_sum=REGISTERS))
    programs = [program_of(to_hex(PROGRAM, shape)) for shape in forms]
    assert len({(program.crc, program.length) for program in programs}) == 1
    image = image_of(programs[0])
    assert programs[0].crc == crc32(image.mreg + image.creg + image.sfr + image.program)
    assert programs[0].length == sum(map(len, image))


def test_a_program_of_zeros_has_another_check_value_with_each_length():
    checks = {(program.crc, program.length) for program in (program_of(to_hex(Program([0] * n))) for n in range(1, 9))}
    assert len(checks) == 8


def test_a_program_that_is_handed_over_keeps_its_bytes_until_the_next_one_is():
    parser = Parser()
    texts = [to_hex(random_program(seed, 5 + seed)) for seed in range(5)]
    parser.read(texts[0])
    kept = parser.builder.hand_over()
    for text in texts[1:]:
        fault_of(lambda: parser.read(damage("sum of PRG", PROGRAM).text))
        parser.read(text)
        assert image_of(kept) == blocks(texts[texts.index(text) - 1])
        kept = parser.builder.hand_over()
        assert image_of(kept) == blocks(text)


def test_there_are_two_buffers_however_many_programs_are_handed_over():
    parser = Parser()
    buffers = set()
    for seed in range(9):
        parser.read(to_hex(random_program(seed, 5)))
        buffers.add(id(parser.builder.hand_over().image))
    assert len(buffers) == 2


def test_a_refused_file_leaves_no_program():
    parser = Parser()
    parser.read(to_hex(PROGRAM))
    fault_of(lambda: parser.read(damage("sum of PRG", PROGRAM).text))
    assert parser.builder.program.instructions == 0
