# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip as a Python object."""

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator.decode import decode
from sandboxfx.simulator.evidence import Evidence
from sandboxfx.simulator.kernel import cells
from sandboxfx.simulator.loading import AnyProgram, Loaded, load
from sandboxfx.simulator.names import cell_of
from sandboxfx.simulator.pins import PINS, POT_NAMES, Schedule, pin_after
from sandboxfx.simulator.rules import Choices
from sandboxfx.simulator.samples import as_words
from sandboxfx.simulator.start import checked_rate, start_numbers
from sandboxfx.simulator.state import State
from sandboxfx.simulator.store import Store
from sandboxfx.simulator.views import word

ALL_UP = 0x7F


class Machine(State):
    """An FXCore that runs one program, sample by sample. Its registers and memory are those of `State`.

    :param program: instruction words, HEX or source text, a path, or a checked `fxcore.program.Program`
    :param rate: samples a second, 8,000 to 96,000
    :param engine: "compiled" needs numba, "plain" needs nothing, "auto" takes what there is; the bits are the same
    :param seed: of NOISE, 1 to 2**32 - 1
    :param noise: words for NOISE instead, one a sample, over and over
    :param options: a choice for each rule of rules.py that is not to be as its default
    :raises SandboxError: the program or an option makes no sense
    """

    def __init__(
        self,
        program: AnyProgram,
        rate: float = 48000,
        *,
        engine: str = "auto",
        seed: int = 0x2F6E2B1,
        noise: ArrayLike | None = None,
        **options: str,
    ) -> None:
        self.rate = checked_rate(rate)
        self.choices = Choices(options)
        super().__init__(Store(engine), self.choices["pot_start"] == "settled")
        self._seed = seed
        self._noise = None if noise is None else as_words(noise)[:, 0].astype(np.int64)
        self.inputs: Sequence[int] = (0, 0, 0, 0)  # words of the sample that `step` begins
        self._store.cells[cells.PIN] = ALL_UP
        self._arguments: dict[str, Any] = {"engine": engine, "seed": seed, "noise": noise, **options}
        self.load(program)

    def twin(self) -> "Machine":
        """Another machine with the same program, choices, and positions of the controls; it has not run yet."""
        other = Machine(self.program, self.rate, **self._arguments)
        for cell in (cells.PIN, *range(cells.POT0, cells.POT0 + 6)):
            other._store.cells[cell] = self._store.cells[cell]
        other.load(self.program)
        return other

    @property
    def is_compiled(self) -> bool:
        """Whether the engine is compiled code."""
        return self._store.is_compiled

    def load(self, program: AnyProgram) -> None:
        """Changes the program, as the chip does: delay memory cleared, presets loaded, ACC32 and SAMPLECNT 0.

        Pots and pins stay as they are, and ACC64 too unless the option `acc64_start` says otherwise.
        """
        self.program: Loaded = load(program)
        self.code = decode(
            self.program.words,
            stop_at_undefined=self.choices["undefined"] == "stop",
            invert_chorus=self.choices["chr_polarity"] == "inverted",
        )
        state = self._store.cells
        kept = {cell: int(state[cell]) for cell in (cells.PIN, *range(cells.POT0, cells.POT0 + 6))}
        if self.choices["acc64_start"] == "keep":
            kept[cells.ACC64] = int(state[cells.ACC64])
        self._store.load(self.code)
        for cell, value in start_numbers(self.program, self.choices, self.rate, self._seed, kept).items():
            state[cell] = value
        if self._noise is not None:
            state[cells.NOISE_GIVEN] = 1
        self.pc = 0
        self.in_pass = False  # whether `step` stands within a pass
        self.time = 0  # samples since the start
        self._schedule = Schedule()

    @overload
    def run(self, inputs: ArrayLike | int) -> NDArray[np.int32]: ...

    @overload
    def run(self, inputs: ArrayLike | int, probes: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]: ...

    def run(self, inputs: ArrayLike | int, probes: Sequence[str] | None = None) -> Any:
        """Runs as many samples as there are inputs.

        :param inputs: samples, or samples x 1 to 4 channels, as words or as floats of -1.0 to 1.0; or a number of
            samples of silence
        :param probes: names of registers
        :return: the outputs, samples x 4, int32; with probes also their values after each pass, samples x probes, int64
        :raises SandboxError: an option ended the run at an instruction (log2_zero, exp2_positive, undefined)
        """
        words = as_words(inputs)
        if self.in_pass:
            self.finish_pass()
        wanted = [cell_of(name) for name in probes or ()]
        outputs = np.zeros_like(words)
        traces = np.zeros((len(words), len(wanted)), dtype=np.int64)
        start = 0
        while start < len(words):
            stop = min(len(words), start + self._schedule.apply(self.time, self.move))
            part = slice(start, stop)
            done = self._store.run(words[part], self._noise_of(stop - start), outputs[part], wanted, traces[part])
            self.time += done
            self._refuse_trap()
            start = stop
        return outputs if probes is None else (outputs, traces)

    def step(self) -> int:
        """Runs one instruction and returns the address of the next one, 0 when the pass is over.

        The first step of a pass begins a sample with `inputs`, the last one ends it.
        """
        if not self.in_pass:
            self._begin_pass()
        self._advance(1)
        return self.pc

    def finish_pass(self) -> None:
        """Runs to the end of the pass that `step` has begun, or one whole sample."""
        if not self.in_pass:
            self._begin_pass()
        self._advance(len(self.code.operations))

    def run_pass(self) -> int:
        """Runs the program once on the state as it is; inputs, counter, LFOs, pots and switches stand still.

        :return: how many instructions it ran
        """
        state = self._store.cells
        state[cells.PASS_COUNT] = 0
        self._store.execute(0, len(self.code.operations))
        self._refuse_trap()
        return int(state[cells.PASS_COUNT])

    def move(self, control: str, value: float) -> None:
        """Moves a control: POT0..POT5 to 0.0..1.0; SW0..SW4 and TAP to 1 (pressed) or 0; ENABLE to 1, or 0 (bypass).

        :raises SandboxError: there is no such control, or no such position
        """
        name = control.upper()
        if name in PINS:
            self._store.cells[cells.PIN] = pin_after(int(self._store.cells[cells.PIN]), name, value)
        elif name in POT_NAMES:
            if not 0.0 <= value <= 1.0:
                raise SandboxError("control", f"{name} cannot be {value:g}.", "A pot goes from 0.0 to 1.0.", USAGE)
            self.pots[POT_NAMES.index(name)] = value
        else:
            cure = f"There are {', '.join((*POT_NAMES, *PINS))}."
            raise SandboxError("control", f"There is no control {control}.", cure, USAGE)

    def move_later(self, samples: int, control: str, value: float) -> None:
        """Does `move` after so many samples from now."""
        self._schedule.add(self.time + samples, control, value)

    def press(self, control: str, samples: int = 0) -> None:
        """Presses a switch: SW0..SW4, TAP, or ENABLE, which is bypass.

        :param samples: lets it go by itself after so many samples; 0: it stays down
        """
        self.move(control, _pressed(control))
        if samples:
            self.move_later(samples, control, 1 - _pressed(control))

    def release(self, control: str) -> None:
        """Lets a switch go."""
        self.move(control, 1 - _pressed(control))

    def bypass(self) -> None:
        """Pulls ENABLE low; before the first sample without the debounce time."""
        self.press("ENABLE")
        if not self._store.cells[cells.STARTED]:
            self._store.cells[cells.LEVELS] = self._store.cells[cells.PIN]

    def evidence(self) -> Evidence:
        """What the run so far leaves for a report."""
        state = self._store.cells
        return Evidence(
            samples=int(state[cells.PASSES]),
            instructions=int(state[cells.TOTAL_COUNT]),
            most_instructions=int(state[cells.MOST_COUNT]),
            delay_words=int(state[cells.TOP]),
            machine_met=int(state[cells.MET]),
            met=tuple(int(bits) for bits in self._store.met),
            clips=tuple(int(count) for count in self._store.clips),
        )

    def _begin_pass(self) -> None:
        self._schedule.apply(self.time, self.move)
        state = self._store.cells
        for i in range(4):
            state[cells.IN0 + i] = word(self.inputs[i]) if i < len(self.inputs) else 0
        if self._noise is not None:
            state[cells.NOISE] = int(self._noise_of(1)[0])
        self._store.begin_sample()
        self.pc = 0
        self.in_pass = True

    def _advance(self, limit: int) -> None:
        self.pc = self._store.execute(self.pc, limit)
        self._refuse_trap()
        if self.pc >= len(self.code.operations):
            self._store.end_sample()
            self.pc = 0
            self.in_pass = False
            self.time += 1

    def _noise_of(self, samples: int) -> NDArray[np.int64]:
        """The words for NOISE from now on."""
        if self._noise is None:
            return np.zeros(0, dtype=np.int64)
        return self._noise[(self.time + np.arange(samples)) % len(self._noise)]

    def _refuse_trap(self) -> None:
        address = int(self._store.cells[cells.TRAP]) - 1
        if address >= 0:
            where = self.program.place(address)
            what = self.code.findings.get(address, f"{self.code.mnemonics[address]} of a value outside its range")
            raise SandboxError("trap", f"{self.program.name}, {where}: {what} (after {self.time} samples).")


def _pressed(control: str) -> int:
    return 0 if control.upper() == "ENABLE" else 1
