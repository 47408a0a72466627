# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""0.hex .. F.hex: into the chip's flash, but never without need and never twice by itself."""

from fxcore import programmer as operations
from fxcore.errors import FLASH_ERROR, Fault
from sandbox import ledger, light, ticks
from sandbox.chip import FILE, PC
from sandbox.faults import BURN_UNFINISHED, FLASH_LOCKED


class Burner:
    """Work on the chip's flash slots.

    :param clock: returns the current tick
    """

    def __init__(self, clock, chip, drive, intake, gate, lamp, reporter):
        self._clock = clock
        self._chip = chip
        self._drive = drive
        self._intake = intake
        self._gate = gate
        self._light = lamp
        self._reporter = reporter
        self._locked_at = None
        self._displaced = False  # a PC program's program, by a burn that may have given way since

    def user_acted(self, when):
        """The user changed a file: a flash error before that no longer stops burning."""
        now = self._clock()
        if self._locked_at is not None and ticks.age(now, when) < ticks.age(now, self._locked_at):
            self._locked_at = None

    def burn(self, watch):
        """Generator: burns the program that the intake has read from the watched file, if there is need."""
        if self._locked_at is not None:
            self._reporter.fault(Fault(FLASH_LOCKED, "copy it again to burn it"), watch.name)
            return
        self._gate.aim(self._intake.program, watch.slot, watch.initial)
        # A running program is not interrupted for what is known without asking the chip.
        if self._chip.running is not None and self._chip.known and not self._gate.wants(self._chip.programmer.status):
            self._spare(watch)
        elif (yield from self._has_stayed(watch)):
            yield from self._burn(watch)
        else:
            self._light.rest(self._clock())

    def _has_stayed(self, watch):
        """Waits for one more look at the drive: what is burnt must still be there."""
        looks = self._drive.looks
        while looks == self._drive.looks:
            yield
        return not watch.changed

    def _burn(self, watch):
        before = self._chip.running
        self._chip.set_running(None)
        self._chip.restore = self._chip.restore or before == FILE
        self._displaced = self._displaced or before == PC
        self._chip.programmer.burn(self._intake.program, watch.slot, self._gate)
        outcome = yield from self._chip.carry_out()
        self._light.rest(self._clock())
        if self._displaced:
            self._displaced = False
            self._reporter.say("{}: what a PC program had loaded no longer runs".format(watch.name))
        if outcome == operations.BURNT:
            self._tell_burnt(watch)
        elif outcome == operations.SPARED:
            self._spare(watch)
        else:
            self._fail(watch)

    def _tell_burnt(self, watch):
        self._light.success(self._clock())
        proof = "not verified" if self._chip.programmer.blind else "verified"
        self._reporter.say("{}: burnt into slot {}, {}".format(watch.name, watch.label, proof))

    def _fail(self, watch):
        """WRITE_PRG is never sent again by itself; a flash error stops all further burning."""
        committed = self._chip.programmer.committed
        if self._chip.programmer.fault.code == FLASH_ERROR:
            self._locked_at = self._clock()
            if committed:
                self._gate.failed()
        if self._chip.fail(watch.name) and not committed:
            watch.waits_for_chip()

    def _spare(self, watch):
        if self._gate.verdict != ledger.HELD:
            code = BURN_UNFINISHED if self._gate.verdict == ledger.UNFINISHED else FLASH_LOCKED
            self._reporter.fault(Fault(code, "copy it again to burn it"), watch.name)
            return
        self._light.success(self._clock(), light.BLIP)
        self._reporter.say("{}: slot {} already holds this program".format(watch.name, watch.label))
