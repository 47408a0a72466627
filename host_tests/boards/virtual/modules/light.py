# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""adafruit_pixelbuf: the PyPI package, with the rounding of the one that is built into the firmware."""

from typing import Any

import adafruit_pixelbuf

from host_tests.boards.virtual.machine import Machine

BRIGHTNESS_STEPS = 256


class PixelBuf(adafruit_pixelbuf.PixelBuf):
    @property
    def brightness(self) -> float:
        return self._told

    @brightness.setter
    def brightness(self, value: float) -> None:
        self._told = value
        rounded = int(value * BRIGHTNESS_STEPS) / BRIGHTNESS_STEPS
        adafruit_pixelbuf.PixelBuf.brightness.fset(self, rounded)  # type: ignore[attr-defined]


def make(machine: Machine) -> dict[str, dict[str, Any]]:
    return {"adafruit_pixelbuf": {"PixelBuf": PixelBuf}}
