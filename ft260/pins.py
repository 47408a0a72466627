# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FT260's GPIO port, report B0 (AN_394 4.7): GPIO0-5 and GPIOA-H are fourteen pins of the board."""

_LOW = 6  # of the 14 are GPIO0..5, the others GPIOA..H


class Pins:
    """:param pins: 14 digital pins as digitalio.DigitalInOut: switch_to_input(), switch_to_output(level), value"""

    def __init__(self, pins):
        self._pins = pins
        self._outputs = 0
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
        levels, outputs, state = 0, self._outputs, self._state
        for k, pin in enumerate(self._pins):
            if pin.value:
                levels |= 1 << k
        state[0], state[2] = levels & 0x3F, levels >> _LOW
        state[1], state[3] = outputs & 0x3F, outputs >> _LOW
        return state


def _join(low, high):
    return low & 0x3F | high << _LOW
