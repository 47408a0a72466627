# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Watches the drive for the files that mean something: output.hex and 0.hex .. F.hex, and the same names with .fxc."""

from sandbox import ticks
from sandbox.twins import Twins
from sandbox.watch import HEX, NO_PLACE, OUTPUT, PLACES, SOURCE, Watch

# Where the computer's use of the drive is not noticed there are four looks a second. Where it is, one when it has been
# quiet for so long; four a second while something is going on; and a rare one, to be on the safe side.
LOOK_INTERVAL = 250
QUIET = 40
RARELY = 2000
# A look is done in parts of a few ms. While nothing happens, each slot has its turn in one of so many looks.
FILES_A_PART = 5
LOOKS_FOR_ALL = 4

IS_FOLDER = 0x4000
# Any file in another folder: looking for it first cures a root directory that the firmware still has from before a
# host's write.
OTHER_FILE = "/lib/x"
MISNAMED_TOLD = 5


class Drive:
    """Looks at the root directory.

    `watches` are in slot order, those of OUTPUT last; one begins with its file. Of the two that a slot may have the one
    that was changed last counts. `output`: the one that does, or did last, for OUTPUT. `looks` counts.

    :param listdir, stat: os.listdir and os.stat
    :param tell: takes a sentence about a name that its user may take for one that counts
    :param use: a DriveUse, None where there is no such thing
    """

    def __init__(self, listdir, stat, tell, now, use=None):
        self._listdir = listdir
        self._stat = stat
        self._tell = tell
        self._use = use
        self._used = True
        self._used_at = self._looked_at = self._next_look = now
        self._parts = None  # of the look under way
        self._names = None
        self._found = 0  # bit n: there is a file for place n
        self._twins = Twins(tell)
        self._misnamed = []
        self._misnamed_due = False
        self.looks = 0
        self.output = Watch(2 * OUTPUT)
        self.watches = [self.output]

    @property
    def sees_use(self):
        """True where the computer's use of the drive is noticed."""
        return self._use is not None and self._use.found

    def due(self, now):
        """True when it is time for `look`."""
        if self._parts is not None:
            return True
        if self.sees_use:
            if self._use.seen():
                self._used, self._used_at = True, now
            elif self._used and ticks.age(now, self._used_at) >= QUIET:
                return True
        return ticks.reached(now, self._next_look)

    def look(self, now):
        """Looks at the files if there is a reason, part by part."""
        self._next_look = ticks.add(now, LOOK_INTERVAL)
        if self._parts is None:
            if not self._has_reason(now):
                return
            self._used, self._looked_at = False, now
            self._parts = self._look(now)
        try:
            next(self._parts)
            return
        except StopIteration:
            self.looks += 1
        except OSError:  # the host is writing the directory this very moment: the next look tells
            self._used, self._used_at = True, now
        self._parts = None

    def _has_reason(self, now):
        if not self.sees_use:
            if self._use is not None:
                self._use.find()
            return True
        if ticks.age(now, self._looked_at) >= RARELY:
            return True
        if self._used:
            return ticks.age(now, self._used_at) >= QUIET
        return self._misnamed_due or any(watch.unfinished for watch in self.watches)

    def pass_over_output(self):
        """Somebody else runs something: the file as it is now does not, until it changes."""
        for watch in self.watches:
            if watch.slot == OUTPUT:
                watch.passed_over()

    def settling(self, now):
        """True while a file that must settle has changed within the last half second, or a look is under way."""
        quiet = self.sees_use and not self._used
        return self._parts is not None or any(watch.settling(now, quiet) for watch in self.watches)

    def awaits_source(self, now):
        """True while a source has changed within the last half second."""
        return any(watch.is_source and not watch.empty and watch.settling(now, False) for watch in self.watches)

    def next_due(self, now, away):
        """Returns the first watch in slot order, OUTPUT last, that is to be dealt with; or None.

        :param bool away: files that wait for the chip go on waiting
        """
        if self.settling(now):
            return None
        for watch in self.watches:
            if watch.due(now, away):
                watch = self._twins.counting(watch, self.watches, now)
                if watch.slot == OUTPUT and not watch.empty:
                    self.output = watch
                return watch
        return None

    def next_check(self, now):
        """Returns a watch whose content is to be looked at once more; or None. Not while the computer writes."""
        if self.sees_use and self._used:
            return None
        for watch in self.watches:
            if watch.check_due(now):
                return watch
        return None

    def _look(self, now):
        """Generator: one look, which ends with the last file."""
        try:
            self._stat(OTHER_FILE)
        except OSError:
            pass  # there is none of that name, and that has been found out
        names = self._listdir("/")
        anew = names != self._names
        if anew:
            yield
            self._sort(names)
            yield
        elif self._misnamed_due:
            self._tell_misnamed()
        if self.sees_use and self._use.wrote:
            anew, self._use.wrote = True, False
        initial = not self.looks
        whole = anew or any(watch.unfinished for watch in self.watches)
        for i in range(len(self.watches) - 1, -1, -1):
            watch = self.watches[i]
            if not whole and watch is not self.output and i % LOOKS_FOR_ALL != self.looks % LOOKS_FOR_ALL:
                continue
            stamp = None
            if self._found >> watch.place & 1:
                info = self._stat(watch.path)
                stamp = None if info[0] & IS_FOLDER else (info[6], info[8])
            if anew:
                watch.written_beside(now)
            if stamp != watch.stamp:
                watch.changes(stamp, now, initial)
            if i % FILES_A_PART == 1:
                yield

    def _sort(self, names):
        """The directory has changed: which files count?"""
        found = 0
        for name in names:
            found |= 1 << PLACES.get(name.lower(), NO_PLACE)
        known = {watch.place: watch for watch in self.watches}
        places = [place for place in range(NO_PLACE) if place in known or found >> place & 1]
        self.watches = [known.get(place) or Watch(place) for place in places]
        self._names, self._found, self._misnamed_due = names, found, True

    def _tell_misnamed(self):
        """What is still there under a name that is almost one of ours is told, once each; not what systems hide."""
        for name in self._names:
            lowered = name.lower()
            extension = SOURCE if "." + SOURCE in lowered else HEX
            if lowered in PLACES or name[0] == "." or name in self._misnamed:
                continue
            if not lowered.endswith("." + extension) and not lowered.endswith("." + extension + ".txt"):
                continue
            if len(self._misnamed) < MISNAMED_TOLD and not self._stat("/" + name)[0] & IS_FOLDER:
                self._misnamed.append(name)
                self._tell("{0}: not a name I load (output.{1}, 0.{1} to F.{1})".format(name, extension))
        self._misnamed_due = False
