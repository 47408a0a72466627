# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The machine inside the virtual board: its parts, wired to each other. What lets it run is elsewhere: device.py is the
firmware, host/ what a PC does, and board.py both together.
"""

from pathlib import Path

from host_tests.boards.pixel import Pixel
from host_tests.boards.virtual.clock import Clock
from host_tests.boards.virtual.device_time import DeviceTime, WireTime
from host_tests.boards.virtual.drive.cache import WriteCache
from host_tests.boards.virtual.drive.device import DeviceView
from host_tests.boards.virtual.drive.volume import Volume
from host_tests.boards.virtual.ends import PowerCuts, Watchdog
from host_tests.boards.virtual.i2c.bus import Bus
from host_tests.boards.virtual.life import Life
from host_tests.boards.virtual.memory import Memory
from host_tests.boards.virtual.nvm import Nvm
from host_tests.boards.virtual.pins import Pins
from host_tests.boards.virtual.usb.console import Console
from host_tests.boards.virtual.usb.hid_interface import HidInterface
from host_tests.boards.virtual.usb.mass_storage import READ_10, MassStorage
from host_tests.boards.virtual.usb.usb import Usb

FREE_AT_START = 151_520
RESET_REASONS = {"watchdog": "WATCHDOG", "pin": "RESET_PIN"}


class Machine:
    """`time` is what the device spends, `life` what becomes of its program; `volume` the drive, `files` as the program
    sees it; `i2c` the bus, `cdc` the console port, `cuts` of the power. `roots`: folders that stand for the drive's
    root in imports.
    """

    def __init__(
        self,
        clock: Clock,
        volume: Volume,
        roots: list[Path],
        *,
        pixel_order: str,
        nvm: bytes | None,
        host: bool,
        dtr: bool,
        ticks_start: int,
        clock_look_ms: float,
    ) -> None:
        """The options are those of VirtualBoard."""
        self.clock, self.roots, self.ticks_start = clock, roots, ticks_start
        self.life = Life()
        self.time = DeviceTime(clock, self.life, clock_look_ms)
        self.memory, self.pixel = Memory(), Pixel(pixel_order)
        self.cuts, self.watchdog = PowerCuts(self.time, self.life), Watchdog(self.time, self.life)
        self.i2c = Bus(WireTime(self.time))
        self.pins = Pins(self.i2c)
        self.nvm = Nvm(nvm, lambda ms: self.time.spend(ms, soft=False), clock.now_ms)
        self.nvm.before = lambda: self.cuts.before("nvm")
        self.usb = Usb(self.time, self.memory, host)
        self.usb.on_configured = self._configured
        self.hid_interface = HidInterface(self.time, self.memory, self.usb)
        self.mass_storage = MassStorage(self.memory, self.usb)
        self.cdc = Console(self.time, self.life, self.usb, clock.call_host_in, dtr)
        self.volume, self.remounted_for_python = volume, False
        self.cache = WriteCache(volume, clock.now_ms)
        self.files = DeviceView(self.time, volume, self.cache, self.python_may_write)
        self.resets: list[tuple[float, str]] = []
        self.autoreload = True
        self.free_bytes = FREE_AT_START
        self.started_ms, self.reset_reason = 0.0, "POWER_ON"

    @property
    def now_ms(self) -> float:
        return self.clock.now

    # ---- whose the drive is ----
    def python_may_write(self) -> bool:
        """boot.py may, before USB starts; code.py only if the host may not."""
        return self.life.in_boot or not self.host_may_write()

    def host_may_write(self) -> bool:
        return self.usb.drive_enabled and not self.remounted_for_python

    # ---- USB ----
    def _configured(self) -> None:
        self.hid_interface.configured()
        self.mass_storage.command(READ_10)
        if self.cdc.wants_dtr:
            self.set_dtr(True)

    def set_dtr(self, on: bool) -> None:
        """A terminal program on the host opens the console, or closes it."""
        self.cdc.wants_dtr = on
        self.cdc.connect(on and self.usb.configured)
        if self.usb.configured and self.usb.console_enabled:
            self.hid_interface.line_state(on)

    # ---- power and resets ----
    def power_on_hardware(self) -> None:
        """The chip as a reset leaves it."""
        self.autoreload = True
        self.watchdog.timeout_s = 0.0
        self.usb.reset()
        self.volume.stale.clear()
        self.remounted_for_python = False
        self.time.reset()

    def end_of_program(self) -> None:
        self.watchdog.stop()
        self.pins.release_all()
        self.pixel.frame(self.now_ms, bytes(3))  # it is the firmware's status light again

    def after_reset(self, reason: str) -> None:
        self.resets.append((self.now_ms, reason))
        self.started_ms = self.now_ms
        self.reset_reason = RESET_REASONS.get(reason, "SOFTWARE")
        self.unplugged()

    def unplugged(self) -> None:
        self.cdc.unplugged()
        self.cache.power_lost()
        self.usb.reset()
        self.pins.release_all()
        self.watchdog.stop()
