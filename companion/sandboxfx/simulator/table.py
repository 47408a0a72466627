# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Outputs and probes as a CSV file, a line a sample."""

import os
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from sandboxfx.errors import SandboxError


class Table:
    """A CSV file that is written while a render runs: whole, or not at all.

    :param rate: samples a second, for the first column
    :param outputs: how many outputs the render has
    :param probes: the names of its probes
    :raises SandboxError: the place cannot be written
    """

    def __init__(self, path: Path, rate: float, outputs: int, probes: tuple[str, ...]) -> None:
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._rate, self._samples = rate, 0
        try:
            self._file = self._part.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise SandboxError("file-unwritable", f"{path}: {error.strerror}.", "Name another place.") from error
        self._file.write(",".join(["seconds", *(f"OUT{i}" for i in range(outputs)), *probes]) + "\n")

    def take(self, inputs: NDArray[np.int32], outputs: NDArray[np.int32], traces: NDArray[np.int64]) -> None:
        """See Listener."""
        rows = np.concatenate((outputs.astype(np.int64), traces), axis=1).tolist()
        for n, row in enumerate(rows, self._samples):
            self._file.write(f"{n / self._rate:.7f},{','.join(map(str, row))}\n")
        self._samples += len(rows)

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._part, self._path)
        else:
            self._part.unlink(missing_ok=True)
