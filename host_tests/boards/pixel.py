# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the NeoPixel was told."""


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
