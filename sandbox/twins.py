# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A slot may have two files, HEX and source: which one counts."""

from sandbox import ticks


class Twins:
    """:param tell: takes a sentence"""

    def __init__(self, tell):
        self._tell = tell
        self._told = 0  # bit n: that both of slot n's files are there

    def counting(self, watch, watches, now):
        """Returns the watch that counts for the slot, of this one, which is due, and its twin. The other one is passed
        over: a file that is gone before one that is there, then the older one, then the one that is no source."""
        for twin in watches:
            if twin.slot == watch.slot and twin is not watch:
                if twin.changed and _rank(twin, now) > _rank(watch, now):
                    watch, twin = twin, watch
                self._tell_both(watch, twin)
                twin.passed_over()
                break
        return watch

    def _tell_both(self, watch, twin):
        bit = 1 << watch.slot
        if watch.empty or twin.empty:
            self._told &= ~bit
        elif not self._told & bit:
            self._told |= bit
            why = "at power-up the source" if watch.initial and twin.initial else "the one changed last"
            self._tell("{} counts, {} does not: {}".format(watch.name, twin.name, why))


def _rank(watch, now):
    """The higher one of two counts."""
    return not watch.empty, -ticks.age(now, watch.since), watch.is_source
