# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command `listen` with a sound card made of Python: blocks, keys, a source that is saved."""

import io
import json
import sys
import types

import numpy as np
import pytest
from rich.console import Console

from sandboxfx.cli.listen import screen_of
from sandboxfx.simulator import Machine
from sandboxfx.simulator.live import BLOCK, Session
from tests.simulator.conftest import hex_of
from tests.simulator.words import OUT0, word

SILENT = [word("CPY_SC", OUT0, 3)]


@pytest.fixture
def clock():
    """A clock that goes on by a step each time it is asked."""
    time = types.SimpleNamespace(now=0.0, step=0.001)

    def ask() -> float:
        time.now += time.step
        return time.now

    time.ask = ask
    return time


@pytest.fixture
def session(echo, clock):
    machine = Machine(echo)
    machine.pots[0] = 0.5
    return Session(machine, echo, clock=clock.ask)


def block(left: float, right: float) -> np.ndarray:
    return np.tile(np.array([left, right], dtype=np.float32), (BLOCK, 1))


def test_a_block_of_the_sound_card_goes_through_the_program(session):
    heard = session.play(block(0.25, 0.5))
    assert heard.dtype == np.float32
    assert heard[100] == pytest.approx([0.25, 0.25], abs=1e-3)
    assert session.levels_in == pytest.approx([0.25, 0.5])
    mono = session.play(np.full((BLOCK, 1), 0.5, dtype=np.float32))
    assert mono[100] == pytest.approx([0.5, 0.25], abs=1e-3)


def test_a_loop_plays_over_and_over(session):
    session.loop = np.arange(4 * 700, dtype=np.int32).reshape(700, 4) << 12
    heard = np.concatenate([session.play(np.zeros((BLOCK, 2), np.float32)) for _ in range(3)])
    assert np.array_equal(heard[:700, 0], heard[700:1400, 0])
    assert heard[1, 0] > 0


def test_late_blocks_are_counted(session, clock):
    session.play(block(0, 0))
    assert session.drop_outs == 0
    session.play(block(0, 0), has_dropped=True)
    clock.step = 0.02  # a block lasts 0.0107 s
    session.play(block(0, 0))
    assert session.drop_outs == 2
    assert session.effort > 0.1


def test_keys_turn_pots_press_switches_tap_and_bypass(session):
    machine = session.machine
    for key in "2++-x":
        session.key(key)
    assert machine.pots[1] == pytest.approx(0.05, abs=1e-3)
    assert session.is_over
    for key in "3" + "+" * 30:
        session.key(key)
    assert machine.pots[2] == 1.0
    session.key("w")
    session.key(" ")
    assert machine.sfr["PIN"] == 0x7F & ~0x42
    for _ in range(12):
        session.play(block(0, 0))
    assert machine.sfr["PIN"] == 0x7F
    session.key("b")
    assert session.is_bypassed
    for _ in range(2):
        heard = session.play(block(0.1, 0.2))
    assert heard[-1] == pytest.approx([0.1, 0.2])
    session.key("?")


def test_a_saved_program_plays_and_a_broken_one_does_not(session, echo):
    session.look()
    assert session.message == ""
    echo.write_text(hex_of(SILENT))
    session.look()
    assert session.message == "echo.hex: 1 instructions, playing"
    assert not session.play(block(0.5, 0.5)).any()
    assert session.machine.pots[0] == pytest.approx(0.5, abs=1e-3)
    echo.write_text("broken\n")
    session.look()
    assert session.message.endswith("The old one plays on.")
    assert len(session.machine.program.words) == 1
    session.path = echo.with_suffix(".fxc")
    session.path.write_text("\n  cpy_sc out0, r99\n")
    session.look()
    assert session.message.startswith("echo.fxc, line 2: ")
    session.path.unlink()
    session.look()
    assert "No such file" in session.message


def test_a_run_that_ends_is_silent_and_told(echo, clock):
    session = Session(Machine([word("LOG2", 0)], log2_zero="trap"), echo, clock=clock.ask)
    assert not session.play(block(0.5, 0.5)).any()
    assert "LOG2 of a value outside its range" in session.message


def test_the_screen_shows_levels_pots_and_drop_outs(session):
    session.play(block(1.0, 0.5), has_dropped=True)
    screen = Console(width=120, record=True, file=io.StringIO())
    screen.print(screen_of(session))
    shown = screen.export_text()
    for text in ("echo.hex", "IN0", "1.00 clipped", "OUT1", "> POT0", "0.50", "1 drop-outs", "x ends"):
        assert text in shown


class FakeCard(types.ModuleType):
    """The module sounddevice, as far as it is used: a card with two inputs that asks for three blocks."""

    PortAudioError = RuntimeError

    def __init__(self, outputs: int = 2) -> None:
        super().__init__("sounddevice")
        self.outputs = outputs
        self.heard: list[np.ndarray] = []

    def query_devices(self, device=None, kind=None):
        card = {"max_output_channels": self.outputs, "max_input_channels": 2}
        return card if kind else [card]

    def Stream(self, channels, callback, blocksize, **settings):
        if settings["device"] == "broken":
            raise self.PortAudioError("no such device")
        self.settings = settings
        return _Open(lambda wanted: callback(block(0.25, 0.5), wanted, blocksize, None, 0), self.heard)

    def OutputStream(self, channels, callback, blocksize, **settings):
        return _Open(lambda wanted: callback(wanted, blocksize, None, 0), self.heard)


class _Open:
    def __init__(self, ask, heard):
        self.ask, self.heard = ask, heard

    def __enter__(self):
        for _ in range(3):
            wanted = np.zeros((BLOCK, 2), dtype=np.float32)
            self.ask(wanted)
            self.heard.append(wanted)

    def __exit__(self, *_):
        pass


@pytest.fixture
def card(monkeypatch):
    fake = FakeCard()
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def test_the_sound_card_is_played_until_its_time_is_over(run, echo, card):
    assert run("listen", echo, "--seconds", 0.1, "--rate", 44100)[0] == 0
    assert card.settings["samplerate"] == 44100
    assert card.heard[0][10] == pytest.approx([0.25, 0.25], abs=1e-3)
    card.heard.clear()
    assert run("listen", echo, "noise", "--seconds", 0.1)[0] == 0
    assert len(card.heard) == 3
    assert json.loads(run("listen", echo, "noise", "--seconds", 0.1, "--json")[1])["ok"] is True
    assert card.heard[0].any()


def test_without_a_sound_device_it_is_one_sentence(run, echo, card, monkeypatch):
    card.outputs = 0
    assert run("listen", echo)[::2] == (1, "sandboxfx: There is no sound device on this computer. render needs none.")
    card.outputs = 2
    assert "The sound device cannot be used: no such device." in run("listen", echo, "--device", "broken")[2]
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    status, _, complaint = run("listen", echo)
    assert status == 1
    assert complaint.startswith("sandboxfx: There is no PortAudio on this computer.")
