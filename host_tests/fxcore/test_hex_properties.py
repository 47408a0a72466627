# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The parser against the intelhex library: any file, cut anywhere; and any damage, which never gives a wrong byte."""

import io
from contextlib import suppress

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from intelhex import IntelHex

from fxcore import errors
from fxcore.hexfile import HexReader
from host_tests.boards.programs.generate import Shape, blocks, random_program, record, to_hex
from host_tests.boards.programs.program import BASES
from host_tests.boards.virtual.fxcore.parts import with_sum
from host_tests.fxcore.reading import Parser, feed

FILE_CODES = {value for name, value in vars(errors).items() if name.startswith(("HEX_", "SECTION_", "PROGRAM_"))}
REGISTER_ROOMS = {"MREG": 514, "CREG": 66, "SFR": 50}
examples = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

SHAPES = st.builds(
    Shape,
    record=st.sampled_from((1, 7, 16, 64, 255)),
    shuffle=st.none() | st.integers(0, 99),
    lower_case=st.booleans(),
    newline=st.sampled_from(("\n", "\r\n", "\r")),
    trailing=st.sampled_from(("", " ", "\t ")),
    blank_lines=st.booleans(),
    last_newline=st.booleans(),
    missing=st.sets(st.sampled_from(("MREG", "CREG", "SFR"))),
    without_sum=st.sets(st.sampled_from(("MREG", "CREG", "SFR"))),
    zeros_left_out=st.booleans(),
)
SPLITS = st.lists(st.integers(1, 700), max_size=20) | st.integers(1, 9).map(lambda size: [size] * 3000)
PARSER = Parser()  # one for all examples: as on the device, nothing of one file may show in the next


def intelhex_of(text: str) -> IntelHex:
    """What the library reads, line by line: as a whole it takes no overlap, not even of the same bytes."""
    whole: dict[int, int] = {}
    for line in dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()):
        for address, byte in IntelHex(io.StringIO(line + "\n")).todict().items():
            assert whole.setdefault(address, byte) == byte
    return IntelHex(whole)


def without_overlaps(read: IntelHex) -> str:
    """The same bytes as a file."""
    file = io.StringIO()
    read.write_hex_file(file)
    return file.getvalue()


# ---- any file, cut anywhere ----


@examples
@given(
    chunks=st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(min_size=1, max_size=40)), max_size=12),
    ends=st.lists(st.sampled_from(("\n", "\r\n", "\r", " \n", "\n\n")), min_size=13, max_size=13),
    sizes=SPLITS,
)
def test_any_records_at_any_split_are_those_of_intelhex(chunks, ends, sizes):
    taken: set[int] = set()
    lines = []
    for address, data in chunks:
        places = set(range(address, address + len(data)))
        if not places & taken and max(places) <= 0xFFFF:
            taken |= places
            lines.append(record(address, data))
    text = "".join(line + end for line, end in zip([*lines, record(0, b"", 1)], ends, strict=False))
    found: dict[int, int] = {}
    reader = HexReader(lambda address, data, line: found.update(enumerate(bytes(data), address)))
    feed(reader, text, sizes)
    assert found == intelhex_of(text).todict()


@examples
@given(seed=st.integers(0, 999), n=st.integers(1, 60) | st.integers(1, 1024), shape=SHAPES, sizes=SPLITS)
def test_any_program_at_any_split_is_that_of_intelhex(seed, n, shape, sizes):
    assume(not (shape.zeros_left_out and shape.without_sum))
    text = to_hex(random_program(seed, n), shape)
    image = PARSER.outcome(text, sizes)
    if isinstance(image, errors.Fault):
        assert image.code in (errors.SECTION_HOLE, errors.PROGRAM_SIZE)
        assert shape.zeros_left_out, "a sum of which a zero was left out proves nothing"
        return
    assert image == blocks(text)
    assert sorted(PARSER.builder.defaulted) == sorted(shape.missing)


# ---- any damage ----


