# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What can end the device's life from outside, at an exact moment: power cuts and the watchdog."""

from typing import TYPE_CHECKING

from host_tests.boards.virtual.signals import HardReset, PowerLost

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard


class PowerCuts:
    """`counts`: how many events of each kind ("i2c" transfers, "nvm" erases and programs) there have been."""

    def __init__(self, board: "VirtualBoard") -> None:
        self._board = board
        self.counts: dict[str, int] = {}
        self._planned: dict[str, int] = {}

    def plan(self, after_ms: float | None, after: dict[str, int]) -> None:
        self._planned = {kind: self.counts.get(kind, 0) + n for kind, n in after.items()}
        if after_ms is not None:
            self._board.clock.at(self._board.now_ms + after_ms, self._cut)

    def before(self, kind: str) -> None:
        """An event of this kind is about to happen: here the power may fail."""
        n = self.counts.get(kind, 0)
        self.counts[kind] = n + 1
        if kind in self._planned and n >= self._planned[kind]:
            self._planned.clear()
            self._cut()
            self._board.device.check(soft=False)

    def _cut(self) -> None:
        self._board.device.pending = PowerLost()


class Watchdog:
    """The chip's. `timeout_s` survives a reload; only the end of the program or a reset stops it."""

    def __init__(self, board: "VirtualBoard") -> None:
        self._board = board
        self.timeout_s = 0.0
        self._due: float | None = None

    def arm(self) -> None:
        self._due = due = self._board.now_ms + self.timeout_s * 1000
        self._board.clock.at(due, lambda: self._bite(due))

    def stop(self) -> None:
        self._due = None

    def _bite(self, due: float) -> None:
        if self._due == due:
            self._board.device.pending = HardReset("watchdog")
