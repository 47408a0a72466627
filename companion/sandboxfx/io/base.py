# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What every way to a board's HID interface offers, and the time that deadlines are made of."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Time in milliseconds, from any beginning."""

    def now_ms(self) -> float:
        """Returns the time."""
        ...

    async def sleep_ms(self, ms: float) -> None:
        """Lets others go on for so long."""
        ...


class HidReports(Protocol):
    """One HID interface. A report is bytes whose first one is its ID.

    Every method raises ConnectionError when the board is gone, and TimeoutError when it takes or gives no report.
    """

    @property
    def clock(self) -> Clock:
        """The time in which this interface lives."""
        ...

    async def write(self, report: bytes) -> None:
        """Sends an output report."""
        ...

    async def read(self, timeout_ms: float) -> bytes | None:
        """Returns the next input report, or None if none comes in time."""
        ...

    async def get_feature(self, report_id: int, size: int) -> bytes:
        """Returns a feature report of up to `size` bytes, its ID included."""
        ...

    async def set_feature(self, report: bytes) -> None:
        """Sends a feature report."""
        ...

    async def close(self) -> None:
        """Gives the interface back; nothing else may be called afterwards."""
        ...


class SystemClock:
    """The computer's clock."""

    def now_ms(self) -> float:
        """Returns the time since some moment; it never goes back."""
        return time.monotonic() * 1000

    async def sleep_ms(self, ms: float) -> None:
        """Lets other tasks run for so long."""
        await asyncio.sleep(ms / 1000)


class Deadline:
    """A moment after which waiting makes no sense."""

    def __init__(self, clock: Clock, ms: float) -> None:
        self._clock = clock
        self._end = clock.now_ms() + ms

    @property
    def over(self) -> bool:
        """True from that moment on."""
        return self._clock.now_ms() >= self._end

    @property
    def left_ms(self) -> float:
        """So long until then, 0 at least."""
        return max(0.0, self._end - self._clock.now_ms())
