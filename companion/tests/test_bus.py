# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`sandboxfx i2c` against the whole virtual board."""

import json
from collections.abc import Callable

import pytest

from host_tests.boards.hid_transport import BoardHid
from host_tests.boards.pedal import Pedal
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from sandboxfx import board as board_module
from sandboxfx import sync
from sandboxfx.cli.main import main
from sandboxfx.find import FoundBoard


@pytest.fixture(autouse=True)
def plugged(pedal: Callable[..., Pedal], monkeypatch: pytest.MonkeyPatch) -> Pedal:
    """A board with an EEPROM, which the commands find."""
    board = pedal(clock_look_ms=0.2)
    board.i2c.attach(VirtualEeprom.address, VirtualEeprom(lambda: board.now_ms, bytes(range(64))))
    board.run(2500)
    monkeypatch.setattr(sync, "find_boards", lambda: [FoundBoard("E4617F2B", None, None)])
    monkeypatch.setattr(board_module, "open_hid", lambda found: BoardHid(board))
    return board


def test_a_scan_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["i2c", "scan"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == " 00                  . . . . . . . ."
    assert lines[4] == " 30  # . . . . . . . . . . . . . . .   30: FXCore"
    assert lines[6] == " 50  # . . . . . . . . . . . . . . ."
    assert main(["i2c", "scan", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "addresses": [0x30, 0x50]}


def test_bytes_are_read_from_a_register(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["i2c", "read", "0x50", "18", "--reg", "0e"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "0000  0E 0F 10 11 12 13 14 15 16 17 18 19 1A 1B 1C 1D",
        "0010  1E 1F",
    ]


def test_bytes_are_written(plugged: Pedal, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["i2c", "write", "0x50", "08", "AB", "0xcd"]) == 0
    assert capsys.readouterr().out == "3 bytes written\n"
    plugged.run(20)
    assert main(["i2c", "read", "80", "2", "--reg", "8", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["data"] == "abcd"


def test_nobody_at_an_address_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["i2c", "write", "0x2A", "00"]) == 1
    assert capsys.readouterr().err.startswith("sandboxfx: 0x2A: no chip answers at the address")


def test_the_clock_is_shown_and_set(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, shown in (([], "100 kHz\n"), (["400"], "400 kHz\n"), ([], "400 kHz\n")):
        assert main(["i2c", "clock", *arguments]) == 0
        assert capsys.readouterr().out == shown


@pytest.mark.parametrize(
    "arguments",
    [["read", "0x80", "1"], ["read", "zz", "1"], ["read", "0x50", "0"], ["write", "1", "1FF"], ["clock", "9"]],
)
def test_what_makes_no_sense_is_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["i2c", *arguments]) == 2
    assert "Try: sandboxfx i2c" in capsys.readouterr().err
