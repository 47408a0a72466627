# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Registers of the USB controller: which interrupts the firmware gets, and whether the host has given an address.

A setup packet is the firmware's as soon as its interrupt is not masked; until then the host waits for what follows it.
The mask outlives the program: only a reset of the chip opens it.
"""

from collections.abc import Callable

ADDRESS, INTR, INTE = 0x00, 0x8C, 0x90
ATOMIC_SET, ATOMIC_CLEAR = 0x2000, 0x3000
SETUP_REQ = 1 << 16
FIRMWARES = 0x0001D010  # what TinyUSB wants to be told


class UsbController:
    """`setup_waits`: a setup packet has come that the firmware has not taken. `on_taken()`: now it has."""

    def __init__(self) -> None:
        self.on_taken: Callable[[], None] = lambda: None
        self.reset()

    def reset(self) -> None:
        """The chip starts anew."""
        self.address, self.enabled, self.setup_waits = 0, FIRMWARES, False

    @property
    def masked(self) -> bool:
        return not self.enabled & SETUP_REQ

    def setup_came(self) -> None:
        self.setup_waits = self.masked

    def load(self, at: int) -> int:
        """A register, as a program reads it."""
        return {ADDRESS: self.address, INTR: SETUP_REQ * self.setup_waits, INTE: self.enabled}.get(at, 0)

    def store(self, at: int, bits: int) -> None:
        """Only the mask is written to, by its aliases that set and clear bits."""
        if at not in (INTE | ATOMIC_SET, INTE | ATOMIC_CLEAR):
            raise RuntimeError(f"the virtual board's register {at:x} is read-only")
        self.enabled = self.enabled | bits if at & ATOMIC_CLEAR == ATOMIC_SET else self.enabled & ~bits
        if self.setup_waits and not self.masked:
            self.setup_waits = False
            self.on_taken()
