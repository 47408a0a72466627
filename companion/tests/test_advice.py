# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Each kind of warning: where it is given, what it says to write instead, and where it is not given."""

import json
from pathlib import Path

import pytest

from host_tests.boards.programs.committed import EXAMPLES
from sandboxfx import assemble, disassemble
from sandboxfx.advice.rules import RULES
from sandboxfx.cli.main import main


def warnings(source: str, rounding: str = "vendor") -> list[tuple[str, int, int]]:
    return [(warning.code, warning.line, warning.column) for warning in assemble(source, rounding).warnings]


def sentence(source: str) -> str:
    (warning,) = assemble(source).warnings
    return warning.sentence


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("addi acc32, -0.5", ("cut-fraction", 1, 13)),
        ("\nori r0, 7/2", ("cut-fraction", 2, 9)),
        ("sl r0, 2.5", ("cut-fraction", 1, 8)),
        (".mem buf 10.5\nrddel r0, buf", ("cut-fraction", 1, 10)),
        (".mem buf 10\nrddel r0, buf+11", ("tap-outside", 2, 11)),
        (".mem a 5\n.mem b 5\nrddel r0, a\nrddel r0, b-1", ("tap-outside", 4, 11)),
        ("macid 0.001, 5", ("lost-fraction", 1, 7)),
        ("macri r0, 0.00001", ("lost-fraction", 1, 11)),
        (".mem buf 10\n.equ len buf+1\nrddel r0, buf\naddi r1, len", ("length-of-block", 2, 10)),
        (".mem buf 10\n.creg r0 buf\nrddel r0, buf", ("length-of-block", 2, 10)),
        ("start: neg r0", ("unused", 1, 1)),
        (".rn gain r3\nneg r3", ("unused", 1, 5)),
        (".mem buf 5\nneg r3", ("unused", 1, 6)),
        (".equ fs 48000\nneg r3", ("unused", 1, 6)),
        (".creg r1 1\nneg r1", ("whole-for-fraction", 1, 10)),
        (".mreg mr1 -1\nneg r1", ("whole-for-fraction", 1, 11)),
        ("addi r0, 2^3^2", ("chained-power", 1, 10)),
        (".equ a 2^3^2\naddi r0, a", ("chained-power", 1, 8)),
        ("addi r0, 8*-3", ("negated-operand", 1, 10)),
        ("addi r0, 8 - -3", ("negated-operand", 1, 10)),
        ("wrdld r0, 70000.u", ("old-suffix", 1, 11)),
        ("ori r0, (1+2).l", ("old-suffix", 1, 9)),
        (".creg.i r0 7\nneg r0", ("old-suffix", 1, 1)),
        ("jzc r0, on\non: neg r0\n", ("jzc", 1, 1)),
        ("set user0|35, r0", ("bit-of-set", 1, 5)),
        ("jz r0, add\nadd: neg r0", ("shadowing", 2, 1)),
        (".rn sin r0\nneg sin", ("shadowing", 1, 5)),
        (".equ a 5\njz r0, a\na: addi r0, a", ("shadowing", 3, 1)),
        (".rn a r0\njz r0, a\na: neg a", ("shadowing", 3, 1)),
        (".mem a 5\njz r0, a\na: rddel r0, a", ("shadowing", 3, 1)),
    ],
)
def test_what_was_hardly_meant_is_told_at_its_place(source: str, found: tuple[str, int, int]) -> None:
    assert warnings(source) == [found]


def test_a_fraction_that_saturates_is_told() -> None:
    assert warnings("multri r0, 0.99999", "nearest") == [("lost-fraction", 1, 12)]


@pytest.mark.parametrize(
    "source",
    [
        "addsi acc32, -0.5",
        "addi acc32, 8/2",
        ".mem buf 10\nrddel r0, buf#\nwrdel buf, r0\nrddel r0, buf+10",
        ".mem buf 10\n.equ len buf!\nrddel r0, buf\naddi r1, len",
        "macid 0.5, 5\nmultri r0, -0.3\nmacid 0.0, 5",
        ".creg r1 1.0/2\n.creg r2 0x1\n.creg r3 2\n.sreg usr1 1\nneg r1",
        "jz r0, on-off\non-off: neg r0",
        "addi r0, (2^3)^2\naddi r0, -2*3\naddi r0, 2*(0-3)",
        "set user0|31, r0\nset user1|3, r0\nset 31, r0",
        ".equ fs 48000\n.equ half fs/2\naddi r0, half",
        ".mem buf 3 ; buf.u buf^2^3\n/* .equ x 5 */ rddel r0, buf!",
        "chr lfo0|sin|pos, 50\npitch rmp0|l4096|xf0, 50",
    ],
)
def test_what_can_be_meant_is_left_alone(source: str) -> None:
    assert warnings(source) == []


@pytest.mark.parametrize(
    ("source", "instead"),
    [
        ("addi acc32, -0.5", "`-0.5`: only 0 of it is taken; ADDSI adds fractions"),
        (".mem buf 10\nrddel r0, Buf+300", "`Buf+300`: 290 words behind the block, which has 0 to 10; make the block"),
        (".mem buf 10\n.creg r0 buf\nrddel r0, buf", "`buf`: here it means the length; write `BUF!`"),
        ("wrdld r0, 70000.u", "write `>>16` for the upper half"),
        ("set user0|35, r0", "write `USER1|3`"),
        ("addi r0, 2^3^2", "use parentheses"),
    ],
)
def test_a_warning_says_what_to_write_instead(source: str, instead: str) -> None:
    assert instead in sentence(source)


def test_every_rule_has_its_cases() -> None:
    assert len(RULES) == 12


def test_warnings_are_shown_and_the_file_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.fxc"
    path.write_text("addi acc32, -0.5\n")
    assert main(["asm", str(path)]) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"{path}:1:13: warning: `-0.5`: only 0 of it is taken; ADDSI adds fractions",
        "    1 | addi acc32, -0.5",
        "      |             ^~~~",
    ]
    assert main(["asm", str(path), "--json"]) == 0
    (message,) = json.loads(capsys.readouterr().out)["messages"]
    assert (message["kind"], message["line"], message["column"]) == ("warning", 1, 13)


def test_with_werror_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.fxc"
    path.write_text("addi acc32, -0.5\n")
    assert main(["asm", str(path), "--werror"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"sandboxfx: {path}: 1 warning."
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.fxc")), ids=lambda path: path.name)
def test_the_examples_give_no_warning(path: Path, tmp_path: Path) -> None:
    assert main(["asm", str(path), "--werror", "-o", str(tmp_path / "out.hex")]) == 0


def test_what_is_disassembled_is_named_so_that_little_is_warned_of() -> None:
    source = disassemble((EXAMPLES / "echo.hex").read_text())
    assert warnings(source) == []
