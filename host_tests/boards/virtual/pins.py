# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The pins: who has claimed them, their levels, the I2C lines on GP0/GP1, and the one that the NeoPixel is on."""

from host_tests.boards.virtual.i2c.bus import Bus

SDA, SCL, NEOPIXEL = 0, 1, 16


class Pin:
    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"board.GP{self.number}"


class Pins:
    """`outside` levels (0, 1) come from drive_gpio(); a pin nobody drives follows its pull, or reads 0."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.all = [Pin(n) for n in range(30)]
        self.claimed: set[int] = set()
        self.driven: dict[int, int] = {}
        self.pulled: dict[int, int] = {}
        self.outside: dict[int, int] = {}

    def claim(self, *pins: Pin) -> None:
        for pin in pins:
            if pin.number in self.claimed:
                raise ValueError(f"GP{pin.number} in use")
        self.claimed.update(pin.number for pin in pins)

    def release(self, *pins: Pin) -> None:
        for pin in pins:
            self.claimed.discard(pin.number)
            self.drive(pin, None)
            self.pull(pin, None)

    def release_all(self) -> None:
        self.release(*self.all)

    def drive(self, pin: Pin, level: int | None) -> None:
        """What the device puts on the pin; None: nothing."""
        if level is None:
            self.driven.pop(pin.number, None)
        else:
            self.driven[pin.number] = level
        if pin.number in (SDA, SCL):
            self._bus.drive(sda=self.driven.get(SDA) != 0, scl=self.driven.get(SCL) != 0)

    def pull(self, pin: Pin, level: int | None) -> None:
        if level is None:
            self.pulled.pop(pin.number, None)
        else:
            self.pulled[pin.number] = level

    def level(self, number: int) -> int:
        if number in (SDA, SCL):
            return int(self._bus.lines[number])
        for source in (self.driven, self.outside, self.pulled):
            if number in source:
                return source[number]
        return 0
