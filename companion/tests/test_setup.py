# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`sandboxfx setup-linux`."""

import json
from pathlib import Path

import pytest

from sandboxfx.cli import setup
from sandboxfx.cli.main import main
from sandboxfx.udev import rules


def test_the_rules_name_every_identity_of_a_board() -> None:
    lines = rules().splitlines()[2:]
    assert lines[-2:] == [
        'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="1209", ATTRS{idProduct}=="3911", TAG+="uaccess"',
        'SUBSYSTEM=="tty", ATTRS{idVendor}=="1209", ATTRS{idProduct}=="3911", TAG+="uaccess", '
        'ENV{ID_MM_DEVICE_IGNORE}="1"',
    ]
    assert len(lines) == 6


def test_the_rules_are_printed_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["setup-linux", "--print"]) == 0
    assert capsys.readouterr().out == rules()
    place = tmp_path / "60-sandboxfx.rules"
    monkeypatch.setattr(setup, "PLACE", str(place))
    monkeypatch.setattr(setup, "RELOAD", ())
    assert main(["setup-linux", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(place)
    assert place.read_text() == rules()


def test_who_may_not_write_is_told_how(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_text", refuse)
    assert main(["setup-linux"]) == 4
    assert "Run: sudo " in capsys.readouterr().err


def test_a_system_without_that_folder_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "PLACE", str(tmp_path / "no" / "x.rules"))
    assert main(["setup-linux"]) == 1
    assert "With --print" in capsys.readouterr().err
