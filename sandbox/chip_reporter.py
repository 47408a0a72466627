# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""All that is said of the chip itself, and what of it has been said already."""

from fxcore.errors import ADDRESS_NAK


class ChipReporter:
    """:param reporter: `say(text)`, `fault(fault, subject)`, `show(fault)` and `over(fault)`
    :param str name: how sentences call the chip: its address
    """

    def __init__(self, reporter, name):
        self._reporter = reporter
        self._name = name
        self._outage = None
        self._unstopped = None
        self._told_blind = False
        self._announced = None

    def say(self, text):
        """A sentence about the chip."""
        self._reporter.say("{}: {}".format(self._name, text))

    def waits(self, subject):
        """What was to be done with the chip waits for it."""
        self._reporter.say(subject + ": waits for the chip")

    def outage(self, fault):
        """The chip is away. Told once for each cause; returns True if who else answers would help the user."""
        if self._outage is fault:
            self._reporter.show(fault)
            return False
        self._outage = fault
        self._reporter.fault(fault, self._name)
        return fault.code == ADDRESS_NAK

    def cause(self, fault):
        """The chip is away for another reason than the outage began with; see `outage`."""
        return self._outage is not None and self.outage(fault)

    def back(self):
        """The chip answers again."""
        if self._outage is not None:
            self.say("the chip answers again")
            self._reporter.over(self._outage)
        self._outage = None
        self._told_blind = False

    def others(self, found):
        """Who else answers: addresses; None if the bus failed meanwhile."""
        if found is None:
            self.say("the bus failed while looking for others")
        elif not found:
            self.say("no other address answers")
        else:
            hint = "answering: {}; if the chip is one of them, say so with SANDBOX_I2C_ADDRESS in settings.toml"
            self.say(hint.format(", ".join("0x{:02X}".format(address) for address in found)))

    def still_plays(self, fault, name):
        """What is to stop cannot be stopped; told once, as long as the light shows it."""
        if self._unstopped is None or self._reporter.shown is not self._unstopped:
            self._unstopped = fault
            self._reporter.fault(fault, name)

    def stopped(self, name):
        """What was to stop has been stopped."""
        self._reporter.say(name + " is gone: stopped")
        self._reporter.over(self._unstopped)

    def status(self, programmer):
        """Which chip it is, when that or its slots have changed; that its status is not read, once."""
        status = programmer.status
        if programmer.blind:
            if not self._told_blind:
                self.say("the chip's status is not read, nothing is verified")
            self._told_blind = True
            return
        if bytes(status.raw[4:]) == self._announced:
            return
        self._announced = bytes(status.raw[4:])
        slots = " ".join("{:X}".format(slot) for slot in range(16) if status.slots >> slot & 1) or "none"
        serial = int.from_bytes(status.serial, "little")
        self.say("device ID {:04X}, serial number {:08X}, slots in use: {}".format(status.device_id, serial, slots))
