# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The project's own FXCore programs, and the generator of HEX files of any shape."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intelhex import HexReaderError, IntelHex, IntelHexError

from host_tests.boards.programs import damage
from host_tests.boards.programs.committed import EXAMPLES, cloud_source, committed
from host_tests.boards.programs.generate import FOLDER, NAMES, Shape, blocks, random_program, to_hex
from host_tests.boards.programs.program import Program, word
from host_tests.boards.virtual.fxcore.parts import RESET_IMAGE
from sandboxfx import assemble_file

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
    assert (FOLDER / "cloud.fxc").read_text() == cloud_source()


def test_the_folder_holds_no_other_programs():
    assert {path.stem for path in FOLDER.iterdir() if path.suffix in (".hex", ".fxc")} == set(NAMES)


def test_the_examples_are_short_and_warn_of_nothing():
    sources = sorted(EXAMPLES.glob("*.fxc"))
    assert [path.stem for path in sources] == ["chorus", "echo", "tremolo"]
    for path in sources:
        assembly = assemble_file(path)
        assert not assembly.warnings
        assert assembly.program.instructions <= 40


def test_the_programs_are_the_sizes_the_tests_need():
    swap, sway, cloud = (blocks((FOLDER / f"{name}.hex").read_text()) for name in NAMES)
    assert len(swap.program) == 4 * 4 + 2
    assert swap[:3] == RESET_IMAGE[:3]
    assert all(sway[i] != RESET_IMAGE[i] for i in range(4))
    assert len(cloud.program) == 4 * 1024 + 2


# ---- words and presets ----


def test_presets_land_where_the_section_layout_says():
    program = Program([0x02000000], {4: 0x3FFFFFFF}, {127: 0xFFFFFFFF}, {"POT1_K": 31, "USR1": 1, "OFLRLD": 0x1234})
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
