# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A source on the drive is what its HEX file is: run, burnt, refused, mended, stopped."""

import pytest

from fxasm.assemble import assemble
from fxcore.program import SECTIONS
from host_tests.boards.pedal import SONG

SOURCE = ".equ gain 0.5\n.creg r1 7\ncpy_cs r0, in0\nmultri r0, gain\ncpy_sc out0, acc32\n"
OTHER_SOURCE = SOURCE.replace("0.5", "0.25")
WRONG = SOURCE.replace("multri", "multr")
# The virtual board compiles the assembler, which takes seconds; images have it compiled.
DONE_MS = 8000
TOLD_MS = 25000


def plays(board, source: str, rounding: str = "vendor") -> bool:
    return board.plays(hex_of(source, rounding))


def hex_of(source: str, rounding: str) -> str:
    """The HEX file of a source."""
    program = assemble(source, rounding).program
    lines = []
    for section in SECTIONS:
        block = bytes(program.block(section))
        for at in range(0, len(block), 64):
            data = block[at : at + 64]
            address = section.base + at
            record = bytes([len(data), address >> 8, address & 0xFF, 0]) + data
            lines.append(":" + (record + bytes([-sum(record) & 0xFF])).hex().upper())
    return "\n".join([*lines, ":00000001FF\n"])


def drop(board, name, text):
    board.drive.write(name, text)
    board.run(DONE_MS)


@pytest.mark.parametrize("name", ["output.fxc", "OUTPUT.FXC", "Output.Fxc"])
def test_a_source_runs(pedal, name):
    board = pedal()
    drop(board, name, SOURCE)
    assert "output.fxc: running, 3 instructions" in board.console
    assert plays(board, SOURCE)


def test_a_source_is_burnt_once(pedal):
    board = pedal()
    drop(board, "a.fxc", SOURCE)
    assert "a.fxc: burnt into slot A" in board.console
    board.restart()
    board.run(DONE_MS)
    assert board.console.count("burnt into slot") == 1


def test_an_error_is_told_with_its_place_and_the_old_program_plays_on(pedal):
    board = pedal()
    drop(board, "output.fxc", SOURCE)
    since = board.note()
    board.drive.write("output.fxc", WRONG)
    board.run(TOLD_MS)
    assert "error 1: output.fxc, line 4, column 1: `multr`: unknown instruction; MULTRI, MULTRR?" in since.lines
    assert plays(board, SOURCE)
    drop(board, "output.fxc", OTHER_SOURCE)
    assert plays(board, OTHER_SOURCE)


def test_eight_errors_are_told_and_the_others_counted(pedal):
    board = pedal()
    since = board.note()
    board.drive.write("output.fxc", "neg r99\n" * 11)
    board.run(TOLD_MS)
    errors = [line for line in since.lines if line.startswith("error 1: output.fxc, line ")]
    assert [line.split("line ")[1].split(",")[0] for line in errors] == list("12345678")
    assert since.lines[-1] == "and 3 more"


def test_a_source_without_instructions_is_no_program(pedal):
    board = pedal()
    board.drive.write("output.fxc", "; nothing yet\n")
    board.run(TOLD_MS)
    assert "error 1: output.fxc: there is no program (the source has no instruction)" in board.console


def test_what_is_not_written_yet_is_no_source(pedal):
    board = pedal()
    board.drive.write("output.fxc", SOURCE.encode() + bytes(600))
    board.run(TOLD_MS)
    assert "running" not in board.console
    drop(board, "output.fxc", SOURCE)
    assert plays(board, SOURCE)


def test_the_one_changed_last_counts(pedal):
    board = pedal()
    drop(board, "output.fxc", SOURCE)
    drop(board, "output.hex", SONG)
    assert board.plays(SONG)
    drop(board, "output.fxc", OTHER_SOURCE)
    assert plays(board, OTHER_SOURCE)
    assert board.console.count("counts") == 1
    assert "output.hex counts, output.fxc does not: the one changed last" in board.console


def test_at_power_up_the_source_counts(pedal):
    board = pedal({"output.hex": SONG, "output.fxc": SOURCE})
    board.run(DONE_MS)
    assert plays(board, SOURCE)
    assert "output.fxc counts, output.hex does not: at power-up the source" in board.console
    assert board.console.count("running") == 1


def test_deleting_the_one_that_plays_stops_it_and_deleting_the_other_does_not(pedal):
    board = pedal({"output.hex": SONG, "output.fxc": SOURCE})
    board.run(DONE_MS)
    board.remove("output.hex")
    assert plays(board, SOURCE)
    board.remove("output.fxc")
    board.run(1000)
    assert "output.fxc is gone: stopped" in board.console


EDITORS = {  # what they do to save a text over output.fxc
    "in place": lambda drive, text: drive.write("output.fxc", text),
    "swap file": lambda drive, text: (
        drive.write(".output.fxc.swp", b"b0VIM 9.0"),
        drive.write("output.fxc", text),
        drive.delete(".output.fxc.swp"),
    ),
    "backup file": lambda drive, text: (drive.write("output.fxc~", "neg r1\n"), drive.write("output.fxc", text)),
    "other file, then renamed": lambda drive, text: (
        drive.write("output.fxc.tmp", text),
        drive.delete("output.fxc"),
        drive.rename("output.fxc.tmp", "output.fxc"),
    ),
    "old file renamed": lambda drive, text: (
        drive.rename("output.fxc", "output.fxc.bak"),
        drive.write("output.fxc", text),
    ),
}


@pytest.mark.parametrize("editor", EDITORS)
def test_editors_save_as_they_do(pedal, editor):
    board = pedal()
    drop(board, "output.fxc", SOURCE)
    since = board.note()
    EDITORS[editor](board.drive, OTHER_SOURCE)
    board.run(DONE_MS)
    assert plays(board, OTHER_SOURCE)
    assert since.errors == []
    assert since.text.count("running") == 1


def test_a_setting_rounds_to_the_nearest(pedal):
    board = pedal(settings={"SANDBOX_ASM_ROUNDING": "nearest"})
    drop(board, "output.fxc", SOURCE)
    assert plays(board, SOURCE, "nearest")
    assert not plays(board, SOURCE)
