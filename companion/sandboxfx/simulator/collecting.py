# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a picture keeps of a render: as much as it has room for, however long the render is."""

import numpy as np
from numpy.typing import NDArray

from sandboxfx.simulator.samples import FULL_SCALE

Floats = NDArray[np.float64]


class Envelope:
    """The lowest and the highest value in each of a picture's columns.

    :param samples: how many will come, about
    :param channels: how many there are of each
    :param columns: the picture's width
    """

    def __init__(self, samples: int, channels: int, columns: int) -> None:
        self.step = max(1, -(-samples // columns))
        self.low = np.full((columns, channels), np.inf)
        self.high = np.full((columns, channels), -np.inf)
        self._samples = 0

    def take(self, block: NDArray[np.generic]) -> None:
        """Takes samples x channels."""
        columns = np.minimum((self._samples + np.arange(len(block))) // self.step, len(self.low) - 1)
        np.minimum.at(self.low, columns, block)
        np.maximum.at(self.high, columns, block)
        self._samples += len(block)

    def used(self) -> int:
        """How many columns have something in them."""
        return min(len(self.low), -(-self._samples // self.step))

    def seconds(self, rate: float) -> Floats:
        """Where the used columns begin."""
        return np.arange(self.used(), dtype=np.float64) * (self.step / rate)


class Spectra:
    """Spectra at evenly spread moments.

    :param samples: how many will come, about
    :param columns: how many spectra, at most
    """

    WINDOW = 2048

    def __init__(self, samples: int, columns: int) -> None:
        self.step = max(self.WINDOW // 4, samples // columns)
        self.columns: list[Floats] = []
        self._waiting = np.zeros(0)
        self._skip = 0
        self._window = np.hanning(self.WINDOW)

    def take(self, block: NDArray[np.int32]) -> None:
        """Takes the samples of one channel."""
        waiting = np.concatenate((self._waiting, block / FULL_SCALE))[self._skip :]
        self._skip = max(0, self._skip - len(self._waiting) - len(block))
        while len(waiting) >= self.WINDOW:
            spectrum = np.abs(np.fft.rfft(waiting[: self.WINDOW] * self._window)) * (4 / self.WINDOW)
            self.columns.append(20 * np.log10(np.maximum(spectrum, 1e-6)))
            self._skip = max(0, self.step - len(waiting))
            waiting = waiting[self.step :]
        self._waiting = waiting
