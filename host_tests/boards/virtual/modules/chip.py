# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""microcontroller, watchdog, memorymap."""

import types
from typing import TYPE_CHECKING, Any

from host_tests.boards.virtual.memory import AddressRange
from host_tests.boards.virtual.modules.gpio import constants
from host_tests.boards.virtual.nvm import ByteArray
from host_tests.boards.virtual.signals import HardReset

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

MAX_TIMEOUT_S = 8
FEED_MS = 0.01
WatchDogMode = constants("watchdog.WatchDogMode", "RAISE RESET")
ResetReason = constants("microcontroller.ResetReason", "POWER_ON SOFTWARE WATCHDOG RESET_PIN UNKNOWN")


class WatchDogTimeout(Exception):
    pass


class WatchDogTimer:
    """microcontroller.watchdog. A mode set while the timeout is still 0 resets at once, as on the board."""

    def __init__(self, board: "VirtualBoard") -> None:
        self._board = board
        self._mode: Any = None

    @property
    def timeout(self) -> float:
        return self._board.watchdog.timeout_s

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        if int(seconds) > MAX_TIMEOUT_S:
            raise ValueError(f"timeout must be <= {MAX_TIMEOUT_S}")
        self._board.watchdog.timeout_s = float(seconds)
        self._arm()

    @property
    def mode(self) -> Any:
        return self._mode

    @mode.setter
    def mode(self, mode: Any) -> None:
        if mode is WatchDogMode.RAISE:
            raise NotImplementedError
        if mode is None and self._mode is not None:
            raise RuntimeError("WatchDogTimer cannot be deinitialized once mode is set to RESET")
        self._mode = mode
        self._arm()

    def feed(self) -> None:
        self._board.spend(FEED_MS)
        self._arm()

    def _arm(self) -> None:
        if self._mode is not None:
            self._board.watchdog.arm()


def make(board: "VirtualBoard") -> dict[str, dict[str, Any]]:
    def reset() -> None:
        board.spend(0.0)
        board.drive.cache.flush()
        board.device.dead = HardReset("microcontroller.reset()")
        raise board.device.dead

    def gpio_in() -> int:
        """A pin that nothing has claimed has its input switched off and reads 0."""
        return sum(board.pins.level(number) << number for number in board.pins.claimed)

    members = {"_memory": board.memory, "_gpio_in": staticmethod(gpio_in), "_spend": staticmethod(board.spend)}
    reason = getattr(ResetReason, board.reset_reason)
    cpu = types.SimpleNamespace(
        frequency=125_000_000, uid=bytearray(8), temperature=25.0, voltage=3.3, reset_reason=reason
    )
    return {
        "memorymap": {"AddressRange": type("AddressRange", (AddressRange,), members)},
        "microcontroller": {
            "ResetReason": ResetReason,
            "cpu": cpu,
            "delay_us": lambda us: board.spend(us / 1000, soft=False),
            "disable_interrupts": lambda: None,
            "enable_interrupts": lambda: None,
            "nvm": ByteArray(board.nvm),
            "pin": types.SimpleNamespace(**{f"GPIO{pin.number}": pin for pin in board.pins.all}),
            "reset": reset,
            "watchdog": WatchDogTimer(board),
        },
        "watchdog": {"WatchDogMode": WatchDogMode, "WatchDogTimeout": WatchDogTimeout},
    }
