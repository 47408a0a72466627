# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Watches the drive for the files that mean something: output.hex and 0.hex .. F.hex."""

from sandbox import ticks
from sandbox.watch import NAMES, OUTPUT, Watch

LOOK_INTERVAL = 250
IS_FOLDER = 0x4000
# Any other folder: reading it first cures a root directory that the firmware still has from before a host's write.
OTHER_FOLDER = "/lib"


class Drive:
    """Looks at the root directory at most four times a second.

    `watches` are in slot order, `output` last; a slot's begins with its file. `looks` counts.

    :param listdir, stat: os.listdir and os.stat
    """

    def __init__(self, listdir, stat, now):
        self._listdir = listdir
        self._stat = stat
        self._next_look = now
        self._passed_over = False
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
        self._passed_over = not self.looks

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
            self._listdir(OTHER_FOLDER)
        except OSError:
            pass  # without libraries there is no such folder; the look is then only less fresh
        found = {}
        for name in self._listdir("/"):
            lowered = name.lower()
            if lowered in NAMES:
                found[lowered] = name
        for name in found:
            self._watch(NAMES.index(name))
        for watch in self.watches:
            watch.looks(self._stamp(found.get(watch.name)), now, not self.looks)
        if self._passed_over and not self.looks:
            self.output.passed_over()

    def _watch(self, slot):
        """Begins to watch this slot's file, if it is new."""
        before = sum(watch.slot < slot for watch in self.watches)
        if self.watches[before].slot != slot:
            self.watches.insert(before, Watch(slot))

    def _stamp(self, name):
        if name is None:
            return None
        info = self._stat("/" + name)
        return None if info[0] & IS_FOLDER else (info[6], info[8])
