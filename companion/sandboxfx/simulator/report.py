# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a run is told of afterwards: levels, limits, work, and what nobody knows for sure."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from fxcore.program import MAX_INSTRUCTIONS
from sandboxfx.simulator.effects import EFFECTS
from sandboxfx.simulator.evidence import Evidence
from sandboxfx.simulator.kernel import cells
from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.samples import FULL_SCALE
from sandboxfx.simulator.unproven import Unproven, unproven

HIGHEST, LOWEST = FULL_SCALE - 1, -FULL_SCALE
AUDIBLE = FULL_SCALE // 10000  # -80 dB: louder than a converter's noise


@dataclass
class Channel:
    """One output.

    :param peak: the loudest sample, 1.0 is full scale
    :param clipped: how many samples are at full scale, the first of them at `first_clip` seconds
    :param dc: the mean
    """

    name: str
    peak: float = 0.0
    clipped: int = 0
    first_clip: float | None = None
    dc: float = 0.0


@dataclass
class Limited:
    """An instruction whose result was beyond what fits."""

    address: int
    place: str
    mnemonic: str
    count: int


@dataclass
class Report:
    """All of it.

    :param latency: samples from the first sound at an input to the first one at an output, or None
    :param delay_words: how far into the delay memory the run reached; `delay_reserved`: what the source's blocks take
    :param certainty: the program's instructions by how sure their effect is
    :param findings: words that are no instruction
    """

    program: str
    rate: float
    samples: int
    channels: list[Channel]
    limited: list[Limited]
    latency: int | None
    instructions_most: int
    instructions_mean: float
    instructions_length: int
    delay_words: int
    delay_reserved: int
    certainty: dict[str, list[str]]
    unproven: list[Unproven]
    findings: list[str]

    @property
    def is_clipped(self) -> bool:
        """Whether any output reached full scale."""
        return any(channel.clipped for channel in self.channels)

    def as_json(self) -> dict[str, object]:
        """The same in numbers and texts."""
        return asdict(self)


@dataclass
class Meter:
    """Takes the sound of a run block by block, and makes its report."""

    machine: Machine
    names: list[str]
    _samples: int = 0
    _first_in: int | None = None
    _first_out: int | None = None
    _peak: list[int] = field(default_factory=list)
    _clipped: list[int] = field(default_factory=list)
    _first_clip: list[int | None] = field(default_factory=list)
    _sum: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        count = len(self.names)
        self._peak, self._clipped, self._sum = [0] * count, [0] * count, [0] * count
        self._first_clip = [None] * count

    def take(self, inputs: NDArray[np.int32], outputs: NDArray[np.int32]) -> None:
        """Takes one block: what went in, and of what came out the channels of `names`."""
        self._first_in = self._first(self._first_in, inputs)
        self._first_out = self._first(self._first_out, outputs)
        for i in range(len(self.names)):
            sound = outputs[:, i].astype(np.int64)
            if not len(sound):
                continue
            self._peak[i] = max(self._peak[i], int(np.abs(sound).max()))
            clipped = (sound == HIGHEST) | (sound == LOWEST)
            if self._first_clip[i] is None and clipped.any():
                self._first_clip[i] = self._samples + int(np.argmax(clipped))
            self._clipped[i] += int(np.count_nonzero(clipped))
            self._sum[i] += int(sound.sum())
        self._samples += len(outputs)

    def _first(self, known: int | None, block: NDArray[np.int32]) -> int | None:
        if known is not None:
            return known
        loud = (np.abs(block.astype(np.int64)) > AUDIBLE).any(axis=1)
        return self._samples + int(np.argmax(loud)) if loud.any() else None

    def report(self) -> Report:
        """Returns the report of what was taken so far."""
        machine, evidence = self.machine, self.machine.evidence()
        rate, samples = machine.rate, self._samples
        return Report(
            program=machine.program.name,
            rate=rate,
            samples=samples,
            channels=[self._channel(i, name) for i, name in enumerate(self.names)],
            limited=limited(machine, evidence),
            latency=None if None in (self._first_in, self._first_out) else self._first_out - self._first_in,  # type: ignore[operator]
            instructions_most=evidence.most_instructions,
            instructions_mean=evidence.instructions / max(1, evidence.samples),
            instructions_length=len(machine.code.operations),
            delay_words=evidence.delay_words,
            delay_reserved=max((last + 1 for _, last in machine.program.blocks.values()), default=0),
            certainty=certainty(machine),
            unproven=unproven(machine),
            findings=[f"{machine.program.place(at)}: {why}" for at, why in machine.code.findings.items()],
        )

    def _channel(self, i: int, name: str) -> Channel:
        first = self._first_clip[i]
        return Channel(
            name,
            self._peak[i] / FULL_SCALE,
            self._clipped[i],
            None if first is None else first / self.machine.rate,
            self._sum[i] / max(1, self._samples) / FULL_SCALE,
        )


def limited(machine: Machine, evidence: Evidence) -> list[Limited]:
    """The instructions that were limited, those that were most often first."""
    found = [
        Limited(address, machine.program.place(address), machine.code.mnemonics[address], count)
        for address, count in enumerate(evidence.clips)
        if count
    ]
    return sorted(found, key=lambda one: -one.count)


def certainty(machine: Machine) -> dict[str, list[str]]:
    """The program's instructions by how sure their effect is; see effects.py."""
    groups: dict[str, list[str]] = {"exact": [], "likely": [], "modelled": []}
    for mnemonic in sorted(set(machine.code.mnemonics) & set(EFFECTS)):
        groups[EFFECTS[mnemonic].certainty].append(mnemonic)
    return groups


def decibels(value: float) -> str:
    """A level, 1.0 as 0 dB."""
    return f"{20 * math.log10(value):.1f} dB" if value > 0 else "silent"


def lines(report: Report) -> Mapping[str, list[str]]:
    """The report for people: a title each, and what there is to say under it."""
    told: dict[str, list[str]] = {"peak": [f"{c.name} {decibels(c.peak)}" for c in report.channels]}
    told["clipped"] = [
        f"{c.name} {c.clipped:,} samples, the first at {c.first_clip:.3f} s" for c in report.channels if c.clipped
    ] or ["none"]
    told["limited"] = [f"{one.place} ({one.mnemonic}) {one.count:,} times" for one in report.limited[:5]]
    told["DC"] = [f"{c.name} {c.dc:+.5f}" for c in report.channels if abs(c.dc) >= 0.00001] or ["none"]
    told["latency"] = [
        "no sound came through" if report.latency is None
        else f"{report.latency:,} samples ({report.latency / report.rate * 1000:.1f} ms)"
    ]  # fmt: skip
    told["work"] = [
        f"{report.instructions_most:,} instructions at most, {report.instructions_mean:,.1f} on average,"
        f" of {MAX_INSTRUCTIONS:,}"
    ]
    reserved = f", {report.delay_reserved:,} reserved" if report.delay_reserved else ""
    told["delay"] = [f"{report.delay_words:,} of {cells.DELAY_WORDS:,} words used{reserved}"]
    told |= {kind: [", ".join(mnemonics)] for kind, mnemonics in report.certainty.items() if mnemonics}
    told["unproven"] = [str(one) for one in report.unproven] or ["nothing that this run depended on"]
    told["findings"] = report.findings
    return {title: texts for title, texts in told.items() if texts}
