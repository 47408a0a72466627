# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`burn` and `slots` against the whole virtual board."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.boards.hid_transport import BoardHid
from host_tests.boards.pedal import OTHER, SONG, Pedal, image
from sandboxfx import board as board_module
from sandboxfx import sync
from sandboxfx.burns import Burns, Burnt
from sandboxfx.cli import burn as burn_module
from sandboxfx.cli.main import main
from sandboxfx.find import FoundBoard
from sandboxfx.hexfiles import read_hex


@pytest.fixture
def plugged(pedal: Callable[..., Pedal], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Pedal:
    """The board that the commands find; the record is in a folder of its own."""
    board = pedal(clock_look_ms=0.2)
    board.run(2500)
    monkeypatch.setattr(sync, "find_boards", lambda: [FoundBoard("E4617F2B", None, None)])
    monkeypatch.setattr(board_module, "open_hid", lambda found: BoardHid(board))
    monkeypatch.setattr(burn_module, "record", lambda: Burns(tmp_path / "state" / "burns.json"))
    return board


@pytest.fixture
def song(tmp_path: Path) -> str:
    path = tmp_path / "song.hex"
    path.write_text(SONG)
    return str(path)


def test_a_program_is_burnt_once(plugged: Pedal, song: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["burn", "3", song, "--yes"]) == 0
    assert plugged.chip.slots[3] == image(SONG)
    assert capsys.readouterr().out == "3  song.hex                 burnt, verified (burnt from this computer once)\n"
    since = len(plugged.chip.history)
    assert main(["burn", "3", song, "--yes"]) == 0
    assert (
        "3  song.hex                 left alone: the last that was burnt from here, --force" in capsys.readouterr().out
    )
    assert not [event for event in plugged.chip.history[since:] if event.step.startswith("WRITE_PRG")]
    assert main(["burn", "3", song, "--yes", "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "slots": [{"slot": 3, "file": song, "result": "burnt", "times": 2}],
    }


def test_of_a_bank_only_what_differs_is_burnt(
    plugged: Pedal, song: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "half.fxc").write_text("multri r0, 0.5\n")
    bank = tmp_path / "live.toml"
    bank.write_text('[slots]\nA = "half.fxc"\n3 = "song.hex"\n')
    main(["burn", "3", song, "--yes"])
    capsys.readouterr()
    assert main(["burn", str(bank), "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["3", "A"]
    assert "left alone" in lines[0]
    assert lines[1].endswith("to be burnt")
    assert main(["burn", str(bank), "--yes"]) == 0
    assert "A  half.fxc                 burnt, verified" in capsys.readouterr().out
    assert plugged.chip.slots[10].program[:4] == bytes.fromhex("ff3f0032")
    assert main(["burn", str(bank)]) == 0  # nothing is left to ask for


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has no table [slots]"),
        ("[slots]\n", "has no table [slots]"),
        ("slots = 3\n", "has no table [slots]"),
        ('[slots]\n3 = "song.hex"\n[other]\n', "something beside it"),
        ('[slots]\nG = "song.hex"\n', "G is no slot."),
        ('[slots]\n10 = "song.hex"\n', "10 is no slot."),
        ("[slots]\n3 = 4\n", "slot 3 has no file's name."),
        ('[slots]\na = "song.hex"\nA = "song.hex"\n', "slot A is there twice."),
        ("[slots\n", "live.toml: "),
        ('[slots]\n3 = "no.hex"\n', "no.hex: No such file"),
        ('[slots]\n3 = "song.hex"\n4 = "wrong.fxc"\n', "wrong.fxc: 1 error."),
    ],
)
def test_of_a_bank_that_is_wrong_nothing_is_burnt(
    text: str, sentence: str, plugged: Pedal, song: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wrong.fxc").write_text("negg r0\n")
    bank = tmp_path / "live.toml"
    bank.write_text(text)
    assert main(["burn", str(bank), "--yes"]) == 1
    assert sentence in capsys.readouterr().err
    assert not any(plugged.chip.writes)


@pytest.mark.parametrize("what", [[], ["3"], ["G", "a.hex"], ["1", "2", "3"], ["10", "a.hex"]])
def test_what_is_neither_a_slot_and_a_file_nor_a_bank_is_wrong_usage(what: list[str]) -> None:
    assert main(["burn", *what]) == 2


def test_without_a_terminal_nobody_is_asked_and_nothing_burnt(
    plugged: Pedal, song: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = plugged.chip.slots[3]
    assert main(["burn", "3", song]) == 2
    assert "Add --yes." in capsys.readouterr().err
    assert plugged.chip.slots[3] == before


@pytest.mark.parametrize(("answer", "burnt"), [(True, True), (False, False)])
def test_on_a_terminal_the_user_decides(
    plugged: Pedal, song: str, answer: bool, burnt: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def confirm(text: str, err: bool) -> bool:
        asked.append(text)
        return answer

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(burn_module.click, "confirm", confirm)
    assert main(["burn", "a", song]) == (0 if burnt else 130)
    assert asked == ["Burn slot A? Something else is there. The flash is made for about 10,000 writes."]
    assert (plugged.chip.slots[10] == image(SONG)) == burnt


def test_a_slot_is_overwritten_with_silence(plugged: Pedal, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["blank", "f", "--yes"]) == 0
    assert capsys.readouterr().out == "F  silence                  burnt, verified (burnt from this computer once)\n"
    silent = plugged.chip.slots[15]
    assert silent
    assert silent.program[:-2] == bytes.fromhex("000000aa04001068050010680600106807001068")


def test_slots_are_shown_with_what_was_burnt_from_here(
    plugged: Pedal, song: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["burn", "3", song, "--yes"])
    capsys.readouterr()
    assert main(["slots"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "2  a program"
    assert lines[3] == "3  song.hex                 burnt from here 1 x"
    assert main(["slots", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["slots"][3] == {
        "slot": 3,
        "used": True,
        "program": "song.hex",
        "times": 1,
    }


def test_after_a_burn_that_failed_the_slot_is_not_known(
    plugged: Pedal, song: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["burn", "3", song, "--yes"])
    other = tmp_path / "other.hex"
    other.write_text(OTHER)
    plugged.chip.flash_error(3, 0x1F)
    assert main(["burn", "3", str(other), "--yes"]) == 1
    assert "the chip could not write its flash" in capsys.readouterr().err
    kept = json.loads((tmp_path / "state" / "burns.json").read_text())
    assert [entry["crc"] for entry in kept.values()] == [None]
    assert [entry["times"] for entry in kept.values()] == [2]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"12345678/3": {"often": 3}}', '{"12345678/3": 3}'])
def test_a_record_that_makes_no_sense_is_begun_anew(tmp_path: Path, content: str) -> None:
    path = tmp_path / "burns.json"
    path.write_text(content)
    burns = Burns(path)
    assert burns.of("12345678", 3) == Burnt()
    program = read_hex(SONG.encode())
    burns.burnt("12345678", 3, program, "song.hex")
    assert Burns(path).of("12345678", 3) == Burnt(1, program.crc, "song.hex")
