# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One file name on the drive: what it looks like, and what is still to be done about it."""

from sandbox import ticks

SETTLE = 500
# A file that stays broken for so long is an error; before that it may still be on its way, and is tried again.
PATIENCE = 5000
RETRY = 500
# Windows writes a small drive's FAT up to 90 s after data and entry, others their data that late: what shows that
# something is not written yet is an error only then.
LATEST = 120000
RETRY_LATE = 2000
# FAT times have a grain of 2 s, and copies may keep their file's time: the content is looked at now and then.
CHECK_AFTER = 3000
CHECK_OFTEN = 10000  # output.hex, and what was refused: its data may come late
CHECK_SLOT = 60000

OUTPUT = 16
# A file's place, by its name in lower case: twice its slot, and one more for a source.
HEX, SOURCE = "hex", "fxc"
PLACES = {"output.hex": 2 * OUTPUT, "output.fxc": 2 * OUTPUT + 1}
PLACES.update([("{:x}.{}".format(place // 2, (HEX, SOURCE)[place % 2]), place) for place in range(2 * OUTPUT)])
NO_PLACE = len(PLACES)

# Nothing is to be done; it has changed and nobody has begun with it; it is being dealt with; it is good, but the chip
# is away; it is to be dealt with again, or its content to be looked at, from the tick `_at` on.
IDLE, CHANGED, TAKEN, WAITING, AGAIN, CHECK = range(6)
# What is to be told of a file that is not whole: nothing yet, that it is not all written, that it is an error.
ON_ITS_WAY, LATE, BROKEN = range(3)


class Watch:
    """Questions have no effect. Transitions are named for what happened; a change overrides what becomes of what was
    before it. `stamp` is None (absent) or (size, time). `since`: the tick of the last change. `initial`: unchanged
    since the device started.
    """

    def __init__(self, place):
        self.place = place
        self.slot, self.is_source = place // 2, place % 2 == 1  # only quiet says that a source is whole
        self.name = next(name for name in PLACES if PLACES[name] == place)
        self.path = "/" + self.name
        self.stamp = None
        self.since = 0
        self.initial = False
        self._state = IDLE
        self._at = 0
        self._crc = None  # of the text as it was read last
        self._done_at = None
        self._unseen = False  # the last change was one of content only
        self._same = False  # and the one before had this content too
        self._refused_at = None
        self._told_late = False

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

    @property
    def unfinished(self):
        """True when it has changed, or is being dealt with: each further look counts."""
        return self._state in (CHANGED, TAKEN)

    def settling(self, now, quiet):
        """True when it has changed within the last half second, and that counts. Where the computer is known to be
        `quiet`, the content alone proves output.hex whole."""
        if self._state != CHANGED or quiet and self.place == 2 * OUTPUT and not self.empty:
            return False
        return ticks.age(now, self.since) < SETTLE

    def due(self, now, away):
        """True when it is to be dealt with. `away`: what waits for the chip goes on waiting."""
        state = self._state
        return state == CHANGED or state == WAITING and not away or state == AGAIN and ticks.reached(now, self._at)

    def check_due(self, now):
        """True when its content is to be looked at once more."""
        return self._state == CHECK and ticks.reached(now, self._at)

    def repeated(self, now):
        """True when its text was dealt with a moment ago: only another part of that copy may have come."""
        return self._same and ticks.age(now, self._done_at) < LATEST

    def too_early(self, now):
        """True when its text is what it was before a change that is not half a second old: the new one may follow."""
        return self._same and ticks.age(now, self.since) < SETTLE

    def changes(self, stamp, now, initial):
        """It looks different. `initial`: it is seen for the first time after the start."""
        self.stamp = stamp
        self._change(now, False)
        self.initial = initial

    def written_beside(self, now):
        """The drive or its directory is not what it was: under this name there may be another file, or its rest."""
        if self._state in (AGAIN, CHECK):
            self._at = now

    def passed_over(self):
        """As it is now it is not to be dealt with."""
        if self._state != CHECK:
            self._crc = None
            self._rest(self.since, CHECK_AFTER)

    def taken(self):
        """Its present state is being dealt with. One of the transitions that follow here ends that."""
        self._state = TAKEN

    def put_back(self):
        """What was begun with it did not come to its end through no fault of its own."""
        if self._state == TAKEN:
            self._state = CHANGED

    def held_back(self):
        """Its text is what it was: that counts when it has settled."""
        self._end(AGAIN, self.since, SETTLE)

    def waits_for_chip(self):
        """It is good, and the chip is away."""
        self._end(WAITING)

    def read(self, crc):
        """It is whole; `crc` is that of its text."""
        self._refused_at = None
        self._same = self._done_at is not None and crc == self._crc
        self._crc = crc

    def refused(self, now, unwritten):
        """It is not whole; `unwritten`: a part is not even written. Returns ON_ITS_WAY, LATE once, or BROKEN, after
        which `given_up` follows."""
        if self._state != TAKEN:
            return ON_ITS_WAY
        if self._refused_at is None:
            self._refused_at = now
        age = ticks.age(now, self._refused_at)
        if age < PATIENCE:
            self._end(AGAIN, now, RETRY)
            return ON_ITS_WAY
        if age >= LATEST or not (unwritten or self._unseen):
            return BROKEN
        self._end(AGAIN, now, RETRY_LATE)
        told, self._told_late = self._told_late, True
        return ON_ITS_WAY if told else LATE

    def given_up(self, now, crc):
        """It was told that it is not whole; `crc` is that of its text, None where it cannot be read."""
        self._crc = crc
        self._end(CHECK, now, CHECK_OFTEN)

    def dealt_with(self, now):
        """All was done that was to be done, as far as nothing else was said."""
        if self._state == TAKEN:
            self._done_at = now
            self._rest(now, CHECK_AFTER)

    def checked(self, now, crc):
        """Its content has been looked at; `crc` is that of its text, None where it cannot be read."""
        if self._state != CHECK:
            return
        if crc != self._crc and crc is not None:
            if self._crc is not None or self._refused_at is not None:
                self._change(now, True)
                return
            self._crc = crc  # it was never read before
        # A new stamp whose content is the old one: the data may still be on their way.
        if self._same and ticks.age(now, self.since) < LATEST:
            self._rest(now, CHECK_AFTER)
        else:
            self._rest(now, CHECK_SLOT if self.slot != OUTPUT and self._refused_at is None else CHECK_OFTEN)

    def _change(self, now, unseen):
        self.since = now
        self.initial = self._told_late = self._same = False
        self._unseen = unseen
        self._state = CHANGED
        self._refused_at = None

    def _rest(self, now, ms):
        self._state = IDLE if self.empty else CHECK
        self._at = ticks.add(now, ms)

    def _end(self, state, now=0, ms=0):
        if self._state == TAKEN:
            self._state = state
            self._at = ticks.add(now, ms)
