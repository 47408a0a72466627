# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`sandboxfx dis` and `sandboxfx diff`."""

import json
from pathlib import Path

import pytest

from fxasm.contents import words
from host_tests.boards.programs.generate import FOLDER, Shape, to_hex
from host_tests.boards.programs.program import Program, block_sum
from sandboxfx.cli.main import main
from sandboxfx.hexfiles import read_hex

SWAP, SWAY = FOLDER / "swap.hex", FOLDER / "sway.hex"


def test_dis_prints_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dis", str(SWAP)]) == 0
    assert capsys.readouterr().out == (
        "; swap.hex: 4 instructions\n\n        cpy_cs   acc32, in0\n        cpy_sc   out1, acc32\n"
        "        cpy_cs   acc32, in1\n        cpy_sc   out0, acc32\n"
    )


def test_dis_writes_the_same_source_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dis", str(SWAP)])
    printed = capsys.readouterr().out
    output = tmp_path / "swap.fxc"
    assert main(["dis", str(SWAP), "-o", str(output)]) == 0
    assert output.read_bytes() == printed.encode()
    assert capsys.readouterr().out == f"{output}: 4 instructions\n"


def test_dis_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dis", str(SWAP), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["instructions"]) == (True, 4)
    assert answer["source"].startswith("; swap.hex: 4 instructions\n")


@pytest.mark.parametrize(
    ("words_", "sentence"),
    [
        ([0x34000000, 0x03000000, 0x05000000], "instruction 1: 03000000 is the word of no instruction, and 1 more"),
        ([0xB8000000], "instruction 0: JMP goes behind the last instruction"),
    ],
)
def test_a_program_that_no_source_can_give_is_refused_and_nothing_written(
    words_: list[int], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, output = tmp_path / "odd.hex", tmp_path / "odd.fxc"
    path.write_text(to_hex(Program(words_)))
    assert main(["dis", str(path), "-o", str(output)]) == 1
    assert capsys.readouterr().err == f"sandboxfx: odd.hex: {sentence}. It can still be run, burnt and compared.\n"
    assert not output.exists()


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (Program([0x64000004]), "cpy_cs   r0, out0: `out0`: the register does not allow this; it can only be written."),
        (Program([0x60110000]), "cpy_cc   flags, r0: `flags`: the register does not allow this; it can only be read."),
    ],
)
def test_what_the_assembler_refuses_is_not_given_as_source(
    program: Program, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.hex"
    path.write_text(to_hex(program))
    assert main(["dis", str(path)]) == 1
    assert sentence in capsys.readouterr().err


def test_bits_that_no_preset_can_set_are_not_lost_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def set_a_reserved_bit(sections: dict[str, bytes]) -> None:
        data = bytearray(sections["SFR"][:-2])
        data[47] = 0x80
        sections["SFR"] = bytes(data) + block_sum(bytes(data))

    path = tmp_path / "odd.hex"
    path.write_text(to_hex(Program([0x34000000]), Shape(edit=set_a_reserved_bit)))
    assert main(["dis", str(path)]) == 1
    assert "a register's preset has bits that no source can set" in capsys.readouterr().err


def test_a_broken_hex_file_is_refused_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.hex"
    path.write_text(SWAP.read_text().replace(":00000001FF\n", ""))
    assert main(["dis", str(path), "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "hex-no-eof"
    assert error["sentence"] == f"{path}, line 14: the end-of-file record is missing."
    assert error["cure"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dis", str(tmp_path / "no.hex")]) == 1
    assert "no.hex: No such file or directory. Check the name." in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dis", str(SWAP), "-o", str(tmp_path / "no" / "x.fxc")]) == 1
    assert "x.fxc: No such file or directory. Name a place that you can write to." in capsys.readouterr().err


def test_diff_says_by_its_status_that_programs_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(SWAP), str(SWAP)]) == 0
    assert capsys.readouterr().out == f"{SWAP} and {SWAP} are the same program\n"


def test_diff_shows_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = Program(words(read_hex(SWAP.read_bytes())), sfr={"POT0_K": 12})
    program.words[2] = 0x34000000
    path = tmp_path / "other.hex"
    path.write_text(to_hex(program))
    assert main(["diff", str(SWAP), str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"--- {SWAP}",
        f"+++ {path}",
        "presets",
        "  POT0_K    0xA -> 0xC",
        "instructions",
        "-    2  cpy_cs   acc32, in1",
        "+    2  neg      r0",
    ]


def test_diff_gives_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(SWAP), str(SWAY), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["same"]) == (True, False)
    assert answer["presets"][0] == {"name": "R4", "old": 0, "new": 0x39999999}
    assert answer["blocks"] == [{"name": "delay1", "old": 0, "new": 16001}]
