# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`sandboxfx watch`: save and hear it."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from host_tests.boards.hid_transport import BoardHid
from host_tests.boards.pedal import Pedal
from sandboxfx import board as board_module
from sandboxfx import sync
from sandboxfx.cli import watch as watch_module
from sandboxfx.cli.main import main
from sandboxfx.find import FoundBoard
from sandboxfx.watching import saves

GOOD, LONGER, WRONG = "neg r0\n", "neg r0\nneg r1\n", "negg r0\n"


def test_each_save_is_noticed_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.fxc"
    path.write_text("one")
    saved = iter(["", "", "two", "two, thr", "two, three", "", "gone", "four!", "", ""])
    noticed: list[str] = []

    def sleep(seconds: float) -> None:
        text = next(saved, "end")
        if text == "end":
            raise KeyboardInterrupt
        if text == "gone":
            path.unlink()
        elif text:
            other = path.with_suffix(".new")
            other.write_text(text)
            os.replace(other, path)

    with pytest.raises(KeyboardInterrupt):
        noticed += (path.read_text() for _ in saves(path, sleep))
    assert noticed == ["one", "two, three", "four!"]


@pytest.fixture
def plugged(pedal: Callable[..., Pedal], monkeypatch: pytest.MonkeyPatch) -> Pedal:
    """The board that the command finds."""
    board = pedal(clock_look_ms=0.2)
    board.run(2500)
    monkeypatch.setattr(sync, "find_boards", lambda: [FoundBoard("E4617F2B", None, None)])
    monkeypatch.setattr(board_module, "open_hid", lambda found: BoardHid(board))
    monkeypatch.setattr(watch_module, "_now", lambda: "14:02:11")
    return board


def saving(path: Path, *texts: str) -> Callable[[Path], Iterator[None]]:
    """A user who saves these, one after the other, and then presses Ctrl-C."""

    def saves(watched: Path) -> Iterator[None]:
        for text in texts:
            path.write_text(text)
            yield
        raise KeyboardInterrupt

    return saves


def test_a_good_source_runs_and_a_wrong_one_leaves_the_old_one_playing(
    plugged: Pedal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.fxc"
    path.write_text(GOOD)
    monkeypatch.setattr(watch_module, "saves", saving(path, GOOD, WRONG, LONGER))
    assert main(["watch", str(path)]) == 130
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        f"14:02:11 {path}: running, 1 instructions",
        f"14:02:11 {path}: 1 error. The old one plays on.",
        f"14:02:11 {path}: running, 2 instructions",
    ]
    assert shown.err.startswith(f"{path}:1:1: error: `negg`: unknown instruction")
    assert plugged.chip.running
    assert plugged.chip.running.program[:8] == bytes.fromhex("0000003400000134")


def test_with_json_each_save_is_one_line(
    plugged: Pedal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.fxc"
    path.write_text(GOOD)
    monkeypatch.setattr(watch_module, "saves", saving(path, GOOD, WRONG))
    main(["watch", str(path), "--json"])
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {"ok": True, "instructions": 1}
    assert second["messages"][0]["line"] == 1


def test_a_chip_that_is_away_is_waited_for(
    plugged: Pedal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.fxc"
    path.write_text(GOOD)
    plugged.unplug_chip()
    monkeypatch.setattr(watch_module, "saves", saving(path, GOOD))
    assert main(["watch", str(path)]) == 130
    assert "no chip answers at the address" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", str(tmp_path / "no.fxc")]) == 1
    assert "no.fxc: No such file. Check the name." in capsys.readouterr().err
