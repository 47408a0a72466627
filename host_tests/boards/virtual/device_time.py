# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Device time as the device's own thread spends it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from host_tests.boards.virtual.clock import Clock
from host_tests.boards.virtual.life import Life
from host_tests.boards.virtual.signals import BoardError


class DeviceTime:
    """`blocked`: the firmware does something in one piece, USB requests have to wait; `waiting`: for that."""

    def __init__(self, clock: Clock, life: Life, look_ms: float) -> None:
        self.clock, self._life, self._look_ms = clock, life, look_ms
        self.blocked = 0
        self.waiting: list[Callable[[], None]] = []
        clock.interrupt = lambda: life.check(soft=False)

    @property
    def now_ms(self) -> float:
        return self.clock.now

    def spend(self, ms: float, soft: bool = True) -> None:
        """Lets device time pass. soft: here the interpreter would also notice Ctrl-C and reloads."""
        if threading.current_thread() is not self._life.thread:
            raise BoardError("only the device itself can use its hardware; a test lets it run")
        self._life.check(soft)
        self.clock.advance(ms)
        self._life.check(soft)

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Queues `action`, something that happens outside, for that time; it must not let time pass."""
        self.clock.at(when, action)

    def idle(self) -> None:
        """Waits until something can have changed."""
        self.clock.idle()

    def look(self) -> None:
        """What it costs to ask a clock."""
        self.spend(self._look_ms)

    @contextmanager
    def uninterrupted(self) -> Iterator[None]:
        """Around what the firmware does in one piece: USB requests are not served meanwhile."""
        self.blocked += 1
        try:
            yield
        finally:
            self.blocked -= 1
            if not self.blocked:
                for serve in self.waiting[:]:
                    self.waiting.remove(serve)
                    serve()

    def reset(self) -> None:
        """The chip starts anew."""
        self.blocked = 0
        self.waiting.clear()


class WireTime:
    """The bus's clock: its time is the device's, and nothing but a reset or a power cut gets in between."""

    def __init__(self, time: DeviceTime) -> None:
        self._time = time

    def now_ms(self) -> float:
        return self._time.now_ms

    def advance(self, ms: float) -> None:
        self._time.spend(ms, soft=False)