def _flip(draw, lines):
    at = draw(st.integers(0, len(lines) - 1))
    if lines[at]:
        column = draw(st.integers(0, len(lines[at]) - 1))
        byte = draw(st.sampled_from("0123456789ABCDEFabcdef: \r\n\0\xffG") | st.characters(max_codepoint=255))
        lines[at] = lines[at][:column] + byte + lines[at][column + 1 :]


def _shorten(draw, lines):
    at = draw(st.integers(0, len(lines) - 1))
    start = draw(st.integers(0, len(lines[at])))
    lines[at] = lines[at][:start] + lines[at][draw(st.integers(start, len(lines[at]))) :]


def _double(draw, lines):
    lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(lines)))


def _drop(draw, lines):
    if len(lines) > 1:
        del lines[draw(st.integers(0, len(lines) - 1))]


def _swap(draw, lines):
    a, b = draw(st.tuples(*[st.integers(0, len(lines) - 1)] * 2))
    lines[a], lines[b] = lines[b], lines[a]


def _truncate(draw, lines):
    del lines[draw(st.integers(1, len(lines))) :]
    _shorten(draw, lines)


def _rewrite(draw, lines):
    """A record with other data or address and a checksum that holds."""
    at = draw(st.integers(0, len(lines) - 1))
    if lines[at][:1] == ":" and len(lines[at]) > 11:
        raw = bytearray.fromhex(lines[at][1:-2])
        raw[draw(st.integers(1, len(raw) - 1))] ^= 1 << draw(st.integers(0, 7))
        lines[at] = f":{raw.hex()}{-sum(raw) & 0xFF:02X}"


def _exchange_bytes(draw, lines):
    """Two data bytes exchanged: neither the record's nor the section's sum can tell."""
    at = draw(st.integers(0, len(lines) - 1))
    if len(lines[at]) > 15:
        line = lines[at]
        lines[at] = line[:9] + line[11:13] + line[9:11] + line[13:]


DAMAGE = (_flip, _flip, _shorten, _double, _drop, _swap, _truncate, _rewrite, _exchange_bytes)


@st.composite
def damaged_files(draw) -> str:
    without_sum = draw(st.sampled_from(((), ("MREG", "CREG", "SFR"))))
    shape = Shape(record=draw(st.sampled_from((8, 64))), without_sum=without_sum)
    lines = to_hex(random_program(draw(st.integers(0, 9)), draw(st.integers(1, 40))), shape).splitlines()
    for what in draw(st.lists(st.sampled_from(DAMAGE), min_size=1, max_size=4)):
        with suppress(ValueError):  # the line to be rewritten is damaged already
            what(draw, lines)
    return draw(st.sampled_from(("\n", "\r\n"))).join([*lines, ""])


@settings(examples, max_examples=400)
@given(text=damaged_files(), sizes=SPLITS)
def test_damage_is_refused_or_proves_to_be_none(text, sizes):
    """Anything but a Fault fails. What is taken is what intelhex reads, every sum holds and nothing is missing."""
    image = PARSER.outcome(text, sizes)
    if isinstance(image, errors.Fault):
        assert image.code in FILE_CODES
        assert 0 <= image.line <= text.count("\n") + text.count("\r") + 1
        return
    read = intelhex_of(text)
    assert image == blocks(without_overlaps(read))
    assert all(with_sum(block[:-2]) == block for block in image)
    assert len(image.program) % 4 == 2
    present = set(read.addresses())
    for name, room in REGISTER_ROOMS.items():
        section = set(range(BASES[name], BASES[name] + room))
        sum_bytes = {BASES[name] + room - 2, BASES[name] + room - 1}
        assert not section & present or section - sum_bytes <= present or sum_bytes <= present


@settings(examples, max_examples=60)
@given(text=st.binary(max_size=700), sizes=SPLITS)
def test_any_bytes_at_all_are_refused(text, sizes):
    fault = PARSER.outcome(text, sizes)
    assert isinstance(fault, errors.Fault)
    assert fault.code in FILE_CODES
