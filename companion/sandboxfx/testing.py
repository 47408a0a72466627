# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Tests for pedals: play a program, then say what must be true of what is heard.

    from sandboxfx.testing import play

    def test_the_echo_is_clean():
        heard = play("echo.fxc", "pluck", pot0=0.4)
        heard.assert_no_clipping()
        heard.assert_instructions(at_most=100)
        heard.assert_matches("golden/echo.wav")
        assert 0.5 < heard.decay_time() < 2.0

With pytest the fixture `play` does the same, finds files beside the test, and `pytest --update-golden` makes the golden
sounds (sandboxfx.pytest_plugin).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import ArrayLike, NDArray

from sandboxfx.errors import SandboxError
from sandboxfx.simulator.loading import AnyProgram
from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.moves import Move
from sandboxfx.simulator.pins import POT_NAMES
from sandboxfx.simulator.render import stereo
from sandboxfx.simulator.report import Meter, Report
from sandboxfx.simulator.samples import FULL_SCALE, as_floats, as_words
from sandboxfx.simulator.signals import is_signal, signal
from sandboxfx.simulator.soundfile_io import FileSource

GOLDEN_FORMAT = "PCM_16"
QUIETEST = -200.0  # dB; what is below counts as nothing


@dataclass(frozen=True)
class Heard:
    """What came out of a program.

    :param inputs: what went in, samples x 4 words
    :param outputs: what came out, samples x channels words
    :param rate: samples a second
    :param report: as the command `render` gives it
    :param machine: as it is afterwards
    :param folder: where golden sounds are looked for
    :param update_golden: True to write golden sounds instead of comparing with them
    """

    inputs: NDArray[np.int32]
    outputs: NDArray[np.int32]
    rate: float
    report: Report
    machine: Machine
    folder: Path = Path()
    update_golden: bool = False

    @property
    def sound(self) -> NDArray[np.float64]:
        """The outputs as -1.0 to 1.0."""
        return as_floats(self.outputs)

    def save(self, path: str | Path) -> None:
        """Writes the outputs as a sound file of 16 bits."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(str(target), self.sound, round(self.rate), GOLDEN_FORMAT)

    def peak(self, channel: int = 0) -> float:
        """The loudest sample, in dB of full scale."""
        return _decibels(self.report.channels[channel].peak)

    def level(self, channel: int = 0, start: float = 0.0, stop: float | None = None) -> float:
        """The root mean square between two times in seconds, in dB of full scale."""
        part = self.sound[round(start * self.rate) : None if stop is None else round(stop * self.rate), channel]
        return _decibels(math.sqrt(float(np.mean(part**2))) if len(part) else 0.0)

    def decay_time(self, fall: float = 60.0, channel: int = 0) -> float:
        """Seconds from the end of the sound that goes in until the output has fallen by so many dB, for good.

        inf where it has not fallen so far when the run ends.
        """
        loud_in = np.flatnonzero(np.abs(self.inputs.astype(np.int64)).max(axis=1) > FULL_SCALE // 10000)
        end = int(loud_in[-1]) + 1 if len(loud_in) else 0
        sound = np.abs(self.sound[:, channel])
        above = np.flatnonzero(sound > sound.max() * 10 ** (-fall / 20)) if sound.max() else np.zeros(0, dtype=int)
        last = int(above[-1]) + 1 if len(above) else 0
        return math.inf if last == len(sound) else max(0, last - end) / self.rate

    def assert_no_clipping(self) -> None:
        """No output may be at full scale."""
        for channel in self.report.channels:
            places = ", ".join(f"{one.place} ({one.mnemonic})" for one in self.report.limited[:3])
            assert not channel.clipped, (
                f"{channel.name} is at full scale in {channel.clipped:,} samples, the first at"
                f" {channel.first_clip:.3f} s; limited: {places or 'no instruction'}"
            )

    def assert_instructions(self, at_most: int) -> None:
        """No pass may run more instructions than that."""
        most = self.report.instructions_most
        assert most <= at_most, f"a pass ran {most:,} instructions, {at_most:,} are allowed"

    def assert_proven(self, but: Iterable[str] = ()) -> None:
        """The run may depend on no rule that nobody has checked on silicon, other than those named."""
        found = [one for one in self.report.unproven if one.name not in set(but)]
        assert not found, "the run depends on what is not proven: " + "; ".join(map(str, found))

    def assert_matches(self, golden: str | Path, within: float = -80.0) -> None:
        """The outputs must differ from a sound file by no more than so many dB of full scale, at any sample."""
        path = self.folder / golden
        if self.update_golden:
            self.save(golden)
            return
        assert path.exists(), f"there is no {path}: make it with heard.save, or with pytest --update-golden"
        wanted, rate = soundfile.read(str(path), always_2d=True)
        assert rate == round(self.rate), f"{path} has {rate:,} samples a second, the run has {self.rate:,.0f}"
        assert wanted.shape == self.sound.shape, (
            f"{path} has {wanted.shape[0]:,} samples x {wanted.shape[1]} channels,"
            f" the run has {self.sound.shape[0]:,} x {self.sound.shape[1]}"
        )
        difference = np.abs(self.sound - wanted)
        worst = np.unravel_index(int(np.argmax(difference)), difference.shape)
        level = _decibels(float(difference[worst]))
        assert level <= within, (
            f"OUT{worst[1]} differs from {path} by {level:.1f} dB of full scale at {worst[0] / self.rate:.4f} s,"
            f" {within:.1f} dB are allowed"
        )


def play(
    program: AnyProgram,
    sound: str | Path | ArrayLike = "pluck",
    *,
    rate: float = 48000,
    seconds: float | None = None,
    tail: float = 0.0,
    channels: int = 2,
    moves: Iterable[tuple[float, str, float]] = (),
    folder: Path = Path(),
    update_golden: bool = False,
    **options: float | str,
) -> Heard:
    """Plays a sound through a program.

    :param program: as `Machine` takes it
    :param sound: a test signal (impulse, sine:440, sweep, noise, pluck), a sound file, or samples as `Machine.run`
        takes them; a mono one goes to IN0 and IN1
    :param seconds: how long a test signal is
    :param tail: seconds of silence behind it
    :param channels: how many outputs count
    :param moves: (seconds, control, value), see `Machine.move`
    :param options: pot0..pot5, 0.5 unless they are given; the other options of `Machine`
    :raises SandboxError: what is wrong with the program, the sound or an option
    """
    pots = {name: options.pop(name.lower(), 0.5) for name in POT_NAMES}
    machine = Machine(program, rate, **options)  # type: ignore[arg-type]
    for name, position in pots.items():
        machine.move(name, float(position))
    for move in (Move(*one) for one in moves):
        machine.move_later(round(move.seconds * rate), move.control, move.value)
    inputs = np.concatenate((_inputs(sound, rate, seconds, folder), np.zeros((round(tail * rate), 4), dtype=np.int32)))
    outputs = machine.run(inputs)[:, :channels]
    meter = Meter(machine, [f"OUT{i}" for i in range(channels)])
    meter.take(inputs, outputs)
    return Heard(inputs, outputs, rate, meter.report(), machine, folder, update_golden)


def _inputs(sound: str | Path | ArrayLike, rate: float, seconds: float | None, folder: Path) -> NDArray[np.int32]:
    if isinstance(sound, str) and is_signal(sound):
        given = signal(sound, rate, seconds)
    elif isinstance(sound, (str, Path)):
        given = np.concatenate(list(FileSource(folder / sound).blocks(rate)))
    else:
        given = np.asarray(sound)
    return stereo(given.reshape(-1, 1)) if given.ndim == 1 or given.shape[1:] == (1,) else as_words(given)


def _decibels(value: float) -> float:
    return max(QUIETEST, 20 * math.log10(value)) if value > 0 else QUIETEST


__all__ = ["Heard", "SandboxError", "play"]
