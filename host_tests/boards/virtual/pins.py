# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The pins: who has claimed them, their levels, the I2C lines on GP0/GP1, and the NeoPixel on GP16."""

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


class Pixel:
    """`log`: (t_ms, (r, g, b)) of the first LED, `frames`: all bytes in wire order. `order`: as the LED takes them."""

    def __init__(self, order: str) -> None:
        self._order = order.upper()
        self.log: list[tuple[float, tuple[int, int, int]]] = []
        self.frames: list[tuple[float, bytes]] = []

    @property
    def color(self) -> tuple[int, int, int]:
        return self.log[-1][1] if self.log else (0, 0, 0)

    def frame(self, t_ms: float, data: bytes) -> None:
        self.frames.append((t_ms, data))
        if len(data) >= 3:
            red, green, blue = (data[self._order.index(c)] for c in "RGB")
            self.log.append((t_ms, (red, green, blue)))
