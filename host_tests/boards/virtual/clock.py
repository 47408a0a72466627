# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Device time. Everything the device does costs some, so that its idle loops make progress.

The device's own thread calls `advance(ms)`; it comes back when that much device time has passed. Things the
outside world does at a certain time are queued with `at(when, action)`. In both clocks only one of the two
threads, host (the test) and device, runs at a time.
"""

import heapq
import math
import threading
import time
from collections.abc import Callable
from itertools import count


class Clock:
    """`now` in ms since the board first got power; deterministic."""

    def __init__(self, wall_limit_s: float = 10.0) -> None:
        self.now = 0.0
        self.deadline = 0.0  # the host gets its turn back when this is reached
        self.wall_limit_s = wall_limit_s
        self.interrupt: Callable[[], None] = lambda: None  # raises what ends the device's life while it waits
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self.new_device()

    def new_device(self) -> None:
        """The next thread that awaits its turn is a new one; whatever became of the last."""
        self._device_turn, self._host_turn = threading.Lock(), threading.Lock()
        self._device_turn.acquire()
        self._host_turn.acquire()

    def now_ms(self) -> float:
        return self.now

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Queues `action` for that time; it must not call advance()."""
        heapq.heappush(self._events, (when, next(self._order), action))

    # ---- called by the device's thread ----
    def advance(self, ms: float) -> None:
        target = self.now + ms
        while True:
            self._reach(min(target, self.deadline, self._next_event()))
            while self._next_event() <= self.now:
                heapq.heappop(self._events)[2]()
                self.interrupt()
            if self.now >= target:
                return
            if self.now >= self.deadline:
                self._pass_to_host()
                self.interrupt()

    def call_host_in(self, ms: float) -> None:
        """Gives the host its turn earlier than it asked for."""
        self.deadline = min(self.deadline, self.now + ms)

    def call_host(self) -> None:
        """Gives the host its turn right now."""
        self.deadline = self.now
        self._pass_to_host()
        self.interrupt()

    def idle(self) -> None:
        """Waits until something can have changed: an event, or the host's turn."""
        self.advance(max(min(self.deadline, self._next_event()) - self.now, 0.01))

    def _next_event(self) -> float:
        return self._events[0][0] if self._events else math.inf

    def _reach(self, when: float) -> None:
        self.now = max(self.now, when)

    def _pass_to_host(self) -> None:
        self._host_turn.release()
        self._device_turn.acquire()

    def await_first_turn(self) -> None:
        self._device_turn.acquire()

    def end_of_device(self) -> None:
        self._host_turn.release()

    # ---- called by the host ----
    def let_device_run(self, until: float) -> bool:
        """Runs the device up to that time. False: it spins without doing anything that takes device time."""
        self.deadline, seen = until, self.now
        self._device_turn.release()
        while not self._host_turn.acquire(timeout=self.wall_limit_s):
            if self.now == seen:
                return False
            seen = self.now
        return True

    def pass_without_device(self, until: float) -> None:
        """Time goes on while the board has no power."""
        while self._next_event() <= until:
            when, _, action = heapq.heappop(self._events)
            self._reach(when)
            action()
        self._reach(until)


class RealClock(Clock):
    """Device time is the wall's: the device is held back where it would be faster."""

    def __init__(
        self,
        wall_limit_s: float = 10.0,
        wall_s: Callable[[], float] = time.monotonic,
        sleep_s: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(wall_limit_s)
        self._wall_s, self._sleep_s = wall_s, sleep_s
        self._started = wall_s()

    def _reach(self, when: float) -> None:
        super()._reach(when)
        ahead = self.now - (self._wall_s() - self._started) * 1000
        if ahead > 2:  # shorter sleeps are not worth the system call
            self._sleep_s(ahead / 1000)
        elif ahead < -50:  # the PC was busy: what is lost is not made up for
            self._started -= ahead / 1000
