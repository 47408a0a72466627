# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The programs of `examples/` and of the demo, as they sound: what they promise, and golden renders."""

from pathlib import Path

import numpy as np
import pytest

from host_tests.boards.programs.generate import FOLDER
from tests.simulator.test_known_answers import loudest_hz

EXAMPLES = Path(__file__).parents[3] / "examples"
GOLDEN = Path(__file__).parent / "golden"
PROGRAMS = [*sorted(EXAMPLES.glob("*.fxc")), *sorted(FOLDER.glob("*.fxc"))]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_sounds_as_it_did(play, program):
    heard = play(program, "pluck", rate=12000, seconds=0.9, tail=0.1)
    heard.assert_no_clipping()
    heard.assert_matches(GOLDEN / f"{program.stem}.wav")


@pytest.mark.parametrize("name", ["tremolo", "echo", "chorus"])
@pytest.mark.parametrize("pot", [0.0, 1.0])
def test_an_example_is_clean_at_the_ends_of_its_pots(play, name, pot):
    heard = play(EXAMPLES / f"{name}.fxc", "pluck", seconds=1.0, pot0=pot, pot1=pot, pot2=pot)
    heard.assert_no_clipping()
    heard.assert_proven(but=["chr_fraction", "chr_depth"])
    assert heard.peak() > -20


def test_the_tremolo_goes_as_fast_and_as_deep_as_its_pots_say(play):
    heard = play(EXAMPLES / "tremolo.fxc", np.full(48000 * 2, 0.5), pot0=0.5, pot1=1.0)
    loudness = heard.sound[:, 0]
    assert loudest_hz(loudness - loudness.mean()) == pytest.approx(0.8 + 0.5 * 8.2, rel=0.02)
    assert loudness.min() < 0.001 < 0.49 < loudness.max()
    still = play(EXAMPLES / "tremolo.fxc", np.full(4800, 0.5), pot1=0.0).sound[:, 0]
    assert np.ptp(still) < 0.001


def test_the_echo_repeats_after_the_time_of_its_pot_and_dies_away(play):
    heard = play(EXAMPLES / "echo.fxc", "impulse", seconds=3.0, pot0=0.5, pot1=0.5, pot2=1.0)
    repeats = np.flatnonzero(np.abs(heard.sound[:, 0]) > 0.01)
    assert repeats[0] == 0
    assert repeats[1] == pytest.approx((0.5 * 0.855 + 0.01) * 32768, abs=3)
    assert 0.5 < heard.decay_time(60) < 3.0


def test_the_chorus_moves_each_side_by_itself(play):
    heard = play(EXAMPLES / "chorus.fxc", "sine:440", seconds=1.0, pot0=1.0, pot1=1.0, pot2=1.0)
    left, right = heard.sound.T
    assert np.abs(left - right).max() > 0.1
    dry = play(EXAMPLES / "chorus.fxc", "sine:440", seconds=1.0, pot2=0.0)
    assert np.abs(dry.sound[:, 0] - dry.inputs[:, 0] / 2**31 / 2).max() < 0.26
