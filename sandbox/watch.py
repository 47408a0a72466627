# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One file name on the drive: what it looks like, and what is still to be done about it."""

from sandbox import ticks

SETTLE = 500
# A file that stays broken for so long is an error; before that it may still be on its way, and is tried again.
PATIENCE = 5000
RETRY = 500
# What plays without its file is stopped as soon as the bus allows it.
STOP_AGAIN = 2000
# FAT times have a grain of 2 s: the content of a file that was dealt with is looked at once more after that.
CHECK_AFTER = 3000
# A file that was refused may get its data late, without any change in the directory.
CHECK_REFUSED = 10000

OUTPUT = 16
NAMES = tuple("{:x}.hex".format(slot) for slot in range(16)) + ("output.hex",)

# Nothing is to be done; it has changed and nobody has begun with it; it is being dealt with; it is good, but the chip
# is away; it is to be dealt with again, or its content to be looked at, from the tick `_at` on.
IDLE, CHANGED, TAKEN, WAITING, AGAIN, CHECK = range(6)


class Watch:
    """Questions have no effect. Each transition is named for what has happened; a change of the file overrides what
    becomes of the state that it had before.

    `stamp` is None (absent) or (size, time). `since`: the tick of the last change. `initial`: unchanged since the
    device started.
    """

    def __init__(self, slot):
        self.slot = slot
        self.name = NAMES[slot]
        self.stamp = None
        self.since = 0
        self.initial = False
        self._state = IDLE
        self._at = 0
        self._refused_at = None
        self._crc = None

    @property
    def empty(self):
        """True when the file is deleted or has no bytes."""
        return self.stamp is None or not self.stamp[0]

    @property
    def label(self):
        """The slot's digit."""
        return "{:X}".format(self.slot)

    @property
    def changed(self):
        """True when it has changed and nobody has begun with it."""
        return self._state == CHANGED

    def settling(self, now):
        """True when it has changed within the last half second."""
        return self._state == CHANGED and ticks.age(now, self.since) < SETTLE

    def due(self, now, away):
        """True when it is to be dealt with. `away`: what waits for the chip goes on waiting."""
        state = self._state
        return state == CHANGED or state == WAITING and not away or state == AGAIN and ticks.reached(now, self._at)

    def check_due(self, now):
        """True when its content is to be looked at once more."""
        return self._state == CHECK and ticks.reached(now, self._at)

    def looks(self, stamp, now, initial):
        """The drive has been looked at. `initial`: for the first time."""
        if stamp != self.stamp:
            self.stamp = stamp
            self._change(now)
            self.initial = initial

    def passed_over(self):
        """As it is now it is not to be dealt with."""
        if self._state != CHECK:
            self._state = IDLE

    def taken(self):
        """Its present state is being dealt with. One of the transitions that follow here ends that."""
        self._state = TAKEN

    def put_back(self):
        """What was begun with it did not come to its end through no fault of its own."""
        if self._state == TAKEN:
            self._state = CHANGED

    def waits_for_chip(self):
        """It is good, and the chip is away."""
        self._end(WAITING)

    def stop_failed(self, now):
        """It is gone, and what it has started could not be stopped."""
        self._end(AGAIN, now, STOP_AGAIN)

    def read(self, crc):
        """It is whole; `crc` is that of its text."""
        self._refused_at = None
        self._crc = crc

    def refused(self, now):
        """It is not whole. Returns True when it has been so for too long: then `given_up` is to follow."""
        if self._state == TAKEN and self._refused_at is None:
            self._refused_at = now
        if self._state == TAKEN and ticks.age(now, self._refused_at) >= PATIENCE:
            return True
        self._end(AGAIN, now, RETRY)
        return False

    def given_up(self, now, crc):
        """It was told that it is not whole; `crc` is that of its text, None where it cannot be read."""
        self._crc = crc
        self._end(CHECK, now, CHECK_REFUSED)

    def dealt_with(self, now):
        """All was done that was to be done."""
        self._end(IDLE if self.empty else CHECK, now, CHECK_AFTER)

    def checked(self, now, crc):
        """Its content has been looked at; `crc` is that of its text, None where it cannot be read."""
        if self._state != CHECK:
            return
        if crc is None:
            self._at = ticks.add(now, CHECK_AFTER)
        elif crc != self._crc:
            self._change(now)
        elif self._refused_at is None:
            self._state = IDLE
        else:
            self._at = ticks.add(now, CHECK_REFUSED)

    def _change(self, now):
        self.since = now
        self.initial = False
        self._state = CHANGED
        self._refused_at = None

    def _end(self, state, now=0, ms=0):
        if self._state == TAKEN:
            self._state = state
            self._at = ticks.add(now, ms)
