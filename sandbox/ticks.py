# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Arithmetic on supervisor.ticks_ms(), a millisecond counter that wraps at 2**29: after six days."""

PERIOD = 1 << 29
FAR = PERIOD // 64  # 2.3 hours: nothing is planned further ahead


def add(ticks, ms):
    """Returns the tick `ms` milliseconds after `ticks`."""
    return (ticks + ms) % PERIOD


def age(now, then):
    """Returns how many ms ago the tick `then` was."""
    return (now - then) % PERIOD


def reached(now, end):
    """True from the tick `end` on, which was planned before and is at most FAR ahead."""
    return age(now, end) < PERIOD - FAR


class Timer:
    """One waiting time. A timer that was never started is over.

    :param clock: returns the current tick
    """

    def __init__(self, clock):
        self._clock = clock
        self._end = None

    def start(self, ms):
        """Waits for `ms` full milliseconds from now; 0 is over at once."""
        # The tick under way may be almost over: one more makes sure that the wait is never short.
        self._end = add(self._clock(), ms + 1) if ms else None

    def stop(self):
        """Makes it over now."""
        self._end = None

    @property
    def over(self):
        """True when the time has passed. Must be asked at least once in six days."""
        if self._end is not None and reached(self._clock(), self._end):
            self._end = None
        return self._end is None
