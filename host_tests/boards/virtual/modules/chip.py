# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""microcontroller, watchdog, memorymap."""

import types
from typing import Any

from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.memory import AddressRange, Sio
from host_tests.boards.virtual.modules.gpio import constants
from host_tests.boards.virtual.nvm import ByteArray
from host_tests.boards.virtual.signals import HardReset

MAX_TIMEOUT_S = 8
FEED_MS = 0.01
WatchDogMode = constants("watchdog.WatchDogMode", "RAISE RESET")
ResetReason = constants("microcontroller.ResetReason", "POWER_ON SOFTWARE WATCHDOG RESET_PIN UNKNOWN")


class WatchDogTimeout(Exception):
    pass


class WatchDogTimer:
    """microcontroller.watchdog. A mode set while the timeout is still 0 resets at once, as on the board."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._mode: Any = None

    @property
    def timeout(self) -> float:
        return self._machine.watchdog.timeout_s

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        if int(seconds) > MAX_TIMEOUT_S:
            raise ValueError(f"timeout must be <= {MAX_TIMEOUT_S}")
        self._machine.watchdog.timeout_s = float(seconds)
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
        self._machine.time.spend(FEED_MS)
        self._arm()

    def _arm(self) -> None:
        if self._mode is not None:
            self._machine.watchdog.arm()


def make(machine: Machine) -> dict[str, dict[str, Any]]:
    def reset() -> None:
        machine.time.spend(0.0)
        machine.cache.flush()
        machine.life.dead = HardReset("microcontroller.reset()")
        raise machine.life.dead

    def gpio_in() -> int:
        """A pin that nothing has claimed has its input switched off and reads 0."""
        return sum(machine.pins.level(number) << number for number in machine.pins.claimed)

    members = {"_memory": machine.memory, "_sio": Sio(gpio_in), "_spend": staticmethod(machine.time.spend)}
    reason = getattr(ResetReason, machine.reset_reason)
    cpu = types.SimpleNamespace(
        frequency=125_000_000, uid=bytearray(8), temperature=25.0, voltage=3.3, reset_reason=reason
    )
    return {
        "memorymap": {"AddressRange": type("AddressRange", (AddressRange,), members)},
        "microcontroller": {
            "ResetReason": ResetReason,
            "cpu": cpu,
            "delay_us": lambda us: machine.time.spend(us / 1000, soft=False),
            "disable_interrupts": lambda: None,
            "enable_interrupts": lambda: None,
            "nvm": ByteArray(machine.nvm),
            "pin": types.SimpleNamespace(**{f"GPIO{pin.number}": pin for pin in machine.pins.all}),
            "reset": reset,
            "watchdog": WatchDogTimer(machine),
        },
        "watchdog": {"WatchDogMode": WatchDogMode, "WatchDogTimeout": WatchDogTimeout},
    }
