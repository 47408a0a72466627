# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Tells the user: the sentence on the console, the class on the light."""

from sandbox.faults import describe, fault_class


class Reporter:
    """:param clock: returns the current tick"""

    def __init__(self, clock, console, light):
        self._clock = clock
        self._console = console
        self._light = light

    def say(self, text):
        """A sentence that is no error."""
        self._console.say(text)

    def fault(self, fault, subject):
        """An error: sentence and light."""
        self._console.say(describe(fault, subject))
        self._light.error(self._clock(), fault_class(fault.code))

    def recovered(self):
        """The next action has begun: the error light goes out."""
        self._light.clear_error()
