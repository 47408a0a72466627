# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Sounds to try a program with, made here: impulse, sine, sweep, noise, and a plucked string that plays four bars."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sandboxfx.errors import USAGE, SandboxError

Sound = NDArray[np.float64]

LOUDNESS = 0.5
SWEEP_FROM, SWEEP_TO = 20.0, 20000.0
BEATS_A_MINUTE = 104
# (beat, note in half steps above the open low E string at 82.4 Hz), four bars of four.
LOW_E = 82.4069
RIFF = (
    *((0.0, 5), (0.5, 12), (1.0, 17), (1.5, 20), (2.0, 24), (2.5, 20), (3.0, 17), (3.5, 12)),
    *((4.0, 3), (4.5, 10), (5.0, 15), (5.5, 19), (6.0, 22), (6.5, 19), (7.0, 15), (7.5, 10)),
    *((8.0, 1), (8.5, 8), (9.0, 13), (9.5, 17), (10.0, 20), (10.5, 17), (11.0, 13), (11.5, 8)),
    *((12.0, 0), (12.5, 7), (13.0, 12), (14.0, 5), (14.0, 12), (14.0, 17), (14.0, 20)),
)
RIFF_BEATS = 18
STRING_LOSS = 0.996
FADE_SECONDS = 0.2
RING_SECONDS = 4.0  # a note that nobody would hear any more


def impulse(rate: float, seconds: float, value: float) -> Sound:
    """One sample, then silence."""
    sound = np.zeros(round(rate * seconds))
    sound[:1] = LOUDNESS
    return sound


def sine(rate: float, seconds: float, value: float) -> Sound:
    """A steady tone of `value` Hz."""
    return np.sin(2 * np.pi * value / rate * np.arange(round(rate * seconds))) * LOUDNESS


def sweep(rate: float, seconds: float, value: float) -> Sound:
    """A tone that goes from 20 Hz to 20 kHz, or to just below half the rate, an octave in always the same time."""
    octaves = np.log(min(SWEEP_TO, 0.45 * rate) / SWEEP_FROM)
    time = np.arange(round(rate * seconds)) / rate
    return np.sin(2 * np.pi * SWEEP_FROM * seconds / octaves * np.expm1(time / seconds * octaves)) * LOUDNESS


def noise(rate: float, seconds: float, value: float) -> Sound:
    """White noise, always the same."""
    return np.random.Generator(np.random.PCG64(1)).uniform(-LOUDNESS, LOUDNESS, round(rate * seconds))


def pluck(rate: float, seconds: float, value: float) -> Sound:
    """A string that is plucked: a loop of noise that grows softer and duller, as long as a period of its note."""
    sound = np.zeros(round(rate * seconds))
    for beat, steps in RIFF:
        start = round(beat * 60 / BEATS_A_MINUTE * rate)
        if start < len(sound):
            tone = _string(rate, LOW_E * 2 ** (steps / 12), min(len(sound) - start, round(RING_SECONDS * rate)))
            sound[start : start + len(tone)] += tone
    end = sound[-round(FADE_SECONDS * rate) :]
    end *= np.linspace(1, 0, len(end))
    return sound * LOUDNESS / max(1e-9, np.abs(sound).max())


def _string(rate: float, hz: float, samples: int) -> Sound:
    """One note. It is made with a whole number of samples a period, then brought to its pitch."""
    period = round(rate / hz)
    loop = np.random.Generator(np.random.PCG64(period)).uniform(-1.0, 1.0, period)
    loop -= loop.mean()
    loop = np.convolve(np.concatenate((loop[-4:], loop)), np.ones(5) / 5, "valid")  # a finger, not a needle
    stretch = rate / hz / (period + 0.5)
    tone = np.zeros(round(samples / stretch) + 2 * period + 1)
    tone[1 : period + 1] = loop
    for start in range(period + 1, len(tone), period):
        stop = min(start + period, len(tone))
        before = tone[start - period : stop - period]
        tone[start:stop] = STRING_LOSS * 0.5 * (before + tone[start - period - 1 : stop - period - 1])
    return np.interp(np.arange(samples) / stretch, np.arange(len(tone) - 1), tone[1:])


# Name -> (function, seconds, what the number behind the colon is when there is none).
SIGNALS: dict[str, tuple[Callable[[float, float, float], Sound], float, float]] = {
    "impulse": (impulse, 1.0, 0.0),
    "sine": (sine, 2.0, 440.0),
    "sweep": (sweep, 5.0, 0.0),
    "noise": (noise, 2.0, 0.0),
    "pluck": (pluck, RIFF_BEATS * 60 / BEATS_A_MINUTE, 0.0),
}


def is_signal(name: str) -> bool:
    """Whether this is the name of a test signal, such as pluck or sine:440."""
    return name.partition(":")[0] in SIGNALS


def signal(name: str, rate: float, seconds: float | None = None) -> Sound:
    """Returns a test signal.

    :param name: impulse, sine:HZ, sweep, noise or pluck
    :param seconds: how long, or None: as long as is usual for it
    :raises SandboxError: the number behind the colon makes no sense
    """
    kind, colon, number = name.partition(":")
    make, usual_seconds, usual_value = SIGNALS[kind]
    value = usual_value
    if colon:
        value = _frequency(name, kind, number, rate)
    return make(rate, usual_seconds if seconds is None else seconds, value)


def _frequency(name: str, kind: str, number: str, rate: float) -> float:
    if kind != "sine":
        raise SandboxError("signal", f"{name}: only sine takes a number.", f"Write {kind}, or sine:440.", USAGE)
    try:
        hz = float(number)
    except ValueError:
        hz = -1.0
    if not 0 < hz < rate / 2:
        cure = f"Write one above 0 and below {rate / 2:g}, such as sine:440."
        raise SandboxError("signal", f"{name}: {number or 'nothing'} is no frequency in Hz.", cure, USAGE)
    return hz
