# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the virtual board's parts need of what is around them, and no more: each is given something that has this."""

from collections.abc import Callable
from typing import Protocol


class Now(Protocol):
    @property
    def now_ms(self) -> float:
        """Device time since the first power-on."""


class Spending(Now, Protocol):
    """For what the device itself does, in its own thread."""

    def spend(self, ms: float, soft: bool = True) -> None:
        """Lets device time pass. soft: here the interpreter would also notice Ctrl-C and reloads."""


class Running(Now, Protocol):
    """For what a host does to the board: it lets the device run meanwhile."""

    @property
    def powered(self) -> bool: ...

    def run(self, ms: float) -> None:
        """Lets device time pass. Raises what has become of the device meanwhile, as a BoardError."""

    def run_until_served(self) -> None:
        """The firmware serves USB requests between bytecodes only: waits for the end of a transfer."""

    def run_until_setup_taken(self, timeout_ms: float) -> bool:
        """The program may keep control requests waiting. Returns False if it still does after that time."""

    def when_served(self, action: Callable[[], None]) -> None:
        """Does `action` as soon as the firmware serves USB requests: now, or at the end of a transfer."""


class Timetable(Now, Protocol):
    """For what happens outside of the device at a certain time."""

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Queues `action` for that time; it must not let time pass."""
