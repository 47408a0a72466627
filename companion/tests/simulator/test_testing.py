# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`sandboxfx.testing`: what it measures, what it refuses, and its pytest plugin."""

import math
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from sandboxfx.errors import SandboxError
from sandboxfx.testing import play as play_program
from tests.simulator.conftest import ECHO
from tests.simulator.words import ACC32, IN0, OUT0, word

LOUD = [word("CPY_CS", 0, IN0), word("SLS", 0, 2), word("CPY_SC", OUT0, ACC32)]


def test_levels_and_decay_are_measured():
    heard = play_program(ECHO, "impulse", seconds=2.0, pot0=1.0)
    assert heard.peak() == pytest.approx(-6.02, abs=0.01)
    assert heard.peak(1) == pytest.approx(-6.02, abs=0.01)
    assert heard.level(0, 0.05, 0.09) == -200.0
    # Each echo is 6.02 dB below the one before: the tenth is the first that is 60 dB down.
    assert heard.decay_time(60) == pytest.approx(0.9, abs=0.001)
    assert play_program(ECHO, "impulse", seconds=0.5).decay_time(60) == 0.4
    assert math.isinf(play_program(ECHO, [0.5] * 10).decay_time(60))


def test_a_sound_can_be_samples_or_a_file(tmp_path):
    soundfile.write(str(tmp_path / "tone.wav"), np.full(480, 0.25), 48000)
    for sound in (np.full(480, 0.25), "tone.wav"):
        heard = play_program(ECHO, sound, tail=0.01, pot0=1.0, folder=tmp_path)
        assert heard.outputs.shape == (960, 2)
        assert heard.sound[100] == pytest.approx([0.25, 0.25], abs=1e-3)


def test_controls_move_and_choices_count():
    heard = play_program(ECHO, np.full(2000, 0.5), moves=[(0.01, "ENABLE", 0)], rounding="nearest", pot0=0)
    assert heard.sound[[100, 1900], 1].tolist() == [0.0, 0.5]
    with pytest.raises(SandboxError, match="POT0 cannot be 3"):
        play_program(ECHO, "impulse", pot0=3)


@pytest.mark.parametrize(
    ("check", "complaint"),
    [
        (lambda heard: heard.assert_no_clipping(), r"OUT0 is at full scale in [\d,]+ samples.*instruction 1 \(SLS\)"),
        (lambda heard: heard.assert_instructions(at_most=2), "a pass ran 3 instructions, 2 are allowed"),
        (lambda heard: heard.assert_matches("none.wav"), "there is no .*none.wav"),
    ],
)
def test_what_is_not_true_is_told(tmp_path, check, complaint):
    heard = play_program(LOUD, "sine:440", seconds=0.05, folder=tmp_path)
    with pytest.raises(AssertionError, match=complaint):
        check(heard)


def test_what_is_true_passes():
    heard = play_program(ECHO, "sine:440", seconds=0.05)
    heard.assert_no_clipping()
    heard.assert_instructions(at_most=10)
    heard.assert_proven()


def test_a_dependence_on_what_is_not_proven_is_told():
    heard = play_program([word("CHR", 0, 0)], "impulse", seconds=0.01)
    with pytest.raises(AssertionError, match="how CHR reads between two delay words"):
        heard.assert_proven()
    heard.assert_proven(but=["chr_fraction"])


def test_a_golden_sound_is_compared_by_level(tmp_path):
    sound = np.full(100, 0.5)
    play_program(ECHO, sound, folder=tmp_path).save("golden/echo.wav")
    play_program(ECHO, sound, folder=tmp_path).assert_matches("golden/echo.wav")
    with pytest.raises(AssertionError, match=r"OUT0 differs from .*echo.wav by -40.0 dB of full scale at 0\.00"):
        play_program(ECHO, sound + 0.01, folder=tmp_path).assert_matches("golden/echo.wav")
    play_program(ECHO, sound + 0.01, folder=tmp_path).assert_matches("golden/echo.wav", within=-39)
    with pytest.raises(AssertionError, match="has 100 samples x 2 channels"):
        play_program(ECHO, sound[1:], folder=tmp_path).assert_matches("golden/echo.wav")
    with pytest.raises(AssertionError, match="has 48,000 samples a second"):
        play_program(ECHO, sound, folder=tmp_path, rate=32000).assert_matches("golden/echo.wav")


def test_the_fixture_finds_files_beside_the_test_and_writes_golden_sounds(echo):
    (echo.parent / "test_echo.py").write_text(
        "def test_echo(play):\n    play('echo.hex', 'pluck', seconds=0.2).assert_matches('golden/echo.wav')\n"
    )

    def pytest_says(*options: str) -> str:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--rootdir=.", *options, "."]
        return subprocess.run(command, cwd=echo.parent, capture_output=True, text=True, check=False).stdout

    assert "1 passed" in pytest_says("--update-golden")
    assert "1 passed" in pytest_says()
