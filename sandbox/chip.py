# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What is done with the chip, one operation at a time, and what is done for it when nobody wants anything of it."""

from fxcore import programmer as operations
from sandbox.playing import NOTHING, PC
from sandbox.presence import AWAY

STATUS_KNOWN = (operations.RAN, operations.BURNT, operations.SPARED, operations.IDENTIFIED)


class Chip:
    """The generators use the bus once per step at most.

    :param clock: returns the current tick
    :param programmer: a fxcore.programmer.Programmer
    :param presence: a Presence
    :param playing: the Playing
    :param tell: a ChipReporter
    """

    def __init__(self, clock, programmer, presence, playing, tell):
        self._clock = clock
        self.programmer = programmer
        self._presence = presence
        self._playing = playing
        self._tell = tell
        self._scan_due = False
        self._met = False  # it has been asked who it is, since it came or a PC program talked to it

    @property
    def away(self):
        """True while the chip does not answer."""
        return self._presence.away is not None

    def is_there(self):
        """Returns True if the chip answers as far as is known; an outage is told, once."""
        if self.away:
            self._scan_due |= self._tell.outage(self._presence.away)
        return not self.away

    def foreign(self, left_open):
        """A PC program talked to the chip: what was known of it is not any more.

        :param bool left_open: it may be in programming mode
        """
        self.programmer.forget()
        self._playing.left_open = left_open
        self._met = False
        self._presence.hurry()

    def leave_ram(self):
        """What plays from RAM is about to end, for something else."""
        if self._playing.ends():
            self._tell.say("what a PC program had loaded no longer runs")

    def carry_out(self):
        """Steps the programmer to the end of its operation; returns the outcome."""
        if self._playing.left_open:
            self._playing.left_open = False
            self._tell.say("a PC program did not bring it back to RUN: that is done now")
        while self.programmer.step():
            yield
        outcome = self.programmer.outcome
        if outcome == operations.FAILED and self.programmer.fault.code in AWAY:
            self._presence.lost(self._clock(), self.programmer.fault)
            self._is_lost()
            return outcome
        self._presence.seen(self._clock())
        # A chip in trouble is left alone until somebody wants something of it: it counts as met too.
        self._met = self._met or outcome != operations.STOPPED
        if outcome in STATUS_KNOWN:
            self._tell.status(self.programmer)
        return outcome

    def back_out(self):
        """Withdraws the programmer's operation; what ran from RAM does not run any more."""
        self.programmer.withdraw()
        while self.programmer.step():
            yield
        if self.programmer.in_run:
            self._playing.ends()

    def puts_off(self, watch):
        """Returns True if the chip is away: the file waits for it."""
        if self.is_there():
            return False
        watch.waits_for_chip()
        self._tell.waits(watch.name)
        return True

    def bring_up(self):
        """Brings the chip into RUN mode at start-up. That it does not answer is no error yet."""
        self.programmer.stop()
        return self.carry_out()

    def stop(self):
        """Ends what plays from RAM: the chip plays the slot that its pins select."""
        self.programmer.stop()
        outcome = yield from self.carry_out()
        if outcome == operations.STOPPED:
            self._playing.ends()
            self._tell.stopped(self._playing.name)
        elif self.is_there():
            self._tell.still_plays(self.programmer.fault, self._playing.name)

    def next_duty(self, now):
        """Returns what is to be done for the chip itself now, as a generator; or None."""
        playing = self._playing
        if self._scan_due:
            return self._scan()
        if not self._presence.due(now):
            return None
        if self.away:
            return self._look()
        if playing.unwanted:
            return self.stop()
        if playing.left_open and playing.wanted == PC:
            return self._find_out()
        if playing.actual != NOTHING:
            return self._look()
        if self._met:
            return None
        self.programmer.identify()
        return self.carry_out()

    def watch_due(self, now):
        """True when it is time to `watch` although a PC program has the bus: the chip plays, or is away.

        Never in programming mode: a chip that burns must not be spoken to.
        """
        playing = self._playing
        return (playing.actual != NOTHING or self.away) and not playing.left_open and self._presence.due(now)

    def watch(self, now):
        """One probe: a chip that lost its power has lost its program."""
        was_away = self.away
        fault = self._presence.probe(now)
        if fault is not None and was_away:
            self._scan_due |= self._tell.cause(fault)
        elif fault is not None:
            self.is_there()
            self._is_lost()
        elif was_away and not self.away:
            self._tell.back()
            self._presence.hurry()

    def _look(self):
        self.watch(self._clock())
        yield

    def _is_lost(self):
        self.programmer.forget()
        self._met = self._playing.left_open = False
        self.leave_ram()

    def _find_out(self):
        """Does what a PC program loaded still play after what it said since? In programming mode there is a status."""
        self.programmer.peek()
        self._playing.left_open = False
        outcome = yield from self.carry_out()
        if self.is_there() and outcome == operations.READ:
            self.leave_ram()
            self.foreign(True)

    def _scan(self):
        found = yield from self._presence.scan()
        self._scan_due = False
        self._tell.others(found)
