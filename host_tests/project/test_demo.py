# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The demo: as text with its exit code, and live."""

import sys
from pathlib import Path

import pytest

from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.demo import __main__ as demo
from host_tests.demo.__main__ import main, on_a_terminal
from host_tests.demo.ear import Ear
from host_tests.demo.folder import prepare
from host_tests.demo.hand import UsbHand, perform
from host_tests.demo.live import Session
from host_tests.demo.screen import compose
from host_tests.demo.script import STEPS


@pytest.fixture(autouse=True)
def deaf(monkeypatch):
    """Rendering takes seconds; test_demo_ear.py does it."""
    monkeypatch.setattr(Ear, "_hear", lambda ear, image: None)


# ---- without a terminal ----
def test_every_step_is_told_with_what_was_expected_and_seen(capsys):
    assert main([]) == 0
    told = capsys.readouterr().out.split("\n\n")
    for step, text in zip(STEPS, told, strict=False):
        assert step.title in text
        assert text.count("expected:") == text.count("seen:") == text.count("ok ") == len(step.expected)
    assert told[-1].startswith(f"{len(STEPS)} of {len(STEPS)} steps came out right")


@pytest.mark.parametrize(
    ("setting", "wrong"),
    [
        ('SANDBOX_REFLASH = "always"', {"skip"}),
        ('SANDBOX_PIXEL_ORDER = "RGB"', {"slot burn", "skip", "broken"}),
        ("SANDBOX_PAUSE_PERCENT = 0", {"source", "slot burn"}),
    ],
)
def test_a_device_that_does_something_else_fails_by_name(tmp_path, capsys, setting, wrong):
    (tmp_path / "settings.toml").write_text(setting + "\n")
    assert main([str(tmp_path)]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert wrong <= set(last.removeprefix("WRONG: ").split(", "))


@pytest.mark.parametrize("own", [True, False])
def test_who_leaves_is_told_what_becomes_of_the_drive(tmp_path, monkeypatch, capsys, own):
    shown: list[Path] = []
    monkeypatch.setattr(demo, "on_a_terminal", lambda: True)

    def play(folder: Path, live: bool, is_loud: bool) -> int:
        shown.append(folder)
        return 0

    monkeypatch.setattr(demo, "play", play)
    assert main([str(tmp_path)] if own else []) == 0
    said = capsys.readouterr().out
    assert str(shown[0]) in said
    assert shown[0].exists() == own == ("stays" in said) != ("is deleted" in said)


def test_a_device_whose_program_is_broken_fails(tmp_path, capsys):
    (tmp_path / "code.py").write_text("raise ValueError('broken')\n")
    assert main([str(tmp_path)]) == 1
    assert f"0 of {len(STEPS)} steps" in capsys.readouterr().out


def test_somebodys_own_programs_are_never_overwritten(tmp_path, capsys):
    (tmp_path / "A.HEX").write_text("mine")
    assert main([str(tmp_path)]) == 2
    assert "holds A.HEX" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["A.HEX"]


@pytest.mark.parametrize(
    ("tty", "environment", "live"),
    [
        (True, {"TERM": "xterm"}, True),
        (False, {"TERM": "xterm", "FORCE_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"TERM": "xterm", "CI": "true"}, False),
    ],
)
def test_it_stays_only_where_somebody_watches(monkeypatch, tty, environment, live):
    monkeypatch.delenv("CI", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: tty, raising=False)
    assert on_a_terminal() == live


# ---- live ----
@pytest.fixture
def session(make_board, tmp_path):
    prepare(tmp_path)
    chip = VirtualFXCore(pause_percent=100)
    board = make_board(tmp_path, chip=chip)
    return Session(board, chip, tmp_path, UsbHand(board), Ear(chip, tmp_path))


def shown(session, width=80, height=24):
    return compose(session.view, width, height).plain.split("\n")


def run(session, seconds):
    until = session.view.board.now_ms + seconds * 1000
    while session.view.board.now_ms < until:
        session.frame()


def test_the_script_comes_out_right_before_the_watchers_eyes_and_then_it_is_their_turn(session):
    seen: set[str] = set()
    while not session.tour.over:
        run(session, 0.5)
        seen.update(line for line in shown(session) if line.startswith(" $ "))
    assert session.tour.right
    assert {f" $ {step.command}" for step in STEPS if step.command} <= seen
    assert " rm output.* " in "\n".join(shown(session))


def test_what_the_user_does_is_seen_on_the_screen(session):
    session.frame("\n")
    run(session, 6)
    perform("cp examples/sway.hex output.hex", UsbHand(session.view.board))
    run(session, 3)
    screen = "\n".join(shown(session, 120, 40))
    assert " RUNNING_FROM_RAM  sway (47 instructions) " in screen
    assert " output.hex sway  " in screen
    assert "\n output.hex: running, 47 instructions\n" in screen
    assert " -> 08 2E         XFER_PRG: 47 instructions to come\n" in screen
    assert " <- 1F 00 08 2E.. status: got CREG SFR MREG PRG, no error, slots 0-F\n" in screen
    perform("cp examples/cloud.hex A.hex", UsbHand(session.view.board))
    run(session, 3)
    assert " A cloud x1 " in "\n".join(shown(session))


def test_the_pedal_loses_its_power_and_gets_it_back(session):
    session.frame("\n")
    perform("cp examples/swap.hex output.hex", UsbHand(session.view.board))
    run(session, 9)
    session.frame("p")
    run(session, 4)
    assert " OFF  no power" in shown(session)[4]
    session.frame("p")
    run(session, 4)
    assert " RUNNING_FROM_RAM  swap" in shown(session)[4]


def test_reset_and_leave(session):
    run(session, 5)
    session.frame("r")
    run(session, 0.1)
    assert [reason for _, reason in session.view.board.resets] == ["pin"]
    assert not session.leaving
    session.frame("q")
    assert session.leaving


def test_a_drive_with_programs_is_the_users_from_the_start(make_board, tmp_path):
    prepare(tmp_path)
    (tmp_path / "output.hex").write_text("mine")
    chip = VirtualFXCore()
    board = make_board(tmp_path, chip=chip)
    run(Session(board, chip, tmp_path, UsbHand(board), Ear(chip, tmp_path)), 8)
    assert (tmp_path / "output.hex").read_text() == "mine"


def test_the_screen_fits_any_terminal(session):
    run(session, 9)
    for width, height in [(80, 24), (120, 40), (60, 16), (200, 80), (40, 12), (30, 6), (10, 2), (5, 1)]:
        lines = shown(session, width, height)
        assert len(lines) == height
        assert max(map(len, lines)) <= width
