# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Whatever is given to the assembler: a program with its warnings, or errors with a line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fxasm import isa, registers, words
from host_tests.boards.programs.committed import EXAMPLES
from sandboxfx import AssemblyError, assemble, disassemble
from sandboxfx.cli.messages import message_lines

PIECES = [
    *(name.decode() for name in (*isa.mnemonics(), *registers.names()[:20], *words.words())),
    *".equ .mem .rn .creg .mreg .sreg .equ.i .creg.i .u .l .i : # ! , ; // /* */ ( ) + - * / ^ | & << >>".split(),
    *". 0 1 0.5".split(),
    *"-0.25 0x10 0b101 70000 1e5 a b a# a! b# pi() round( add add: a: r99 48000 \u00e9 \u2028".split(),
    *(" ", " ", " ", "\t", "\n", "\n", "\n", "\r\n", "\r", "\f", "\0"),
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
SPACED = st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join), max_size=12).map("\n".join)
ECHO = (EXAMPLES / "echo.fxc").read_text()


def check(source: str | bytes) -> None:
    try:
        assembly = assemble(source)
    except AssemblyError as error:
        messages, lines = error.messages, error.lines
        said = len(messages) > 0
    else:
        messages, lines = assembly.warnings, assembly.lines
        said = assemble(disassemble(assembly.program)).hex == assembly.hex
    assert said
    for message in messages:
        assert 1 <= message.line <= len(lines)
        assert message.column >= 1
        assert message.sentence
        assert message_lines("x.fxc", lines, message)


@settings(deadline=None, max_examples=200)
@given(SOUP | SPACED | st.text(max_size=80) | st.binary(max_size=80))
def test_any_text_is_a_program_or_errors_with_a_line(source: str | bytes) -> None:
    check(source)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_source_with_something_else_in_it_is_a_program_or_errors_with_a_line(data: st.DataObject) -> None:
    source = ECHO
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(source)))
        gone = data.draw(st.integers(0, 12))
        source = source[:at] + data.draw(st.sampled_from(PIECES)) + source[at + gone :]
    check(source)
