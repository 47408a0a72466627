# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`sandboxfx asm`: from a source to a HEX file, or to errors that say where and what."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.boards.programs.generate import FOLDER
from sandboxfx import AssemblyError, assemble, disassemble
from sandboxfx.cli.main import main

SWAP = """\
; swap: left and right change places
.mem  Tape   100
.rn   left   r3
start:
        cpy_cs  left, in0
        cpy_cc  acc32, left
        wrdel   tape, acc32
        rddel   acc32, Tape#
        cpy_sc  out0, acc32
"""
WRONG = """\
        multr   r0, r1
        neg     r1
\taddi\tr0, volume
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "swap.fxc"
    path.write_text(SWAP)
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.fxc"
    path.write_text(WRONG)
    return path


@pytest.mark.parametrize("name", ["swap", "sway", "cloud"])
def test_the_hex_file_is_the_vendors_byte_for_byte(name: str, tmp_path: Path) -> None:
    output = tmp_path / "out.hex"
    assert main(["asm", str(FOLDER / f"{name}.fxc"), "-o", str(output)]) == 0
    assert output.read_bytes() == (FOLDER / f"{name}.hex").read_bytes()


def test_the_hex_file_lies_beside_the_source_and_what_is_used_is_shown(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["asm", str(source)]) == 0
    shown = capsys.readouterr()
    assert source.with_suffix(".hex").read_text() == assemble(SWAP).hex
    assert sorted(path.name for path in source.parent.iterdir()) == ["swap.fxc", "swap.hex"]
    lines = shown.out.splitlines()
    assert lines[0] == str(source.with_suffix(".hex"))
    assert lines[1].split() == ["instructions", "█" + "░" * 31, "5", "of", "1,024"]
    assert lines[2].endswith("  101 of 32,768")
    assert lines[4].endswith("    1 of     16")
    assert lines[-1].split()[:3] == ["A", "Tape", "0..100"]


def test_where_there_are_no_blocks_bars_are_drawn_otherwise(source: Path) -> None:
    command = [sys.executable, "-m", "sandboxfx", "asm", str(source)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    lines = done.stdout.decode("ascii").splitlines()
    assert lines[1].split()[1] == "#" + "-" * 31
    assert lines[-2] == "  [A" + "." * 63 + "]"


def test_errors_are_all_told_with_line_and_caret_and_nothing_is_written(
    wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["asm", str(wrong), "--listing", str(wrong.with_suffix(".lst"))]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert lines[0].startswith(f"{wrong}:1:9: error: `multr`: unknown instruction; ")
    assert lines[1:3] == ["    1 |         multr   r0, r1", "      |         ^~~~~"]
    assert lines[3].startswith(f"{wrong}:3:11: error: `volume`: unknown name")
    assert lines[4:6] == ["    3 |         addi    r0, volume", "      |                     ^~~~~~"]
    assert lines[6] == f"sandboxfx: {wrong}: 2 errors."
    assert list(wrong.parent.iterdir()) == [wrong]


def test_an_old_hex_file_stays_when_the_source_is_wrong(wrong: Path) -> None:
    wrong.with_suffix(".hex").write_text("old")
    assert main(["asm", str(wrong)]) == 1
    assert wrong.with_suffix(".hex").read_text() == "old"


def test_json_is_one_object(source: Path, wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["asm", str(source), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"]
    assert answer["output"] == str(source.with_suffix(".hex"))
    assert answer["used"] == {"instructions": 5, "delay words": 101, "MREGs": 0, "core registers": 1}
    assert answer["blocks"] == [{"name": "Tape", "first": 0, "last": 100}]
    assert main(["asm", str(wrong), "--json"]) == 1
    shown = capsys.readouterr()
    answer = json.loads(shown.out)
    assert shown.err == ""
    assert answer["error"] == {"code": "assembly", "sentence": f"{wrong}: 2 errors.", "cure": ""}
    assert [(m["kind"], m["code"], m["line"], m["column"]) for m in answer["messages"]] == [
        ("error", "unknown-mnemonic", 1, 9),
        ("error", "undefined-symbol", 3, 11),
    ]


def test_rounding_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "half.fxc"
    path.write_text("multri r0, 0.5\n")
    for rounding, word in (("vendor", "FF3F0032"), ("nearest", "00400032")):
        assert main(["asm", str(path), "--rounding", rounding]) == 0
        assert word in path.with_suffix(".hex").read_text()


def test_the_listing_has_each_line_with_its_place_and_word(source: Path) -> None:
    path = source.with_suffix(".lst")
    assert main(["asm", str(source), "--listing", str(path)]) == 0
    lines = path.read_text().splitlines()
    assert "    5      0  64030000          cpy_cs  left, in0" in lines
    assert f"    4{' ' * 19}start:" in lines
    assert "  START                        0" in lines
    assert any(line.startswith("  A Tape  ") for line in lines)


def test_the_map_is_text_or_svg(source: Path) -> None:
    text, picture = source.with_suffix(".txt"), source.with_suffix(".svg")
    assert main(["asm", str(source), "--map", str(text)]) == 0
    assert text.read_text().startswith("delay memory: 101 of 32,768 words")
    assert main(["asm", str(source), "--map", str(picture)]) == 0
    assert picture.read_text().startswith("<svg ")


def test_what_would_be_written_over_the_source_is_refused(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["asm", str(source), "-o", str(source)]) == 1
    assert "would be written over" in capsys.readouterr().err
    assert source.read_text() == SWAP


def test_a_hex_file_is_no_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.fxc"
    path.write_bytes((FOLDER / "swap.hex").read_bytes())
    assert main(["asm", str(path)]) == 1
    assert capsys.readouterr().err == f"sandboxfx: {path} is a HEX file already. Name its source.\n"


def test_when_one_file_cannot_be_written_none_is(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["asm", str(source), "--listing", str(source.parent / "no" / "swap.lst")]) == 1
    assert "swap.lst: No such file or directory." in capsys.readouterr().err
    assert list(source.parent.iterdir()) == [source]


@pytest.mark.parametrize("arguments", [["asm"], ["asm", "a.fxc", "--rounding", "up"], ["asm", "a.fxc", "--fast"]])
def test_wrong_usage_has_its_own_status(arguments: list[str]) -> None:
    assert main(arguments) == 2


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["asm", str(tmp_path / "no.fxc")]) == 1
    assert "no.fxc: No such file or directory." in capsys.readouterr().err


def test_a_columns_place_is_right_behind_letters_of_more_bytes() -> None:
    with pytest.raises(AssemblyError) as caught:
        assemble("/* größer */ multr r0, r1")
    (message,) = caught.value.messages
    assert (message.line, message.column, message.length) == (1, 14, 5)


def test_a_source_in_utf_16_is_a_source() -> None:
    assert assemble(SWAP.encode("utf-16")).hex == assemble(SWAP).hex


def test_an_assembly_knows_which_line_an_instruction_comes_from() -> None:
    assembly = assemble(SWAP)
    assert assembly.line_of == [5, 6, 7, 8, 9]
    assert assembly.labels == {"START": 0}
    assert assembly.blocks == [("Tape", 0, 100)]
    assert assembly.program.instructions == 5


def test_the_packages_own_functions_are_inverse() -> None:
    text = (FOLDER / "sway.hex").read_text()
    assert assemble(disassemble(text)).hex == text
    assert assemble(disassemble(assemble("").program)).hex == assemble("").hex
