# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FT260's GPIO port, report B0 (AN_394 4.7): GPIO0-5 and GPIOA-H are fourteen pins of the board."""

from ft260.reports import GPIO

COUNT = 14  # GPIO0..5, then GPIOA..H
_LOW = 6


class Pins:
    """:param pins: 14 digital pins as digitalio.DigitalInOut: switch_to_input(), switch_to_output(level), value"""

    def __init__(self, pins):
        self._pins = pins
        self._outputs = self._levels = 0
        self._next = 0  # the pin that `poll` looks at
        self._state = bytearray(4)  # levels 0-5, directions 0-5, levels A-H, directions A-H

    def set(self, payload):
        """Takes the four bytes of report B0: levels and directions (1 = output) of both groups."""
        levels, outputs = _join(payload[0], payload[2]), _join(payload[1], payload[3])
        for k, pin in enumerate(self._pins):
            bit = 1 << k
            if outputs & self._outputs & bit:
                pin.value = bool(levels & bit)
            elif outputs & bit:
                pin.switch_to_output(bool(levels & bit))
            elif self._outputs & bit:
                pin.switch_to_input()
        self._outputs = outputs

    def state(self):
        """Returns the four bytes of report B0 as the pins are now."""
        for _ in range(COUNT):
            self._look()
        return self._report()

    def poll(self, port):
        """Looks at one pin, and stores report B0 at `port` if its level has changed. Costs 0.05 ms: for every turn."""
        before = self._levels
        self._look()
        if self._levels != before:
            port.store(GPIO, self._report())

    def _look(self):
        k = self._next
        self._next = (k + 1) % COUNT
        if self._pins[k].value:
            self._levels |= 1 << k
        else:
            self._levels &= ~(1 << k)

    def _report(self):
        state, levels = self._state, self._levels
        state[0], state[2] = levels & 0x3F, levels >> _LOW
        state[1], state[3] = self._outputs & 0x3F, self._outputs >> _LOW
        return state


def _join(low, high):
    return low & 0x3F | high << _LOW
