# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Tells the user: the sentence on the console, the class on the light."""

from sandbox import ticks
from sandbox.faults import describe, fault_class
from sandbox.light import SUCCESS


class Reporter:
    """`shown` is the Fault whose class the light shows, or None.

    :param clock: returns the current tick
    """

    def __init__(self, clock, console, light):
        self._clock = clock
        self._console = console
        self._light = light
        self.shown = None
        self._shown_at = 0

    def say(self, text):
        """A sentence that is no error."""
        self._console.say(text)

    def done(self, text, duration=SUCCESS):
        """Something has gone well: sentence and `duration` ms of green."""
        self._console.say(text)
        self._light.success(self._clock(), duration)

    def fault(self, fault, subject):
        """An error: sentence and light. Those that come with it, in the same file, are told too."""
        self._console.say(describe(fault, subject))
        for other in fault.others:
            self._console.say(describe(other, subject))
        if fault.more:
            self._console.say("and {} more".format(fault.more))
        self.show(fault)

    def show(self, fault):
        """An error that has been told already: only the light."""
        self.shown = fault
        self._shown_at = self._clock()
        self._light.error(self._shown_at, fault_class(fault.code))

    def user_acted(self, when):
        """The user did something at tick `when`: the light of an error before that goes out."""
        now = self._clock()
        if self.shown is not None and ticks.age(now, when) < ticks.age(now, self._shown_at):
            self.over(self.shown)

    def over(self, fault):
        """This fault has passed: its light goes out, unless another error is shown."""
        if self.shown is not None and self.shown is fault:
            self.shown = None
            self._light.clear_error()
