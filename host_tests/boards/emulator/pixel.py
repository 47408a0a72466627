# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the RGB LED was told."""

Colour = tuple[int, int, int]


class Pixel:
    """`log`: (t_ms, (red, green, blue)) of the first LED; `frames`: (t_ms, all bytes in wire order)."""

    def __init__(self, order: str) -> None:
        self._order = order.upper()
        self.log: list[tuple[float, Colour]] = []
        self.frames: list[tuple[float, bytes]] = []

    @property
    def color(self) -> Colour:
        return self.log[-1][1] if self.log else (0, 0, 0)

    def record(self, t_ms: float, data: bytes) -> None:
        self.frames.append((t_ms, data))
        if len(data) >= 3:
            red, green, blue = (data[self._order.index(letter)] for letter in "RGB")
            self.log.append((t_ms, (red, green, blue)))
