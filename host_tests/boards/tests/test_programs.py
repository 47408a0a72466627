# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The project's own FXCore programs, the assembler that makes them, and the generator of HEX files of any shape."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intelhex import HexReaderError, IntelHex, IntelHexError

from host_tests.boards.programs import damage, generate
from host_tests.boards.programs.assemble import ENCODINGS, assemble
from host_tests.boards.programs.generate import NAMES, Shape, blocks, committed, random_program, to_hex
from host_tests.boards.programs.program import Program, word
from host_tests.boards.virtual.fxcore.parts import RESET_IMAGE

SHAPES = st.builds(
    Shape,
    record=st.integers(1, 255),
    shuffle=st.none() | st.integers(0, 99),
    lower_case=st.booleans(),
    newline=st.sampled_from(("\n", "\r\n", "\r")),
    trailing=st.sampled_from(("", " ", "\t ")),
    blank_lines=st.booleans(),
    last_newline=st.booleans(),
    without_sum=st.sets(st.sampled_from(("MREG", "CREG", "SFR"))),
)


def sent(program: Program) -> dict[str, bytes]:
    """What must arrive at the chip, by the format's definition."""
    return {name: data + (sum(data) % 65536).to_bytes(2, "little") for name, data in program.sections()}


# ---- the committed programs ----


@pytest.mark.parametrize("path", committed(), ids=lambda path: path.name)
def test_the_committed_file_is_what_its_source_gives(path):
    assert path.read_bytes() == committed()[path].encode()


def test_the_committed_source_of_cloud_is_what_the_generator_writes():
    assert (generate.FOLDER / "cloud.fxc").read_text() == generate.cloud_source()


def test_the_folder_holds_no_other_programs():
    assert {path.stem for path in generate.FOLDER.iterdir() if path.suffix in (".hex", ".fxc")} == set(NAMES)


def test_the_programs_are_the_sizes_the_tests_need():
    swap, sway, cloud = (blocks((generate.FOLDER / f"{name}.hex").read_text()) for name in NAMES)
    assert len(swap.program) == 4 * 4 + 2
    assert swap[:3] == RESET_IMAGE[:3]
    assert all(sway[i] != RESET_IMAGE[i] for i in range(4))
    assert len(cloud.program) == 4 * 1024 + 2


# ---- words and sources ----


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("cpy_cs acc32,samplecnt", 0x6410002E),
        ("andi acc32,0x1FFF", 0xA8101FFF),
        ("cpy_cc r0,acc32", 0x60000010),
        ("set user1|0,acc32", 0xD4100020),
        ("cpy_mc mr5,r3", 0x66030005),
        ("cpy_sc out1,r3", 0x68030005),
        ("wrdel 7,r3", 0x8A030007),
        ("multri r1,0.5", 0x32013FFF),
        ("multri r1,-0.5", 0x3201C000),
        ("macid 0.5,1", 0x263F0001),
        ("macid -0.75,1", 0x26A00001),
        ("chr lfo1|cos|neg,9", 0xD00B0009),
        ("addi r1,-1", 0x0401FFFF),
        ("clracc64", 0x02000000),
        ("jzc r2,on\non: clracc64", 0xB6020000),
    ],
)
def test_an_instruction_becomes_its_word(source, expected):
    assert assemble(source).words[0] == expected


def test_all_72_instructions_are_known_by_different_even_bases():
    assert len(ENCODINGS) == len({base for base, _ in ENCODINGS.values()}) == 72
    assert all(base % 2 == 0 for base, _ in ENCODINGS.values())


def test_a_jump_counts_from_the_next_instruction_and_never_goes_back():
    assert assemble("jmp on\nclracc64\nclracc64\non: clracc64").words[0] == 0xB8000002
    with pytest.raises(ValueError, match=r"line 2.*forward"):
        assemble("back: clracc64\njmp back")


@pytest.mark.parametrize(
    "source", ["abs", "abs r16", "jmp nowhere", "multri r0, 1.0", "sl r0, 0.5", ".org 5 5", "clracc64\n" * 1025]
)
def test_a_wrong_statement_is_refused(source):
    with pytest.raises((ValueError, KeyError)):
        assemble(source)


def test_presets_land_where_the_section_layout_says():
    program = assemble(".creg r4 0.5\n.mreg mr127 -1\n.sreg pot1_k 31\n.sreg usr1 1\n.sreg oflrld 0x1234\nclracc64")
    data = dict(program.sections())
    assert data["CREG"][16:20] == bytes.fromhex("ffffff3f")
    assert data["MREG"][508:] == b"\xff" * 4
    assert data["SFR"][:4] == (0x14A5294A | 0x1F << 5).to_bytes(4, "little")
    assert data["SFR"][44:] == bytes.fromhex("34120200")


