# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""output.hex: runs, runs again, stops."""

import gc

from fxcore import programmer as operations
from sandbox.playing import FILE


class Runner:
    """Work on the chip's RAM; the methods are generators that yield once per turn.

    :param playing: the Playing
    """

    def __init__(self, chip, intake, playing, reporter):
        self._chip = chip
        self._intake = intake
        self._playing = playing
        self._reporter = reporter

    def run(self, watch):
        """Loads and executes the program that the intake has read from the watched file."""
        for name in self._intake.builder.defaulted:
            self._reporter.say("{} has no {} section: the reset default is sent".format(watch.name, name))
        program = self._intake.builder.program
        if (yield from self._load(program)):
            gc.collect()  # as before it was read
            self._playing.runs(FILE, self._intake.builder.hand_over(), watch.name)
            self._reporter.say("{}: running, {} instructions".format(watch.name, program.instructions))
        elif not self._chip.puts_off(watch):
            self._give_up(watch)

    def run_again(self, watch):
        """Brings back what should play and does not."""
        program = self._playing.program
        if (yield from self._load(program)):
            self._playing.runs(FILE, program)
            self._reporter.say("{}: running again".format(watch.name))
        elif self._chip.is_there():
            self._give_up(watch)

    def stop(self):
        """The file is deleted or empty: the chip goes back to the slot its pins select."""
        self._playing.give_up()
        if self._playing.unwanted:
            yield from self._chip.stop()

    def _give_up(self, watch):
        self._reporter.fault(self._chip.programmer.fault, watch.name)
        self._playing.give_up()

    def _load(self, program):
        self._chip.leave_ram()
        self._chip.programmer.run(program)
        outcome = yield from self._chip.carry_out()
        return outcome == operations.RAN
