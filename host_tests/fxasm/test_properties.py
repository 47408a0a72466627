# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What holds for any source: pieces make no difference, and nothing raises but errors with a line."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fxasm import isa, messages
from fxasm.assemble import assemble
from fxasm.assembler import Assembler
from fxcore.program import ProgramBuilder
from host_tests.fxasm.sources import WORDS, assembled, random_source

KINDS = {row.split(" ", 1)[0] for row in messages.TABLE.strip().splitlines()}
MARKS = [*"\n\n\n\n\r,,:;+-*/^|&<>().#!$ \t", "//", "/*", "*/", "<<", ">>", "\r\n", "\u00a0", "\u00fc", "\0"]
NAMES = [
    "r0",
    "acc32",
    "mr5",
    "in0",
    "out0",
    "flags",
    "a",
    "b",
    "a#",
    "b!",
    "pi",
    "sin",
    "floor",
    "fact",
    ".u",
    ".l",
    ".i",
]
NUMBERS = ["0", "1", "-1", "0.5", ".5", "5.", "32768", "0x1F", "0b101", "0x", "1e5", "99999999999", "1_0", "0xFFFFFFFF"]
DIRECTIVES = [".equ", ".mem", ".rn", ".creg", ".mreg", ".sreg", ".equ.i", ".org"]
PIECES = st.sampled_from(
    [*MARKS, *NAMES, *NUMBERS, *DIRECTIVES, *(f" {name.decode()} " for name in isa.mnemonics()), *WORDS]
)
LIKELY = st.lists(PIECES, max_size=60).map(" ".join) | st.lists(PIECES, max_size=40).map("".join)


@given(LIKELY | st.text() | st.binary(max_size=300))
def test_any_text_gives_a_program_or_errors_with_their_lines(source):
    result = assemble(source)
    lines = (source.encode() if isinstance(source, str) else source).count(b"\n") + 2
    assert (result.program is None) == bool(result.errors)
    for fault in result.errors:
        assert fault.code in KINDS
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.line <= lines + len(source)
        assert fault.detail.startswith("`")


def in_pieces(source: bytes, cuts: list[int]) -> tuple[bytes, list[tuple[str, int, int, str]]]:
    builder = ProgramBuilder()
    assembler = Assembler(builder, most=100000)
    places = [0, *sorted(cut for cut in cuts if cut < len(source)), len(source)]
    for _ in range(2):
        for start, stop in pairwise(places):
            room = bytearray(source[start:stop] + b"what is behind the end does not count")
            for _ in assembler.feed(room, stop - start):
                pass
        for _ in assembler.end_pass():
            pass
    faults = [(fault.code, fault.line, fault.column, fault.detail) for fault in assembler.errors]
    return bytes(builder.program.image) if not faults else b"", faults


@given(LIKELY, st.lists(st.integers(0, 200), max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_pieces_cut_anywhere_give_the_same(text, cuts, encoding):
    source = text.encode(encoding)
    assert in_pieces(source, cuts) == in_pieces(source, [])


@given(st.integers(0, 2000), st.sampled_from(["/*", "*/", "//", "x", "*", "/", ";", " "]), st.integers(1, 700))
def test_a_long_line_is_the_same_in_pieces(start, filling, size):
    source = (
        b"neg r0\n/* "
        + b"-" * start
        + b"*/ neg r1 "
        + b"*/ neg r2 ; ".join([filling.encode() * 300] * 3)
        + b"\nneg x\n"
    )
    assert in_pieces(source, list(range(0, len(source), size))) == in_pieces(source, [])


@given(st.integers(0, 1 << 30))
def test_a_random_source_is_the_same_byte_by_byte(seed):
    source = random_source(seed, 40).encode()
    image, faults = in_pieces(source, list(range(len(source))))
    assert not faults
    assert image == bytes(assembled(source).program.image)
