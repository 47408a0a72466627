# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What can end the device's life from outside, at an exact moment: power cuts and the watchdog."""

from host_tests.boards.virtual.life import Life
from host_tests.boards.virtual.needs import Timetable
from host_tests.boards.virtual.signals import HardReset, PowerLost


class PowerCuts:
    """`counts`: how many events of each kind ("i2c" transfers, "nvm" erases and programs) there have been."""

    def __init__(self, timetable: Timetable, life: Life) -> None:
        self._timetable, self._life = timetable, life
        self.counts: dict[str, int] = {}
        self._planned: dict[str, int] = {}

    def plan(self, after_ms: float | None, after: dict[str, int]) -> None:
        self._planned = {kind: self.counts.get(kind, 0) + n for kind, n in after.items()}
        if after_ms is not None:
            self._timetable.at(self._timetable.now_ms + after_ms, self._cut)

    def before(self, kind: str) -> None:
        """An event of this kind is about to happen: here the power may fail."""
        n = self.counts.get(kind, 0)
        self.counts[kind] = n + 1
        if kind in self._planned and n >= self._planned[kind]:
            self._planned.clear()
            self._cut()
            self._life.check(soft=False)

    def _cut(self) -> None:
        self._life.pending = PowerLost()


class Watchdog:
    """The chip's. `timeout_s` survives a reload; only the end of the program or a reset stops it."""

    def __init__(self, timetable: Timetable, life: Life) -> None:
        self._timetable, self._life = timetable, life
        self.timeout_s = 0.0
        self._due: float | None = None

    def arm(self) -> None:
        self._due = due = self._timetable.now_ms + self.timeout_s * 1000
        self._timetable.at(due, lambda: self._bite(due))

    def stop(self) -> None:
        self._due = None

    def _bite(self, due: float) -> None:
        if self._due == due:
            self._life.pending = HardReset("watchdog")
