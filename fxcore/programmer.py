# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One operation on the chip at a time, one I2C transfer per step, with its retries."""

from fxcore.errors import (
    ADDRESS_NAK,
    BUS_TIMEOUT,
    CHIP_ERROR,
    DATA_NAK,
    NOT_RECEIVED,
    STATUS_UNREADABLE,
    Fault,
)
from fxcore.sequence import FLASH_SILENCE, Sequence

TRIES = 3
# A transfer that failed this way may succeed when the sequence starts again.
TRANSIENT = (ADDRESS_NAK, DATA_NAK, BUS_TIMEOUT)

# What an unreadable status means: go on without it, or that it is never read; anything else: it is a fault.
AUTO = "auto"
OFF = "off"

# Outcomes.
RAN = "ran"
BURNT = "burnt"
SPARED = "spared"
STOPPED = "stopped"
IDENTIFIED = "identified"
READ = "read"
WITHDRAWN = "withdrawn"
FAILED = "failed"


class Programmer:
    """Carries out one operation at a time on one chip.

    `outcome` is None while an operation runs; when it is FAILED, `fault` is the Fault. `blind` tells afterwards
    that the status was unreadable or not read.

    :param port: `write(buffer)` and `read_into(buffer)`, one START..STOP each; they raise Fault
    :param timer: `start(ms)`, `stop()` and `over`
    :param int address: 7-bit I2C address, which ENTER_PRG repeats
    :param str verify: AUTO, OFF or "strict"
    :param int pause_percent: scales all pauses but the flash's own time
    """

    def __init__(self, port, timer, address, verify, pause_percent):
        self._timer = timer
        self._verify = verify
        self._steps = None
        self._sequence = Sequence(port, address, pause_percent)
        self._aim = None
        self.status = self._sequence.reader.status
        self.outcome = None
        self.fault = None

    @property
    def busy(self):
        """True until the operation has an outcome."""
        return self._steps is not None

    @property
    def blind(self):
        """True when the last operation went without the chip's status."""
        return self._sequence.blind

    @property
    def known(self):
        """True while `status` is that of the chip that is there."""
        return self._sequence.reader.known

    @property
    def loading(self):
        """RAN or BURNT while a program is on its way to the chip, else None."""
        return self._aim if self.busy and self._sequence.loading else None

    @property
    def committed(self):
        """True when the last operation has sent WRITE_PRG."""
        return self._sequence.committed

    @property
    def in_run(self):
        """True while the chip is known to be in RUN mode."""
        return self._sequence.in_run

    def forget(self):
        """Somebody else talked to the chip, or it lost power: its mode and its status are unknown."""
        self._sequence.in_run = False
        self._sequence.reader.forget()

    def run(self, program):
        """Starts: load `program` into RAM and execute it."""
        self._start(self._persist(RAN, self._sequence.run, program))

    def burn(self, program, slot, gate):
        """Starts: write `program` into flash slot 0..15.

        :param gate: `wants(status)` decides after ENTER_PRG (status None: not readable), `writing(status)` is called
            right before WRITE_PRG, `written()` after the verification
        """
        self._start(self._persist(BURNT, self._sequence.burn, program, slot, gate))

    def stop(self):
        """Starts: leave execution from RAM; the chip plays the slot its pins select."""
        self._start(self._persist(STOPPED, self._sequence.leave))

    def identify(self):
        """Starts: read the status (device ID, serial number, slots)."""
        self._start(self._persist(IDENTIFIED, self._sequence.identify))

    def peek(self):
        """Starts: read the status in whatever mode the chip is; READ: it has one, so it is in programming mode."""
        self._start(self._peek())

    def withdraw(self):
        """Breaks off what is under way and leaves for RUN mode, if the chip lets us; outcome WITHDRAWN.

        A flash write that has been commanded is finished first.
        """
        if not (self.busy and self.committed):
            self._start(self._back_out(0))

    def finish(self):
        """`withdraw` for an end that may have come at any moment: a flash write gets its whole silence once more."""
        self.withdraw()
        if self.committed:
            self._timer.start(FLASH_SILENCE)

    def abandon(self):
        """The same when the sequence itself has been destroyed."""
        self._start(self._back_out(FLASH_SILENCE if self.committed else 0))

    def step(self):
        """Does at most one I2C transfer; returns True while busy."""
        if self.busy and self._timer.over:
            try:
                self._timer.start(next(self._steps))
            except StopIteration:
                self._steps = None
            except Fault as fault:
                self._steps = None
                self.fault = fault
                self.outcome = FAILED
        return self.busy

    def _start(self, steps):
        self._steps = steps
        self._timer.stop()
        self._sequence.committed = self._sequence.loading = False
        self.outcome = self.fault = None

    def _persist(self, outcome, operation, *args):
        """Tries an operation three times; one that could not read the status is followed by a blind one.

        A status that cannot be read any more may be that of a chip that has restarted: it gets another chance.
        """
        sequence = self._sequence
        sequence.blind = self._verify == OFF
        self._aim = outcome
        left = TRIES
        cause = None
        while True:
            sequence.chunked = left == 1
            try:
                wanted = yield from operation(*args)
                self.outcome = SPARED if wanted is False else outcome
                return
            except Fault as error:
                fault = error
            if sequence.chunked and cause and fault.code in (CHIP_ERROR, NOT_RECEIVED):
                fault = cause  # that the chip refuses short writes is only what we tried last
            unreadable = fault.code == STATUS_UNREADABLE and self._verify == AUTO
            if unreadable and not (sequence.reader.known and (cause is None or cause.code != STATUS_UNREADABLE)):
                sequence.blind = True
                sequence.reader.forget()
            else:
                left -= 1
            cause = fault
            yield from sequence.leave_quietly()
            if sequence.committed or not (unreadable or left > 0 and fault.code in TRANSIENT):
                raise fault

    def _peek(self):
        yield from self._sequence.peek()
        self.outcome = READ

    def _back_out(self, silence):
        yield silence
        yield from self._sequence.leave_quietly()
        self.outcome = WITHDRAWN