@pytest.mark.parametrize(("base", "r", "m"), [(1, 0, 0), (256, 0, 0), (0, 256, 0), (0, 0, 65536), (0, 0, -32769)])
def test_a_word_that_does_not_exist_is_refused(base, r, m):
    with pytest.raises(ValueError, match="no instruction word"):
        word(base, r, m)


def test_a_register_field_that_would_spill_is_refused():
    with pytest.raises(ValueError, match="POT1_K"):
        list(Program(sfr={"POT1_K": 32}).sections())


# ---- files of any shape ----


@settings(deadline=None)
@given(st.integers(0, 999), st.sampled_from((1, 2, 15, 16, 17, 64, 1023, 1024)), SHAPES)
def test_a_file_of_any_shape_holds_the_same_program(seed, n, shape):
    program = random_program(seed, n)
    image = blocks(to_hex(program, shape))
    assert image._asdict() == {
        "program" if name == "PRG" else name.lower(): data for name, data in sent(program).items()
    }


def test_the_default_shape_is_the_vendors():
    lines = to_hex(random_program(1, 1024)).split("\n")
    assert [line[1:9] for line in lines[:10]] == [f"40{address:04X}00" for address in range(0, 512, 64)] + [
        "02020000",
        "40080000",
    ]
    assert [line[1:9] for line in lines[10:13]] == ["02084000", "32100000", "40180000"]
    assert lines[-3][:9] == ":02280000"
    assert lines[-2:] == [":00000001FF", ""]
    assert len(lines) == 78 + 1
    assert len(to_hex(random_program(1, 1)).splitlines()) == 14


def test_a_shape_shows_in_the_text():
    program = random_program(3, 40)
    plain = to_hex(program)
    assert to_hex(program, Shape(lower_case=True)) == plain.lower() != plain
    assert to_hex(program, Shape(newline="\r\n")) == plain.replace("\n", "\r\n")
    assert to_hex(program, Shape(trailing=" ")) == plain.replace("\n", " \n")
    assert to_hex(program, Shape(last_newline=False)) + "\n" == plain
    assert to_hex(program, Shape(blank_lines=True)).split("\n\n") == [*plain.splitlines()[:-1], ":00000001FF\n"]
    shuffled = to_hex(program, Shape(shuffle=1)).splitlines()
    assert shuffled != plain.splitlines() == sorted(shuffled, key=plain.index)
    assert max(len(line) for line in to_hex(program, Shape(record=255)).splitlines()) == 521


@pytest.mark.parametrize("name", ["MREG", "CREG", "SFR"])
def test_a_missing_section_reads_as_its_reset_values(name):
    program = random_program(4, 3)
    image = blocks(to_hex(program, Shape(missing=(name,))))
    whole = blocks(to_hex(program))
    assert image == whole._replace(**{name.lower(): getattr(RESET_IMAGE, name.lower())})


def test_records_of_zeros_can_be_left_out():
    program = Program(words=[5, 0, 0, 0, 7], mreg={1: 1, 127: 9})
    text = to_hex(program, Shape(record=8, zeros_left_out=True))
    assert len(text) < len(to_hex(program, Shape(record=8))) / 2
    assert blocks(text) == blocks(to_hex(program))


# ---- damage ----


def test_every_kind_of_refusal_is_there():
    assert len(damage.KINDS) == len(set(damage.KINDS)) >= 30


@pytest.mark.parametrize("kind", damage.KINDS)
def test_damage_differs_from_the_good_file_where_it_says(kind):
    program = random_program(5, 20)
    good = to_hex(program).splitlines()
    text, line = damage.damage(kind, program, at=3)
    bad = text.splitlines()
    assert bad != good
    if kind in damage.LINE_KINDS:
        assert line == 4
        assert [i for i in range(len(good)) if bad[i] != good[i]] == [3]
    elif line:
        assert bad[: line - 1] == good[: line - 1]


REFUSED_BY_INTELHEX = [
    *("bad character", "no colon", "a colon only", "half a byte", "cut off", "count too large"),
    *("text behind the record", "record sum", "type 06", "type 80", "overlap"),
]


@pytest.mark.parametrize("kind", REFUSED_BY_INTELHEX)
def test_an_independent_reader_refuses_it_too(kind):
    text, line = damage.damage(kind, random_program(6, 20), at=2)
    with pytest.raises((HexReaderError, IntelHexError)) as refusal:
        IntelHex(io.StringIO(text))
    assert str(line) in str(refusal.value)


@pytest.mark.parametrize("kind", [kind for kind in damage.KINDS if kind.startswith(("sum of", "hole"))])
def test_a_damaged_section_does_not_have_its_sum(kind):
    program = random_program(7, 20)
    image = blocks(damage.damage(kind, program).text)
    wrong = [
        field for field, data in image._asdict().items() if data[-2:] != (sum(data[:-2]) % 65536).to_bytes(2, "little")
    ]
    assert len(wrong) == (0 if kind == "hole without sum" else 1)
    assert image != blocks(to_hex(program))
