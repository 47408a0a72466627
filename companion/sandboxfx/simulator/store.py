# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A machine's memory and program, as the chosen engine wants them: lists for Python, arrays for compiled code."""

from collections.abc import MutableSequence, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator import compiled
from sandboxfx.simulator.decode import Code
from sandboxfx.simulator.kernel import cells, controls, execute, run
from sandboxfx.simulator.samples import CHANNELS

_PLAIN = SimpleNamespace(
    run=run.run, execute=execute.execute, begin_sample=controls.begin_sample, end_sample=controls.end_sample
)


class Store:
    """The arrays of one machine.

    :param engine: "compiled", "plain", or "auto" for whichever there is
    :raises SandboxError: there is no such engine here
    """

    def __init__(self, engine: str) -> None:
        self.is_compiled = _is_compiled(engine)
        self._kernel = compiled.functions() if self.is_compiled else _PLAIN
        self.cells: MutableSequence[int] = self._array(cells.CELLS, np.int64)
        self.delay: MutableSequence[int] = self._array(cells.DELAY_WORDS, np.int16)
        self.clips: MutableSequence[int] = []
        self.met: MutableSequence[int] = []
        self._code: tuple[Any, ...] = ()

    def load(self, code: Code) -> None:
        """Takes another program. All cells and the delay memory are 0 afterwards, but for the program's constants."""
        self.cells[:] = self._array(cells.CELLS, np.int64)
        self.delay[:] = self._array(cells.DELAY_WORDS, np.int16)
        for i, value in enumerate(code.constants):
            self.cells[cells.CONSTANTS + i] = value
        length = len(code.operations)
        self.clips = self._array(length, np.int64)
        self.met = self._array(length, np.int64)
        self._code = tuple(
            np.array(column, dtype=np.uint16) if self.is_compiled else column
            for column in (code.operations, code.xs, code.ys, code.targets)
        )

    def run(
        self,
        inputs: NDArray[np.int32],
        noise: NDArray[np.int64],
        outputs: NDArray[np.int32],
        probes: Sequence[int],
        traces: NDArray[np.int64],
    ) -> int:
        """Runs as many samples as there are inputs; see kernel/run.py. Returns how many it ran."""
        state = (self.cells, self.delay, self.clips, self.met)
        if self.is_compiled:
            flat = (outputs.reshape(-1), np.array(probes, dtype=np.int64), traces.reshape(-1))
            return int(self._kernel.run(*self._code, *state, inputs.reshape(-1), noise, *flat))
        sound = [0] * (len(inputs) * CHANNELS)
        values = [0] * traces.size
        done = int(
            self._kernel.run(
                *self._code, *state, inputs.reshape(-1).tolist(), noise.tolist(), sound, list(probes), values
            )
        )
        outputs.reshape(-1)[:] = sound
        traces.reshape(-1)[:] = values
        return done

    def execute(self, pc: int, limit: int) -> int:
        """Runs at most so many instructions from an address on, and returns the address of the next one."""
        return int(self._kernel.execute(pc, limit, *self._code, self.cells, self.delay, self.clips, self.met))

    def begin_sample(self) -> None:
        """What comes before a pass."""
        self._kernel.begin_sample(self.cells)

    def end_sample(self) -> None:
        """What comes after a pass."""
        self._kernel.end_sample(self.cells)

    def _array(self, length: int, kind: type[np.signedinteger[Any]]) -> Any:
        return np.zeros(length, dtype=kind) if self.is_compiled else [0] * length


def _is_compiled(engine: str) -> bool:
    if engine not in ("auto", "compiled", "plain"):
        raise SandboxError("option", f"There is no engine {engine}.", "It can be auto, compiled or plain.", USAGE)
    if engine == "compiled" and not compiled.is_possible():
        raise SandboxError(
            "no-numba", "The compiled engine needs numba.", "Install it with: pip install sandboxfx[fast]", USAGE
        )
    return engine != "plain" and compiled.is_possible()
