# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""0.hex .. F.hex: into the chip's flash, but never without need and never twice by itself."""

from fxcore import programmer as operations
from fxcore.errors import FLASH_ERROR, STATUS_UNREADABLE, Fault
from sandbox import ticks
from sandbox.faults import BURN_UNFINISHED, FLASH_LOCKED
from sandbox.ledger import HELD, UNFINISHED, UNKNOWN, address_key, serial_key
from sandbox.light import BLIP
from sandbox.playing import NOTHING

COPY_AGAIN = "copy it again to burn it"


class Burner:
    """Work on the chip's flash slots, and the programmer's gate meanwhile: it keeps the ledger true.

    :param clock: returns the current tick
    :param settings: `address`, the chip's name in the ledger where no serial number can be read, and `reflash`
    """

    def __init__(self, clock, chip, drive, intake, playing, ledger, settings, reporter):
        self._clock = clock
        self._chip = chip
        self._drive = drive
        self._builder = intake.builder
        self._playing = playing
        self._ledger = ledger
        self._address_key = address_key(settings.address)
        self._always = settings.reflash == "always"
        self._reporter = reporter
        self._watch = None
        self._locked_at = None

    def user_acted(self, when):
        """The user changed a file: a flash error before that no longer stops burning."""
        now = self._clock()
        if self._locked_at is not None and ticks.age(now, when) < ticks.age(now, self._locked_at):
            self._locked_at = None

    def burn(self, watch):
        """Generator: burns the program that the intake has read from the watched file, if there is need."""
        self._watch = watch
        programmer = self._chip.programmer
        if self._locked_at is not None:
            self._reporter.fault(Fault(FLASH_LOCKED, COPY_AGAIN), watch.name)
        # A running program is not interrupted for what is known without asking the chip.
        elif self._playing.actual != NOTHING and programmer.known and not self.wants(programmer.status):
            self._tell_spared(programmer.status)
        elif (yield from self._has_stayed(watch)):
            yield from self._burn(watch)

    def wants(self, status):
        """True when the slot is to be burnt.

        :param status: the chip's Status, None where it cannot be read
        """
        state, initial = self._state(status), self._watch.initial
        if initial and state != HELD and self._ledger.has_failed(self._key(status)):
            return False
        if state == UNFINISHED:
            return not initial
        return self._always or state == UNKNOWN

    def writing(self, status):
        """WRITE_PRG is about to be sent."""
        self._ledger.begin(self._key(status), self._watch.slot, self._builder.program.crc, self._builder.program.length)

    def written(self):
        """The burn is verified, as far as it can be."""
        self._ledger.confirm()

    def _state(self, status):
        """What the ledger says of the slot; a slot that the chip shows as empty is not held."""
        slot = self._watch.slot
        state = self._ledger.state(self._key(status), slot, self._builder.program.crc, self._builder.program.length)
        if state == HELD and status is not None and not status.slots >> slot & 1:
            return UNKNOWN
        return state

    def _key(self, status):
        return self._address_key if status is None else serial_key(status.serial)

    def _has_stayed(self, watch):
        """Waits for one more look at the drive: what is burnt must still be there."""
        looks = self._drive.looks
        while looks == self._drive.looks:
            yield
        return not watch.changed

    def _burn(self, watch):
        programmer = self._chip.programmer
        self._chip.leave_ram()
        programmer.burn(self._builder.program, watch.slot, self)
        outcome = yield from self._chip.carry_out()
        if outcome == operations.BURNT:
            proof = "not verified" if programmer.blind else "verified"
            self._reporter.done("{}: burnt into slot {}, {}".format(watch.name, watch.label, proof))
        elif outcome == operations.SPARED:
            self._tell_spared(None if programmer.blind else programmer.status)
        elif programmer.committed or not self._chip.puts_off(watch):
            self._fail(watch, programmer.fault, programmer.committed)

    def _fail(self, watch, fault, committed):
        """WRITE_PRG is never sent again by itself; a flash error stops all further burning."""
        if fault.code == FLASH_ERROR:
            self._locked_at = self._clock()
            if committed:
                self._ledger.fail()
        if committed:
            unknown = "what slot {} holds is unknown: {}".format(watch.label, COPY_AGAIN)
            if self._chip.is_there() and fault.code != STATUS_UNREADABLE:
                fault.detail += "; " + unknown
            else:
                fault = Fault(BURN_UNFINISHED, unknown)
        self._reporter.fault(fault, watch.name)

    def _tell_spared(self, status):
        watch, state = self._watch, self._state(status)
        if state == HELD:
            self._reporter.done("{}: slot {} already holds this program".format(watch.name, watch.label), BLIP)
        else:
            code = BURN_UNFINISHED if state == UNFINISHED else FLASH_LOCKED
            self._reporter.fault(Fault(code, COPY_AGAIN), watch.name)
