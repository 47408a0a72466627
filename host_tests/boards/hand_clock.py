# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The clock of tests that have no board: it stands still unless somebody moves it."""


class Clock:
    """`now` in ms."""

    def __init__(self) -> None:
        self.now = 0.0

    def now_ms(self) -> float:
        return self.now

    def advance(self, ms: float) -> None:
        self.now += ms
