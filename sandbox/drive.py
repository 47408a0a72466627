# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Watches the drive for the files that mean something: output.hex and 0.hex .. F.hex."""

from sandbox import ticks
from sandbox.watch import EXTENSIONS, OUTPUT, Watch, slot_of

LOOK_INTERVAL = 250
IS_FOLDER = 0x4000
# Any file in another folder: looking for it first cures a root directory that the firmware still has from before a
# host's write.
OTHER_FILE = "/lib/x"
MISNAMED_TOLD = 5


class Drive:
    """Looks at the root directory at most four times a second.

    `watches` are in slot order, `output` last; a slot's begins with its file. `looks` counts.

    :param listdir, stat: os.listdir and os.stat
    :param tell: takes a sentence about a name that its user may take for one that counts
    """

    def __init__(self, listdir, stat, tell, now):
        self._listdir = listdir
        self._stat = stat
        self._tell = tell
        self._next_look = now
        self._names = None
        self._found = 0  # bit n: there is a file for slot n
        self._misnamed = []
        self._misnamed_due = False
        self.looks = 0
        self.output = Watch(OUTPUT)
        self.watches = [self.output]

    def due(self, now):
        """True when it is time for a look."""
        return ticks.reached(now, self._next_look)

    def look(self, now):
        """Looks at the files."""
        self._next_look = ticks.add(now, LOOK_INTERVAL)
        try:
            self._look(now)
        except OSError:
            return  # the host is writing the directory this very moment: the next look tells
        self.looks += 1

    def pass_over_output(self):
        """Somebody else runs something: output.hex as it is now does not, until it changes."""
        self.output.passed_over()

    def settling(self, now):
        """True while any file has changed within the last half second."""
        return any(watch.settling(now) for watch in self.watches)

    def next_due(self, now, away):
        """Returns the first watch in slot order, output.hex last, that is to be dealt with; or None.

        :param bool away: files that wait for the chip go on waiting
        """
        if self.settling(now):
            return None
        for watch in self.watches:
            if watch.due(now, away):
                return watch
        return None

    def next_check(self, now):
        """Returns a watch whose content is to be looked at once more; or None."""
        for watch in self.watches:
            if watch.check_due(now):
                return watch
        return None

    def _look(self, now):
        try:
            self._stat(OTHER_FILE)
        except OSError:
            pass  # there is none of that name, and that has been found out
        names = self._listdir("/")
        if names != self._names:
            self._names = names
            self._misnamed_due = True
            self._sort(names, now)
        elif self._misnamed_due:
            self._tell_misnamed(names)
        for watch in self.watches:
            watch.looks(self._stamp(watch), now, not self.looks)

    def _sort(self, names, now):
        """The directory has changed: which files count, and are they still the same?"""
        self._found = 0
        for name in names:
            slot = slot_of(name)
            if slot is not None:
                self._found |= 1 << slot
                self._watch(slot)
        for watch in self.watches:
            watch.listed_anew(now)

    def _watch(self, slot):
        """Begins to watch this slot's file, if it is new."""
        before = sum(watch.slot < slot for watch in self.watches)
        if self.watches[before].slot != slot:
            self.watches.insert(before, Watch(slot))

    def _stamp(self, watch):
        if not self._found >> watch.slot & 1:
            return None
        info = self._stat("/" + watch.name)
        return None if info[0] & IS_FOLDER else (info[6], info[8])

    def _tell_misnamed(self, names):
        """What is still there under a name that is almost one of ours is told, once each."""
        for name in names:
            if len(self._misnamed) == MISNAMED_TOLD:
                break
            if _looks_meant(name) and name not in self._misnamed and not self._stat("/" + name)[0] & IS_FOLDER:
                self._misnamed.append(name)
                self._tell(name + ": not a name I load (output.hex, 0.hex to F.hex)")
        self._misnamed_due = False


def _looks_meant(name):
    """True for a name that is taken for one of ours; what systems hide begins with a dot."""
    if name.startswith(".") or slot_of(name) is not None:
        return False
    lowered = name.lower()
    return any(lowered.endswith("." + extension + more) for extension in EXTENSIONS for more in ("", ".txt"))
