# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Switches, tap tempo, FLAGS, NOISE, USER pins and the sample counter, sample by sample."""

import numpy as np
import pytest

from sandboxfx.errors import SandboxError
from sandboxfx.simulator import Machine
from tests.simulator.words import ACC32, IN0, OUT0, word

NOTHING = word("CPY_CC", 0, 0)
THROUGH = [word("CPY_CS", ACC32, IN0), word("CPY_SC", OUT0, ACC32)]
TAPLVL, TAPPE, TAPRE, NEWTT, TAPSTKY, TB2NTB1 = 1, 2, 4, 8, 16, 32


def idle(**registers: int) -> Machine:
    machine = Machine([NOTHING])
    machine.set(**registers)
    return machine


def trace(machine: Machine, samples: int, name: str) -> np.ndarray:
    return machine.run(samples, [name])[1][:, 0]


def test_a_switch_counts_after_its_debounce_time_with_one_sample_of_edge():
    machine = idle(SWDBRLD=100)
    assert set(trace(machine, 50, "SWITCH")) == {0x801F}
    machine.press("SW2", 300)
    seen = trace(machine, 600, "SWITCH")
    pushed, released = np.flatnonzero(seen & 0x1000), np.flatnonzero(seen & 0x0080)
    assert (pushed.tolist(), released.tolist()) == ([99], [399])
    assert np.flatnonzero(seen & 4 == 0).tolist() == list(range(99, 399))
    assert machine.sfr["PIN"] == 0x7F


def test_a_bounce_shorter_than_the_debounce_time_is_not_seen():
    machine = idle(SWDBRLD=100)
    for start in (0, 150, 300):
        machine.move_later(start, "SW0", 1)
        machine.move_later(start + 99, "SW0", 0)
    assert set(trace(machine, 600, "SWITCH")) == {0x801F}


def test_switches_that_are_down_at_the_start_make_no_edge():
    machine = Machine([NOTHING])
    machine.press("SW1")
    machine.load([NOTHING])
    assert set(trace(machine, 1000, "SWITCH")) == {0x801D}


def test_enable_low_is_bypass_and_the_program_goes_on():
    machine = Machine([word("ADDI", 0, 1), word("CPY_CC", 0, ACC32), word("CPY_SC", OUT0, 0)])
    machine.bypass()
    sound = np.arange(8, dtype=np.int32).reshape(-1, 4)
    assert machine.run(sound).tolist() == sound.tolist()
    assert machine.core[0] == 2


@pytest.mark.parametrize("distance", [1100, 9999, 32767])
def test_two_taps_give_their_distance_for_one_sample_of_newtt(distance):
    machine = idle()
    machine.press("TAP", 500)
    machine.run(distance)
    machine.press("TAP", 500)
    flags = trace(machine, 2000, "FLAGS")
    assert machine.sfr["TAPTEMPO"] == distance
    assert np.count_nonzero(flags & NEWTT) == np.count_nonzero(flags & TAPPE) == 1
    assert np.count_nonzero(flags & TB2NTB1) == np.count_nonzero(flags & TAPLVL == 0) == 500


def test_a_second_tap_that_comes_too_late_is_a_first_one():
    machine = idle(MAXTEMPO=5000, TAPTEMPO=77)
    for _ in range(2):
        machine.press("TAP", 600)
        machine.run(5001)
    assert machine.sfr["TAPTEMPO"] == 77
    machine.press("TAP", 600)
    machine.run(5000)
    machine.press("TAP", 600)
    machine.run(1000)
    assert machine.sfr["TAPTEMPO"] == 5000


def test_a_long_first_tap_is_sticky_and_starts_no_tempo():
    machine = idle(TAPSTKRLD=1000)
    machine.press("TAP", 4000)
    flags = trace(machine, 5000, "FLAGS")
    assert np.count_nonzero(flags & TAPSTKY) == 4000 - 1000 + 1
    assert not np.any(flags & TB2NTB1)
    machine.press("TAP", 600)
    flags = trace(machine, 2000, "FLAGS")
    assert not np.any(flags & NEWTT)


def test_a_long_second_tap_gives_a_tempo_and_is_sticky():
    machine = idle(TAPSTKRLD=1000)
    machine.press("TAP", 600)
    machine.run(3000)
    machine.press("TAP", 4000)
    flags = trace(machine, 6000, "FLAGS")
    assert machine.sfr["TAPTEMPO"] == 3000
    assert np.count_nonzero(flags & (TAPSTKY | TB2NTB1) == TAPSTKY | TB2NTB1) == 4000 - 1000 + 1


def test_overflow_flags_follow_channels_near_full_scale_by_a_pass():
    machine = Machine(THROUGH)
    sound = np.zeros((4, 4), dtype=np.int32)
    sound[1] = 0x78D6FC9E, 0, 0x78D6FC9D, -0x78D6FC9E
    flags = machine.run(sound, ["FLAGS"])[1][:, 0] >> 8
    assert flags.tolist() == [0, 0, 0x01 | 0x08 | 0x10, 0]


def test_noise_is_the_same_for_a_seed_and_can_be_given():
    first, again, other = (trace(Machine([NOTHING], seed=seed), 500, "NOISE") for seed in (7, 7, 8))
    assert first.tolist() == again.tolist() != other.tolist()
    assert abs(first.mean()) < 2**28
    assert len(set(first)) == 500
    assert trace(Machine([NOTHING], noise=[5, -6]), 4, "NOISE").tolist() == [5, -6, 5, -6]


def test_samplecnt_is_0_in_the_first_pass():
    assert trace(idle(), 4, "SAMPLECNT").tolist() == [0, 1, 2, 3]


def test_user_pins_keep_their_level():
    machine = Machine([word("CPY_CS", 0, 46), word("JNZ", 0, 1), word("SET", 0x20, 1)])
    machine.core[1] = 1
    machine.run(5)
    assert machine.user == (0, 1)


def test_pots_have_twelve_bits():
    machine = idle()
    machine.pots[5] = 0.5
    assert machine.sfr["POT5"] == 2048 << 19
    machine.move("pot5", 1.0)
    assert machine.sfr["POT5"] == machine.sfr["POT5_SMTH"] == 0x7FF80000
    assert machine.pots[5] == 1.0


@pytest.mark.parametrize(("control", "value"), [("SW0", 0.5), ("POT0", 1.5), ("POT6", 0), ("SWITCH", 1), ("", 0)])
def test_a_control_that_is_not_there_is_refused(control, value):
    with pytest.raises(SandboxError):
        idle().move(control, value)
