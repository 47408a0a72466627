# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""output.hex: runs, runs again, stops."""

from fxcore import programmer as operations
from sandbox import light
from sandbox.chip import FILE


class Runner:
    """Work on the chip's RAM; the methods are generators that yield once per turn.

    The program that runs is kept, so that it can run again when the file is no longer what it was.

    :param clock: returns the current tick
    """

    def __init__(self, clock, chip, intake, lamp, reporter):
        self._clock = clock
        self._chip = chip
        self._intake = intake
        self._light = lamp
        self._reporter = reporter
        self._loaded = None
        self._unstopped = None

    def run(self, watch):
        """Loads and executes the program that the intake has read from the watched file."""
        for name in self._intake.defaulted:
            self._reporter.say("{} has no {} section: the reset default is sent".format(watch.name, name))
        program = self._intake.program
        self._light.work(self._clock(), light.BLUE)
        outcome = yield from self._load(program)
        if outcome == operations.RAN:
            self._loaded = program.copy()
            self._reporter.say("{}: running, {} instructions".format(watch.name, program.instructions))
        else:
            if self._chip.fail(watch.name):
                watch.waits_for_chip()
            self._chip.restore = False

    def run_again(self):
        """Brings back what ran before a burn or before the chip lost its power."""
        now = self._clock()
        if not self._light.succeeding(now):
            self._light.work(now, light.BLUE)
        outcome = yield from self._load(self._loaded)
        if outcome == operations.RAN:
            self._reporter.say("output.hex: running again")
        else:
            self._chip.restore = self._chip.fail("output.hex")

    def stop(self, watch):
        """The file is deleted or empty: the chip goes back to the slot its pins select."""
        self._chip.restore = False
        if self._chip.running is None:
            return
        self._chip.programmer.stop()
        outcome = yield from self._chip.carry_out()
        if outcome == operations.STOPPED:
            self._chip.set_running(None)
            self._reporter.say("{} is gone: stopped".format(watch.name))
            self._reporter.over(self._unstopped)
            self._unstopped = None
        else:
            self._stop_failed(watch)

    def _stop_failed(self, watch):
        """What plays without its file is stopped as soon as the bus allows it; told once."""
        if self._unstopped is None:
            self._unstopped = self._chip.programmer.fault
            self._chip.fail(watch.name)
        watch.stop_failed(self._clock())

    def _load(self, program):
        self._unstopped = None
        self._chip.restore = False
        self._chip.set_running(None)
        self._chip.programmer.run(program)
        outcome = yield from self._chip.carry_out()
        self._light.rest(self._clock())
        if outcome == operations.RAN:
            self._chip.set_running(FILE)
        return outcome
