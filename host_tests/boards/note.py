# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What has happened on a board since a moment: console, light, bus, chip."""

from itertools import pairwise
from typing import NamedTuple

from host_tests.boards.virtual.board import VirtualBoard
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.i2c.bus import Transaction

WRITE_PRG = 0x0C


class Phase(NamedTuple):
    """The light showed this colour from `start` for `length` ms."""

    colour: str
    start: float
    length: float


def colour_name(rgb: tuple[int, int, int]) -> str:
    """The hue, at any brightness."""
    red, green, blue = (4 * part > max(rgb) for part in rgb)
    names = {
        (False, False, False): "off", (True, False, False): "red", (True, True, False): "amber",
        (False, True, False): "green", (False, False, True): "blue", (True, False, True): "purple",
        (True, True, True): "white", (False, True, True): "cyan",
    }  # fmt: skip
    return names[red, green, blue]


class Note:
    """What has happened on a board, and to this chip, since it was taken."""

    def __init__(self, board: VirtualBoard, chip: VirtualFXCore) -> None:
        self._board, self._chip = board, chip
        self.at_ms = board.now_ms
        self._text, self._history, self._transfers = len(board.console), len(chip.history), len(board.i2c.log)

    @property
    def text(self) -> str:
        """What the console has said."""
        return self._board.console[self._text :]

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if line]

    @property
    def errors(self) -> list[str]:
        return [line for line in self.lines if line.startswith("error")]

    @property
    def steps(self) -> list[str]:
        """Names of the commands and blocks that the chip has understood."""
        return [event.step for event in self._chip.history[self._history :]]

    @property
    def transfers(self) -> list[Transaction]:
        return self._board.i2c.log[self._transfers :]

    @property
    def burns(self) -> list[int]:
        """The slot of each WRITE_PRG on the wire, acknowledged or not."""
        return [sent.data[1] for sent in self.transfers if sent.kind == "w" and sent.data[:1] == bytes((WRITE_PRG,))]

    @property
    def phases(self) -> list[Phase]:
        """What the light showed, from the note to now."""
        log = [(self.at_ms, "off"), *((max(t, self.at_ms), colour_name(rgb)) for t, rgb in self._board.pixel.log)]
        ends = [t for t, _ in log[1:]] + [self._board.now_ms]
        merged: list[Phase] = []
        for (start, colour), end in zip(log, ends, strict=True):
            if merged and merged[-1].colour == colour:
                merged[-1] = merged[-1]._replace(length=end - merged[-1].start)
            elif end > start:
                merged.append(Phase(colour, start, end - start))
        return merged

    @property
    def colours(self) -> list[str]:
        """The colours in the order of their appearance: blinks count once, dark phases not at all."""
        seen: list[str] = []
        for phase in self.phases:
            if phase.colour != "off" and seen[-1:] != [phase.colour]:
                seen.append(phase.colour)
        return seen

    def lit(self, colour: str) -> list[Phase]:
        """The phases in which the light showed that colour."""
        return [phase for phase in self.phases if phase.colour == colour]

    @property
    def patterns(self) -> list[list[Phase]]:
        """The blinks of each complete error pattern: rapid reds and the ambers after them."""
        blinks = [phase for phase in self.phases if phase.colour != "off"]
        first = [n for n, b in enumerate(blinks) if b.colour == "red" and (n == 0 or blinks[n - 1].colour != "red")]
        return [blinks[start:end] for start, end in pairwise(first)]
