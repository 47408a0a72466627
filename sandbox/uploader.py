# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From a file that has settled on the drive to the chip: one job at a time, one short step per turn."""

from fxcore.errors import HEX_UNWRITTEN, Fault
from sandbox.faults import FILE_UNREADABLE
from sandbox.playing import FILE, PC
from sandbox.watch import BROKEN, LATE, OUTPUT

# Parts of the file that the host will write later, or a cluster chain.
UNWRITTEN = (HEX_UNWRITTEN, FILE_UNREADABLE)


class Uploader:
    """Chooses what is to be done and does it. Jobs are generators that yield once per turn.

    `subject`: name of the file that is being dealt with, or None.

    :param clock: returns the current tick
    """

    def __init__(self, clock, chip, playing, drive, intake, runner, burner, reporter):
        self._clock = clock
        self._chip = chip
        self._drive = drive
        self._intake = intake
        self._runner = runner
        self._burner = burner
        self._reporter = reporter
        self._playing = playing
        self._job = chip.bring_up()
        self._redo = None
        self._withdrawal = None
        self.subject = None
        self._awake = False

    def wake(self):
        """The drive has been looked at: there may be something to do. Waiting times end at such moments too."""
        self._awake = True

    @property
    def at_rest(self):
        """True if the next `step` has nothing to do."""
        return not self._awake and self._job is None and self._withdrawal is None

    def step(self):
        """Goes on with the job, or chooses the next one."""
        if not self._backed_out():
            return
        if self._job is None:
            if not self._awake:
                return
            self._awake = False
            self._job = self._choose(self._clock())
            if self._job is None:
                return
        try:
            next(self._job)
        except StopIteration:
            self._job = self.subject = None
            self._awake = True

    def give_way(self):
        """Somebody else wants the bus: call this until it returns True, and only then use the bus.

        The job is withdrawn cleanly and comes again later. A flash write that has been commanded is finished first.
        """
        programmer = self._chip.programmer
        if self._job is not None and programmer.busy and programmer.committed:
            self.step()
            return False
        if self._job is not None:
            self._job.close()  # what it has open or loaded is given back
            self._job = self.subject = None
            if self._redo is not None:
                self._redo()
            if programmer.busy:
                self._withdrawal = self._chip.back_out()
        return self._backed_out()

    def _backed_out(self):
        """Goes on with the withdrawal, if there is one; returns True when it is done."""
        if self._withdrawal is not None:
            try:
                next(self._withdrawal)
            except StopIteration:
                self._withdrawal = None
        return self._withdrawal is None

    def _choose(self, now):
        """What the user did comes first, in slot order, OUTPUT last."""
        self._redo = None
        watch = self._drive.next_due(now, self._chip.away)
        if watch is not None:
            self._redo = watch.put_back
            self.subject = watch.name
            return self._handle(watch)
        if self._drive.awaits_source(now):
            return None if self._intake.prepared else self._intake.prepare()
        self._intake.release()
        if self._may_restore(now):
            self.subject = self._drive.output.name
            return self._runner.run_again(self._drive.output)
        watch = self._drive.next_check(now)
        if watch is not None:
            return self._check_content(watch)
        return self._chip.next_duty(now)

    def _may_restore(self, now):
        """OUTPUT's file should be running and can; one that is deleted meanwhile is not brought back."""
        if not self._playing.restorable or self._chip.away or self._drive.settling(now):
            return False
        return not self._drive.output.empty

    def _handle(self, watch):
        if watch.changed and not watch.initial:
            self._reporter.user_acted(watch.since)
            self._burner.user_acted(watch.since)
        watch.taken()
        if watch.slot == OUTPUT and watch.initial and self._playing.wanted == PC:
            watch.passed_over()  # a PC program was quicker
            return
        if watch.empty:
            yield from self._handle_empty(watch)
        elif (yield from self._read(watch)):
            yield from self._send(watch)
        watch.dealt_with(self._clock())

    def _send(self, watch):
        """The intake has the program of the watched file: to the chip with it."""
        if self._chip.puts_off(watch):
            return
        if watch.slot != OUTPUT:
            yield from self._burner.burn(watch)
        elif watch.too_early(self._clock()):
            watch.held_back()
        elif self._playing.actual == FILE and not self._playing.left_open and watch.repeated(self._clock()):
            self._reporter.say("{}: the program that runs already".format(watch.name))
        else:
            yield from self._runner.run(watch)

    def _handle_empty(self, watch):
        """Deleted or emptied: what OUTPUT plays stops, a slot keeps what it has."""
        if watch.slot == OUTPUT:
            if watch is self._drive.output:
                yield from self._runner.stop()
        elif watch.stamp is not None:
            self._reporter.say("{} is empty: slot {} keeps its program".format(watch.name, watch.label))

    def _read(self, watch):
        """Reads the file; returns True if it is whole and still the same."""
        try:
            yield from self._intake.load(watch.name)
        except Fault as fault:
            yield from self._refuse(watch, fault)
            return False
        watch.read(self._intake.crc)
        return not watch.changed

    def _refuse(self, watch, fault):
        """Perhaps the file is still on its way; when it stays broken it is told, once."""
        verdict = watch.refused(self._clock(), fault.code in UNWRITTEN)
        if verdict == LATE:
            self._reporter.say("{}: not fully written yet: eject or wait".format(watch.name))
        elif verdict == BROKEN:
            self._reporter.fault(fault, watch.name)
            watch.given_up(self._clock(), (yield from self._intake.checksum(watch.name)))

    def _check_content(self, watch):
        """Looks at the text of the file once more: it may have changed unseen."""
        crc = yield from self._intake.checksum(watch.name)
        watch.checked(self._clock(), crc)
