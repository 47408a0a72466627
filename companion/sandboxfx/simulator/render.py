# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Sound through a program: from a source to a sink, block by block, in constant memory."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.moves import Move
from sandboxfx.simulator.report import Meter, Report
from sandboxfx.simulator.samples import CHANNELS, as_words
from sandboxfx.simulator.soundfile_io import BLOCK, Source

Words = NDArray[np.int32]

PLAIN_BLOCK = 1024  # so that there is something to tell after a second, without numba too


class Listener(Protocol):
    """Whoever wants to have the sound of a render as it comes."""

    def take(self, inputs: Words, outputs: Words, traces: NDArray[np.int64]) -> None:
        """One block: samples x 4 inputs, samples x channels outputs, samples x probes values."""


@dataclass(frozen=True)
class Job:
    """What to render.

    :param channels: how many of the outputs count, from OUT0 on
    :param tail: seconds of silence behind the sound
    :param probes: names of registers that listeners want
    """

    machine: Machine
    source: Source
    channels: int = 2
    tail: float = 0.0
    probes: tuple[str, ...] = ()
    moves: Sequence[Move] = ()

    @property
    def samples(self) -> int:
        """About how many samples the machine will run."""
        return round((self.source.samples / self.source.rate + self.tail) * self.machine.rate)


@dataclass(frozen=True)
class Rendered:
    """A render that is over.

    :param seconds: how long it took, without reading and writing files
    """

    report: Report
    seconds: float


def _nothing(samples: int, seconds: float) -> None:
    """No progress is shown."""


def render(job: Job, listeners: Sequence[Listener], progress: Callable[[int, float], None] = _nothing) -> Rendered:
    """Runs the machine over the whole source and gives each block to the listeners.

    :param progress: called after each block with the samples so far, and the seconds they took
    """
    machine = job.machine
    for move in job.moves:
        machine.move_later(round(move.seconds * machine.rate), move.control, move.value)
    meter = Meter(machine, [f"OUT{i}" for i in range(job.channels)])
    done = 0
    spent = 0.0
    for words in _blocks(job, BLOCK if machine.is_compiled else PLAIN_BLOCK):
        start = time.perf_counter()
        outputs, traces = machine.run(words, job.probes)
        spent += time.perf_counter() - start
        heard = np.ascontiguousarray(outputs[:, : job.channels])
        meter.take(words, heard)
        for listener in listeners:
            listener.take(words, heard, traces)
        done += len(words)
        progress(done, spent)
    return Rendered(meter.report(), spent)


def stereo(block: NDArray[np.float64]) -> Words:
    """A block as the chip's inputs; a mono one goes to the left and the right one."""
    return as_words(np.repeat(block, 2, axis=1) if block.shape[1] == 1 else block)


def _blocks(job: Job, size: int) -> Iterator[Words]:
    """The inputs of the chip, at most `size` samples at a time."""
    for block in job.source.blocks(job.machine.rate):
        words = stereo(block)
        for start in range(0, len(words), size):
            yield words[start : start + size]
    left = round(job.tail * job.machine.rate)
    while left > 0:
        yield np.zeros((min(left, size), CHANNELS), dtype=np.int32)
        left -= size
