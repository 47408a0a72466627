# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Signals whose answer is known without a simulator."""

import numpy as np
import pytest

from sandboxfx.simulator import Machine
from tests.simulator.words import ACC32, IN0, OUT0, word

RATE = 48000
LFO_SCALE = (2**31 - 1) * 2 * np.pi / RATE
READ_INPUT = word("CPY_CS", ACC32, IN0)
WRITE_OUTPUT = word("CPY_SC", OUT0, ACC32)


def impulse(samples: int, loudness: int = 0x20000000) -> np.ndarray:
    sound = np.zeros(samples, dtype=np.int32)
    sound[0] = loudness
    return sound


def sine(hz: float, samples: int) -> np.ndarray:
    return 0.4 * np.sin(2 * np.pi * hz / RATE * np.arange(samples))


def loudest_hz(sound: np.ndarray) -> float:
    """The strongest frequency, between the bins of the transform."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    peak = int(np.argmax(spectrum))
    left, middle, right = np.log(spectrum[peak - 1 : peak + 2])
    return (peak + (left - right) / (2 * (left - 2 * middle + right))) * RATE / len(sound)


def test_an_all_pass_answers_an_impulse_with_its_series():
    # -g, then (1 - g^2) and the factor g each round; delay 12, g = 0.75, signs of APA and APB opposite.
    program = [READ_INPUT, word("APA", 0xA0, 12), word("APB", 0x60, 0), WRITE_OUTPUT]
    heard = Machine(program).run(impulse(49))[:, 0]
    assert [heard[n] for n in (0, 12, 24, 36)] == [0x18000000, 0x0E000000, -0x0A800000, 0x07E00000]
    assert np.count_nonzero(heard) == 5


@pytest.mark.parametrize(
    ("length", "ramp", "octaves"),
    [(0, -(2**23), 1), (1, -(2**22), 1), (2, 2**20, -1), (3, 2**19, -1), (3, -522512, 7 / 12), (1, 1394941, -7 / 12)],
)
def test_pitch_shifts_by_the_interval_of_its_ramp(length, ramp, octaves):
    # A sine that fits into half a block as a whole number of times: both places read it in phase.
    hz = 16 * RATE / (512 << length) * 2 ** max(0, length - 1)
    program = [READ_INPUT, word("WRDEL", 0, ACC32), word("PITCH", length << 2, 0), WRITE_OUTPUT]
    machine = Machine(program)
    machine.sfr["RAMP0_F"] = ramp
    heard = machine.run(sine(hz, RATE))[RATE // 4 :, 0]
    assert loudest_hz(heard) == pytest.approx(hz * 2**octaves, rel=0.01)


@pytest.mark.parametrize("form", ["ideal", "coupled"])
@pytest.mark.parametrize("hz", [0.38, 2.1, 18.0])
def test_an_lfo_keeps_its_rate(hz, form):
    machine = Machine([READ_INPUT], lfo_form=form)
    machine.sfr["LFO2_F"] = round(LFO_SCALE * hz)
    seconds = max(4, round(5 / hz))
    _, traces = machine.run(seconds * RATE, ["LFO2_S", "LFO2_C"])
    swing = traces[:, 0]
    ups = np.nonzero((swing[:-1] < 0) & (swing[1:] >= 0))[0]
    assert (len(ups) - 1) * RATE / (ups[-1] - ups[0]) == pytest.approx(hz, rel=0.001)
    assert swing.max() > 0.999 * 2**31
    quarter = traces[:, 1][ups[0]]
    assert quarter > 0.999 * 2**31  # the cosine leads


def test_a_tapped_tempo_runs_an_lfo_at_its_rate():
    # LFO_F = 2 pi (2^31 - 1) / TAPTEMPO, as a table would hold it for one tempo.
    machine = Machine([READ_INPUT])
    machine.sfr["MAXTEMPO"] = RATE
    for _ in range(2):
        machine.press("TAP", 4000)
        machine.run(24000)
    assert machine.sfr["TAPTEMPO"] == 24000
    machine.sfr["LFO0_F"] = round((2**31 - 1) * 2 * np.pi / machine.sfr["TAPTEMPO"])
    _, traces = machine.run(RATE * 5, ["LFO0_S"])
    ups = np.nonzero((traces[:-1, 0] < 0) & (traces[1:, 0] >= 0))[0]
    assert np.diff(ups).mean() == pytest.approx(24000, abs=0.5)


def test_a_smoothed_pot_follows_its_curve():
    machine = Machine([READ_INPUT], pot_start="zero")
    machine.sfr["POT3_K"] = 8
    machine.pots[3] = 0.75
    _, traces = machine.run(2000, ["POT3_SMTH"])
    target = round(0.75 * 4095) << 19
    samples = np.arange(1, 2001)
    assert np.abs(traces[:, 0] - target * (1 - (1 - 2**-8) ** samples)).max() < 2**9


def test_a_rising_pot_stops_short_and_a_falling_one_arrives():
    machine = Machine([READ_INPUT], pot_start="zero")
    machine.pots[0] = 1.0
    machine.run(60000)
    assert machine.sfr["POT0_SMTH"] == 0x7FF80000 - (2**10 - 1)
    machine.pots[0] = 0.0
    machine.run(60000)
    assert machine.sfr["POT0_SMTH"] == 0


def test_an_echo_loses_the_same_share_each_time():
    # r0: what comes back, half as loud each time.
    program = [
        word("RDDEL", 0, 1000),
        word("MULTRI", 0, 0x4000),
        word("CPY_CC", 0, ACC32),
        READ_INPUT,
        word("ADDS", ACC32, 0),
        word("WRDEL", 0, ACC32),
        WRITE_OUTPUT,
    ]
    heard = Machine(program).run(impulse(5001))[:, 0]
    assert [heard[n] for n in range(0, 5001, 1000)] == [0x20000000 >> k for k in range(6)]
    assert np.count_nonzero(heard) == 6


def test_the_longest_delay_is_the_whole_memory():
    program = [READ_INPUT, word("WRDEL", 0, ACC32), word("RDDEL", ACC32, 32767), WRITE_OUTPUT]
    heard = Machine(program).run(impulse(32768))[:, 0]
    assert np.flatnonzero(heard).tolist() == [32767]
