# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the slapback must do. Run it in this folder: pytest."""

import pytest

SOURCE = "slapback.fxc"
REPEAT = 5760  # samples


def test_it_sounds_as_it_did(play):
    heard = play(SOURCE, "pluck", rate=12000, seconds=0.8, tail=0.5, channels=1)
    heard.assert_no_clipping()
    heard.assert_matches("golden/pluck.wav")


def test_it_fits_into_the_time_of_a_sample(play):
    play(SOURCE, "noise", seconds=0.2).assert_instructions(at_most=20)


def test_it_depends_on_nothing_that_nobody_knows_of_the_chip(play):
    play(SOURCE, "noise", seconds=0.2).assert_proven()


@pytest.mark.parametrize("pot", [0.25, 1.0])
def test_the_repeat_is_as_loud_as_its_pot_says(play, pot):
    heard = play(SOURCE, "impulse", pot0=pot).sound[:, 0]
    assert heard[0] == pytest.approx(0.25)
    assert heard[REPEAT] == pytest.approx(0.25 * pot, abs=1e-3)
    assert abs(heard[REPEAT + 1 :]).max() == 0


def test_the_switch_turns_the_repeat_upside_down(play):
    heard = play(SOURCE, [0.0] * 1000 + [0.5] + [0.0] * 7000, pot0=1.0, moves=[(0.0, "SW0", 1)])
    assert heard.sound[1000 + REPEAT, 0] == pytest.approx(-0.25, abs=1e-3)


def test_it_is_quiet_soon_after_the_last_note(play):
    heard = play(SOURCE, "sine:440", seconds=0.5, tail=0.5)
    assert heard.decay_time(60) == pytest.approx(0.12, abs=0.001)
