# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`list`, `status`, `run` and `stop` against the whole virtual board."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.boards.hid_transport import BoardHid
from host_tests.boards.pedal import SONG, Pedal, image
from sandboxfx import board as board_module
from sandboxfx import sync
from sandboxfx.cli import boards
from sandboxfx.cli.main import main
from sandboxfx.drives import Drive
from sandboxfx.find import FoundBoard

FOUND = FoundBoard("E4617F2B", Path("/dev/hidraw3"), Drive(Path("/media/CIRCUITPY"), "E4617F2B", "1.0.0"))
LOADER = FoundBoard("", None, Drive(Path("/media/RPI-RP2"), "", ""))


@pytest.fixture
def plugged(pedal: Callable[..., Pedal], monkeypatch: pytest.MonkeyPatch) -> Pedal:
    """The board that the commands find."""
    board = pedal(clock_look_ms=0.2)
    board.run(2500)
    monkeypatch.setattr(sync, "find_boards", lambda: [FOUND])
    monkeypatch.setattr(board_module, "open_hid", lambda found: BoardHid(board))
    return board


def test_boards_are_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(boards, "find_boards", lambda: [FOUND, LOADER])
    assert main(["list"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["BOARD", "FIRMWARE", "BRIDGE", "DRIVE"],
        ["7F2B", "1.0.0", "/dev/hidraw3", "/media/CIRCUITPY"],
        ["boot", "loader", "-", "-", "/media/RPI-RP2"],
    ]
    assert main(["list", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["boards"]
    assert first["board"] == "E4617F2B"
    assert second == {"board": "", "firmware": None, "bridge": None, "drive": "/media/RPI-RP2", "boot_loader": True}


def test_no_board_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(boards, "find_boards", list)
    assert main(["list"]) == 3
    assert capsys.readouterr().err == "sandboxfx: No board found. Is it plugged in?\n"


def test_the_chip_says_who_it_is(plugged: Pedal, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    shown = capsys.readouterr().out
    assert re.match(r"chip   device ID [0-9A-F]{4}, serial number [0-9a-f]{8}\nslots  0123456789ABCDEF\n", shown)
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["chip"]["slots"] == list(range(16))


def test_a_file_runs_and_stops(plugged: Pedal, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "song.hex"
    path.write_text(SONG)
    assert main(["run", str(path)]) == 0
    assert plugged.chip.running == image(SONG)
    assert capsys.readouterr().out.startswith(f"{path}: 3 instructions, running from RAM, verified   ")
    assert main(["run", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["instructions"] == 3
    assert main(["stop"]) == 0
    assert plugged.chip.mode == "RUN"


def test_a_broken_file_is_not_sent(plugged: Pedal, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "song.hex"
    path.write_text(SONG[:-20])
    since = len(plugged.i2c.log)
    assert main(["run", str(path)]) == 1
    assert len(plugged.i2c.log) == since


def test_a_chip_without_power_is_told(plugged: Pedal, capsys: pytest.CaptureFixture[str]) -> None:
    plugged.unplug_chip()
    assert main(["stop", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "address-nak"
    assert "powered" in error["cure"]


def test_another_board_than_the_one_there_is_told(plugged: Pedal, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stop", "--board", "1234"]) == 3
    assert capsys.readouterr().err == "sandboxfx: No board 1234 found. There are: 7F2B.\n"
