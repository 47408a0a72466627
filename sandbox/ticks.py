# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Arithmetic on supervisor.ticks_ms(), a millisecond counter that wraps at 2**29."""

PERIOD = 1 << 29
HALF = PERIOD // 2


def add(ticks, ms):
    """Returns the tick `ms` milliseconds after `ticks`."""
    return (ticks + ms) % PERIOD


def diff(later, earlier):
    """Returns later - earlier in ms, right for spans of up to three days either way."""
    return (later - earlier + HALF) % PERIOD - HALF


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
        """True when the time has passed. Must be asked at least once in three days."""
        if self._end is not None and diff(self._clock(), self._end) >= 0:
            self._end = None
        return self._end is None
