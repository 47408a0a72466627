# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Sound files: read and written in blocks, at any rate and in any format that libsndfile knows."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from sandboxfx.errors import SandboxError
from sandboxfx.simulator.samples import CHANNELS, as_floats
from sandboxfx.simulator.signals import signal

BLOCK = 16384
Floats = NDArray[np.float64]


class Source:
    """Where sound comes from. `blocks` gives it once, at the rate that is asked for.

    :param name: for sentences and file names
    :param rate: samples a second of the file; of a signal that of the machine
    :param samples: how many there are at that rate
    :param channels: 1 to 4
    :param subtype: libsndfile's name of the sample format
    """

    def __init__(self, name: str, rate: float, samples: int, channels: int, subtype: str) -> None:
        self.name, self.rate, self.samples, self.channels, self.subtype = name, rate, samples, channels, subtype

    def read(self) -> Iterator[Floats]:
        """The sound at its own rate, in blocks of at most BLOCK samples x channels."""
        raise NotImplementedError

    def blocks(self, rate: float) -> Iterator[Floats]:
        """The sound at another rate."""
        return resampled(self.read(), self.rate, rate, self.channels)


class SignalSource(Source):
    """A test signal.

    :param name: as `signals.signal` takes it
    """

    def __init__(self, name: str, rate: float, seconds: float | None) -> None:
        self._sound = signal(name, rate, seconds)
        super().__init__(name.replace(":", "-"), rate, len(self._sound), 1, "PCM_24")

    def read(self) -> Iterator[Floats]:
        """See Source."""
        for start in range(0, len(self._sound), BLOCK):
            yield self._sound[start : start + BLOCK, np.newaxis]


class FileSource(Source):
    """A sound file.

    :raises SandboxError: it is none, is empty, or has more than four channels
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            information: Any = soundfile.info(str(path))
        except soundfile.LibsndfileError as error:
            raise _unreadable(path) from error
        if information.channels > CHANNELS:
            raise SandboxError("sound-channels", f"{path} has {information.channels} channels; the chip has 4 inputs.")
        if not information.frames:
            raise SandboxError("sound-empty", f"{path} has no samples.", "Record something.")
        super().__init__(
            path.stem, information.samplerate, information.frames, information.channels, information.subtype
        )

    def read(self) -> Iterator[Floats]:
        """See Source."""
        done = 0
        try:
            with soundfile.SoundFile(str(self._path)) as file:
                while len(block := file.read(BLOCK, dtype="float64", always_2d=True)):
                    self._refuse_no_numbers(block, done)
                    done += len(block)
                    yield block
        except soundfile.LibsndfileError as error:
            raise _unreadable(self._path) from error

    def _refuse_no_numbers(self, block: Floats, before: int) -> None:
        broken = ~np.isfinite(block).all(axis=1)
        if broken.any():
            at = before + int(np.argmax(broken))
            where = f"sample {at:,} ({at / self.rate:.3f} s)"
            raise SandboxError("sound-nan", f"{self._path}: {where} is no number.", "Export the sound again.")


class Sink:
    """A sound file that is written: whole, or not at all.

    :param path: its ending decides the format
    :param rate: samples a second that come in; the file has `file_rate`
    :param subtype: the sample format that is wanted; where the file cannot have it, its usual one
    :raises SandboxError: the ending is unknown, or the place cannot be written
    """

    def __init__(self, path: Path, rate: float, file_rate: float, channels: int, subtype: str) -> None:
        kind = path.suffix[1:].upper()
        if kind not in soundfile.available_formats():
            endings = "wav, flac, aiff, ogg"
            raise SandboxError("sound-format", f"{path}: {kind or 'no ending'} is no sound format.", f"Use {endings}.")
        self.subtype = subtype if soundfile.check_format(kind, subtype) else soundfile.default_subtype(kind)
        self.path, self._part = path, path.with_name(path.name + ".part")
        self._resampler = None if rate == file_rate else soxr.ResampleStream(rate, file_rate, channels, dtype="float64")
        try:
            self._file = soundfile.SoundFile(str(self._part), "w", round(file_rate), channels, self.subtype, None, kind)
        except (soundfile.LibsndfileError, OSError) as error:
            raise SandboxError(
                "sound-unwritable", f"{path} cannot be written.", "Name another place with -o."
            ) from error

    def take(self, inputs: NDArray[np.int32], outputs: NDArray[np.int32], traces: NDArray[np.int64]) -> None:
        """See Listener."""
        if self._resampler is not None:
            self._put(self._resampler.resample_chunk(as_floats(outputs)))
        elif self.subtype.startswith("PCM_"):
            self._put(outputs)  # bit for bit
        else:
            self._put(as_floats(outputs))

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if kind is None and self._resampler is not None:
                self._put(self._resampler.resample_chunk(np.zeros((0, self._file.channels)), last=True))
        finally:
            self._file.close()
            if kind is None:
                os.replace(self._part, self.path)
            else:
                self._part.unlink(missing_ok=True)

    def _put(self, block: NDArray[Any]) -> None:
        try:
            self._file.write(np.ascontiguousarray(block))
        except soundfile.LibsndfileError as error:
            raise SandboxError("sound-unwritable", f"{self.path} cannot be written: {error}.") from error


def resampled(blocks: Iterator[Floats], rate: float, wanted: float, channels: int) -> Iterator[Floats]:
    """The same sound at another rate."""
    if rate == wanted:
        yield from blocks
        return
    resampler = soxr.ResampleStream(rate, wanted, channels, dtype="float64")
    for block in blocks:
        yield resampler.resample_chunk(np.ascontiguousarray(block))
    yield resampler.resample_chunk(np.zeros((0, channels)), last=True)


def _unreadable(path: Path) -> SandboxError:
    if not path.exists():
        return SandboxError("file-unreadable", f"{path}: No such file or directory.", "Check the name.")
    return SandboxError("sound-unreadable", f"{path} is no sound file.", "WAV, FLAC, AIFF, OGG and MP3 are.")
