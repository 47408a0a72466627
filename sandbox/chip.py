# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip as the rest of the program sees it: is it there, what does it play, which one is it."""

from fxcore import programmer as operations
from fxcore.errors import ADDRESS_NAK
from sandbox.presence import AWAY

# What the chip executes from RAM: nothing, output.hex, or something that a PC program loaded.
FILE = "file"
PC = "pc"


class Chip:
    """The generators use the bus once per step at most.

    `running` is None, FILE or PC. `restore`: output.hex should be running and is not, through no fault of its own.
    `known`: `programmer.status` describes the chip that is there.

    :param clock: returns the current tick
    :param programmer: a fxcore.programmer.Programmer
    :param presence: a Presence
    :param reporter: `say(text)`, `fault(fault, subject)`, `show(fault)` and `over(fault)`
    :param str name: how sentences call the chip: its address
    """

    def __init__(self, clock, programmer, presence, light, reporter, name):
        self._clock = clock
        self.programmer = programmer
        self._presence = presence
        self._light = light
        self._reporter = reporter
        self._name = name
        self._announced = None
        self._told_outage = False
        self._told_blind = False
        self._scan_due = False
        self._asked = False
        self.running = None
        self.restore = False
        self.known = False

    @property
    def away(self):
        """True while the chip does not answer."""
        return self._presence.away is not None

    def set_running(self, what):
        """Notes what the chip executes from RAM: None, FILE or PC."""
        self.running = what
        self._light.running = what is not None

    def foreign(self):
        """A PC program talked to the chip: what was known of it is not any more."""
        self.programmer.forget_mode()
        self.known = False
        self.restore = False

    def back_out(self):
        """Withdraws the programmer's operation; what ran from RAM does not run any more."""
        self.programmer.withdraw()
        while self.programmer.step():
            yield
        if self.programmer.in_run:
            self.set_running(None)

    def carry_out(self):
        """Steps the programmer to the end of its operation; returns the outcome."""
        while self.programmer.step():
            yield
        outcome = self.programmer.outcome
        if outcome != operations.FAILED:
            self._presence.rest(self._clock())
            if outcome != operations.STOPPED:
                self._note_status()
        return outcome

    def fail(self, subject):
        """Tells the programmer's fault; returns True if the chip is away and worth waiting for."""
        fault = self.programmer.fault
        if fault.code not in AWAY:
            self._asked = True  # a chip in trouble is left alone until somebody wants something of it
            self._reporter.fault(fault, subject)
            return False
        self._lose(fault)
        self._tell_outage()
        return True

    def is_there(self):
        """Returns True if the chip answers as far as is known; an outage is told, once."""
        if self.away:
            self._tell_outage()
        return not self.away

    def plan_restore(self):
        """output.hex should be running and is not."""
        self.restore = True

    def bring_up(self):
        """Brings the chip into RUN mode at start-up. That it does not answer is no error yet."""
        self.programmer.stop()
        outcome = yield from self.carry_out()
        if outcome == operations.FAILED and self.programmer.fault.code in AWAY:
            self._lose(self.programmer.fault)

    def next_duty(self, now):
        """Returns what is to be done for the chip itself now, as a generator; or None."""
        if self._scan_due:
            return self._scan()
        if not self._presence.due(now):
            return None
        if self.away:
            return self._look_for_it()
        if self.running is not None:
            return self._watch_over_it()
        if not self.known and not self._asked:
            return self._identify()
        return None

    def _look_for_it(self):
        outage = self._presence.away
        fault = self._presence.probe(self._clock())
        if fault is not None:
            self._note_other_cause(outage, fault)
            return
        if self._told_outage:
            self._reporter.say("{}: the chip answers again".format(self._name))
            self._reporter.over(outage)
        self._told_outage = self._told_blind = self._asked = False
        yield

    def _note_other_cause(self, outage, fault):
        """The chip is still away, but for another reason: that is told too."""
        if fault.code in AWAY and fault.code != outage.code:
            self._presence.lost(self._clock(), fault)
            if self._told_outage:
                self._told_outage = False
                self._tell_outage()

    def _watch_over_it(self):
        """A chip that lost its power has lost its program. One unanswered probe alone is not enough."""
        fault = self._presence.probe(self._clock())
        if fault is None or fault.code not in AWAY:
            return
        yield
        fault = self._presence.probe(self._clock())
        if fault is not None and fault.code in AWAY:
            self._lose(fault)
            self._tell_outage()

    def _identify(self):
        self.programmer.identify()
        outcome = yield from self.carry_out()
        self._asked = True  # not before: it may have to give way, and is due again then
        if outcome == operations.FAILED and self.programmer.fault.code in AWAY:
            self._lose(self.programmer.fault)

    def _lose(self, fault):
        self._presence.lost(self._clock(), fault)
        self.programmer.forget_mode()
        self.restore = self.restore or self.running == FILE
        self.known = False
        self.set_running(None)

    def _tell_outage(self):
        fault = self._presence.away
        if self._told_outage:
            self._reporter.show(fault)
            return
        self._told_outage = True
        self._scan_due = fault.code == ADDRESS_NAK
        self._reporter.fault(fault, self._name)

    def _scan(self):
        others = yield from self._presence.scan()
        self._scan_due = False
        self._reporter.say("{}: {}".format(self._name, others))

    def _note_status(self):
        self.known = not self.programmer.blind
        if not self.known:
            if not self._told_blind:
                self._told_blind = True
                self._reporter.say(self._name + ": the chip's status is not read, nothing is verified")
            return
        status = self.programmer.status
        if bytes(status.raw[4:]) == self._announced:
            return
        self._announced = bytes(status.raw[4:])
        slots = " ".join("{:X}".format(slot) for slot in range(16) if status.slots >> slot & 1) or "none"
        text = "{}: device ID {:04X}, serial number {:08X}, slots in use: {}"
        serial = int.from_bytes(status.serial, "little")
        self._reporter.say(text.format(self._name, status.device_id, serial, slots))
