# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The machine inside the virtual board: its parts, and what the stand-ins and the device's thread do with them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from host_tests.boards.virtual.clock import Clock
from host_tests.boards.virtual.drive.drive import Drive
from host_tests.boards.virtual.ends import PowerCuts, Watchdog
from host_tests.boards.virtual.i2c.bus import Bus
from host_tests.boards.virtual.memory import Memory
from host_tests.boards.virtual.nvm import Nvm
from host_tests.boards.virtual.pins import Pins, Pixel
from host_tests.boards.virtual.signals import BoardError
from host_tests.boards.virtual.usb.console import Console
from host_tests.boards.virtual.usb.hid import Hid
from host_tests.boards.virtual.usb.usb import Usb
from host_tests.boards.virtual.vm import Device

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

RESET_REASONS = {"watchdog": "WATCHDOG", "pin": "RESET_PIN"}


class Machine:
    """clock, drive, i2c (the bus), pins, pixel, memory, nvm, hid, cdc (the console port), usb, cuts, watchdog; `device`
    is the thread that lives from power-on to power-off. `roots`: folders that stand for the drive's root in imports.
    """

    def __init__(self, clock: Clock, folder: Path, roots: list[Path], label: str, vices: bool, pixel_order: str,
                 nvm: bytes | None, host: bool, dtr: bool, ticks_start: int, clock_look_ms: float) -> None:  # fmt: skip
        board = cast("VirtualBoard", self)
        self.clock, self.roots = clock, roots
        self.clock.interrupt = lambda: self.device.check(soft=False)
        self.ticks_start, self._clock_look_ms = ticks_start, clock_look_ms
        self.drive = Drive(board, folder, label, vices)
        self.i2c = Bus(WireClock(self))
        self.pins, self.pixel, self.memory = Pins(self.i2c), Pixel(pixel_order), Memory()
        self.cuts, self.watchdog = PowerCuts(board), Watchdog(board)
        self.nvm = Nvm(nvm, lambda ms: self.spend(ms, soft=False), clock.now_ms)
        self.nvm.before = lambda: self.cuts.before("nvm")
        self.hid, self.cdc = Hid(board), Console(board, dtr)
        self.usb = Usb(board, host)
        self.resets: list[tuple[float, str]] = []
        self.autoreload = True
        self.blocked = 0
        self.waiting: list[Callable[[], None]] = []  # what the firmware serves as soon as it is not `blocked`
        self.switch_on()

    @property
    def now_ms(self) -> float:
        return self.clock.now

    def switch_on(self) -> None:
        self.started_ms, self.reset_reason = self.now_ms, "POWER_ON"
        self.boot_exception: BaseException | None = None
        self.boot_out = ""
        self.clock.new_device()
        self.device = Device(cast("VirtualBoard", self))

    # ---- in the device's thread ----
    def spend(self, ms: float, soft: bool = True) -> None:
        """Lets device time pass. soft: here the interpreter would also notice Ctrl-C and reloads."""
        if threading.current_thread() is not self.device.thread:
            raise BoardError("only the device itself can use its hardware; a test lets it run")
        self.device.check(soft)
        self.clock.advance(ms)
        self.device.check(soft)

    def look_at_clock(self) -> None:
        self.spend(self._clock_look_ms)

    def idle(self) -> None:
        self.clock.idle()

    @contextmanager
    def uninterrupted(self) -> Iterator[None]:
        """Around what the firmware does in one piece: USB requests are not served meanwhile."""
        self.blocked += 1
        try:
            yield
        finally:
            self.blocked -= 1
            if not self.blocked:
                for serve in self.waiting[:]:
                    self.waiting.remove(serve)
                    serve()

    def power_on_hardware(self) -> None:
        """The chip as a reset leaves it."""
        self.autoreload = True
        self.watchdog.timeout_s = 0.0
        self.usb.reset()
        self.drive.power_lost()
        self.blocked = 0
        self.waiting.clear()

    def end_of_program(self) -> None:
        self.watchdog.stop()
        self.release_pins()
        self.pixel.frame(self.now_ms, bytes(3))  # it is the firmware's status light again

    def release_pins(self) -> None:
        self.pins.release_all()

    def after_reset(self, reason: str) -> None:
        self.resets.append((self.now_ms, reason))
        self.started_ms = self.now_ms
        self.reset_reason = RESET_REASONS.get(reason, "SOFTWARE")
        self.unplugged()

    def unplugged(self) -> None:
        self.cdc.unplugged()
        self.drive.cache.power_lost()
        self.usb.reset()
        self.release_pins()
        self.watchdog.stop()


class WireClock:
    """The bus's clock: its time is the device's, and nothing but a reset or a power cut gets in between."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def now_ms(self) -> float:
        return self._machine.now_ms

    def advance(self, ms: float) -> None:
        self._machine.spend(ms, soft=False)
