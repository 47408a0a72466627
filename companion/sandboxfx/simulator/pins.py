# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The switches as the chip's pins, and movements that are still to come."""

from bisect import insort
from collections.abc import Callable

from sandboxfx.errors import USAGE, SandboxError

# Bits of the register PIN. They are pulled up: a pressed switch reads 0, and so does ENABLE for bypass.
PINS = {"SW0": 0x01, "SW1": 0x02, "SW2": 0x04, "SW3": 0x08, "SW4": 0x10, "ENABLE": 0x20, "TAP": 0x40}

POT_NAMES = tuple(f"POT{i}" for i in range(6))

FAR = 1 << 62


def pin_after(pins: int, name: str, value: float) -> int:
    """Returns PIN after a movement.

    :param value: 1 or 0; 1 presses a switch, and switches the effect on where it is ENABLE
    :raises SandboxError: another value
    """
    if value not in (0, 1):
        raise SandboxError("control", f"{name} cannot be {value}.", "A switch is 1 (pressed) or 0.", USAGE)
    is_high = bool(value) == (name == "ENABLE")
    return pins | PINS[name] if is_high else pins & ~PINS[name]


class Schedule:
    """Movements of controls at samples to come."""

    def __init__(self) -> None:
        self._moves: list[tuple[int, int, str, float]] = []
        self._count = 0

    def add(self, time: int, control: str, value: float) -> None:
        """Adds a movement; those of the same sample are done in the order they were added."""
        self._count += 1
        insort(self._moves, (time, self._count, control, value))

    def apply(self, now: int, move: Callable[[str, float], None]) -> int:
        """Does what is due, and returns for how many samples nothing else will be."""
        while self._moves and self._moves[0][0] <= now:
            _, _, control, value = self._moves.pop(0)
            move(control, value)
        return self._moves[0][0] - now if self._moves else FAR
