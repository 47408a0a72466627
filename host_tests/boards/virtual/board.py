# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual RP2040-Zero: runs boot.py and code.py unmodified, with a folder as its drive and an FXCore on its bus.

    with VirtualBoard(chip=VirtualFXCore()) as board:
        board.run_until("ready")
        board.drive.write("output.hex", text)
        board.run(ms=2000)
        print(board.pixel.color, board.i2c.log[-1])

Names are those of the emulated board's driver, so that one scenario runs on both. Device time passes only inside calls.
"""

import math
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from host_tests.boards.virtual.clock import Clock, RealClock
from host_tests.boards.virtual.device import Device
from host_tests.boards.virtual.drive.folder import fill, settings_text
from host_tests.boards.virtual.drive.volume import Volume
from host_tests.boards.virtual.host.drive import SECTOR, Drive
from host_tests.boards.virtual.host.hid import Hid
from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.signals import BoardTimeout, HardReset, PowerLost, ReloadException
from host_tests.boards.virtual.usb.mass_storage import WRITE_10

REPOSITORY = Path(__file__).parents[3]
CHIP_ADDRESS = 0x30
TICKS_START = (1 << 29) - 65536  # supervisor.ticks_ms() at power-on: it wraps after 65 s
CLOCK_LOOK_MS = 0.2


class VirtualBoard(Machine):
    """drive: a folder that is used in place, a dict name -> bytes or str, or None for an empty drive.
    settings: content of settings.toml. chip: the target at 0x30. clock: "virtual" or "real".
    source: where boot.py, code.py, packages and lib are (default: the drive if it holds code.py, else the repository).
    host: a PC is connected; dtr: a terminal program opens the console. vices: the drive's (default: not in real time).
    ticks_start: supervisor.ticks_ms() at power-on; clock_look_ms: device time that a look at a clock costs.

    The attributes `drive` and `hid` are what the PC does to the board; see Machine for the others.
    """

    def __init__(
        self,
        drive: str | Path | Mapping[str, bytes | str] | None = None,
        *,
        settings: Mapping[str, int | str] | None = None,
        chip: Any = None,
        clock: str = "virtual",
        source: str | Path | None = None,
        nvm: bytes | None = None,
        label: str = "CIRCUITPY",
        host: bool = True,
        dtr: bool = True,
        pixel_order: str = "GRB",
        ticks_start: int = TICKS_START,
        clock_look_ms: float = CLOCK_LOOK_MS,
        wall_limit_s: float = 60.0,
        vices: bool | None = None,
    ) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        if isinstance(drive, (str, Path)):
            folder = Path(drive)
        else:
            self._temporary = tempfile.TemporaryDirectory(prefix="drive-")
            folder = Path(self._temporary.name)
            fill(folder, drive or {})
        if settings is not None:
            (folder / "settings.toml").write_text(settings_text(settings))
        root = Path(source) if source is not None else folder if (folder / "code.py").is_file() else REPOSITORY
        in_real_time = clock == "real"
        super().__init__(
            RealClock(wall_limit_s) if in_real_time else Clock(wall_limit_s),
            Volume(folder, label, not in_real_time if vices is None else vices),
            [root],
            pixel_order=pixel_order,
            nvm=nvm,
            host=host,
            dtr=dtr,
            ticks_start=ticks_start,
            clock_look_ms=clock_look_ms,
        )
        self.drive = Drive(self.volume, self.cache, self, self.host_may_write, self.host_wrote)
        self.hid = Hid(self.hid_interface, self.usb, self)
        if chip is not None:
            chip.now_ms = self.clock.now_ms
            self.i2c.attach(getattr(chip, "address", CHIP_ADDRESS), chip)
        self._device = Device(self)

    # ---- power ----
    @property
    def powered(self) -> bool:
        return not self.life.over

    def power_off(self) -> None:
        """Unplugs. Drive and nvm stay as they are at this moment."""
        if self.powered:
            self.life.pending = PowerLost()
            self.clock.let_device_run(self.now_ms)
            self._device.thread.join(self.clock.wall_limit_s)
            if self.powered:
                self._device.kill()
        self.unplugged()
        self._raise_failure()

    def power_on(self) -> None:
        if not self.powered:
            self._device = Device(self)

    def power_cycle(self) -> None:
        self.power_off()
        self.power_on()

    def reset(self) -> None:
        """Presses the RESET button."""
        self.life.pending = HardReset("pin")

    def cut_power(self, after_ms: float | None = None, **after: int) -> None:
        """Cuts the power after so many ms, or before the n-th event from now (0: the next): i2c=3, nvm=0."""
        self.cuts.plan(after_ms, after)

    def close(self) -> None:
        try:
            self.power_off()
        finally:
            if self._temporary is not None:
                self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- running ----
    def run(self, ms: float) -> None:
        """Lets device time pass."""
        until = self.now_ms + ms
        if self.powered and not self.clock.let_device_run(until):
            raise self._device.hang()
        self._raise_failure()
        if not self.powered:
            self.unplugged()
            self.clock.pass_without_device(until)

    def run_until(
        self,
        what: "str | Callable[[Self], object]",
        timeout_ms: float = 10000,
        poll_ms: float = 1,
        start: int = 0,
    ) -> float:
        """Runs until the console (from character `start` on) contains a text, or what(board) is true."""
        end = self.now_ms + timeout_ms
        met = (lambda b: what in b.console[start:]) if isinstance(what, str) else what
        while not met(self):
            if self.now_ms >= end:
                raise BoardTimeout(f"not met in {timeout_ms} ms: {what!r}; console ends with {self.console[-300:]!r}")
            # For a text the host sleeps until something new is on its way.
            self.cdc.wake_host = isinstance(what, str) and not self.cdc.out_waiting
            self.run(end - self.now_ms if self.cdc.wake_host else min(poll_ms, end - self.now_ms))
            self.cdc.wake_host = False
        return self.now_ms

    def run_until_served(self) -> None:
        """The firmware serves USB requests between bytecodes only: waits for the end of a transfer."""
        if self.time.blocked and self.powered:
            self.time.waiting.append(self.clock.call_host)
            self.run(math.inf)

    def run_until_setup_taken(self, timeout_ms: float) -> bool:
        """The program may keep control requests waiting. Returns False if it still does after that time."""
        usb, end = self.memory.usb, self.now_ms + timeout_ms
        usb.on_taken = self.clock.call_host
        while usb.setup_waits and self.powered and self.now_ms < end:
            self.run(end - self.now_ms)
        usb.on_taken = lambda: None
        return not usb.setup_waits

    def when_served(self, action: Callable[[], None]) -> None:
        """Does `action` as soon as the firmware serves USB requests: now, or at the end of a transfer."""
        if self.time.blocked:
            self.time.waiting.append(action)
        else:
            action()

    def wait_configured(self, timeout_ms: float = 10000) -> None:
        """Runs until the host has configured the board."""
        self.run_until(lambda board: board.usb.configured, timeout_ms)

    def _raise_failure(self) -> None:
        error, self.life.failure = self.life.failure, None
        if error is not None:
            raise error

    # ---- what the host sees, and does ----
    @property
    def console(self) -> str:
        return self.cdc.text

    @property
    def console_raw(self) -> str:
        self.cdc.drain()
        return self.cdc.raw.decode(errors="replace")

    def console_write(self, text: str | bytes) -> None:
        """Types into the console ("\\x03" is Ctrl-C, "\\x04" Ctrl-D)."""
        self.cdc.type(text.encode() if isinstance(text, str) else text)

    @property
    def exception(self) -> BaseException | None:
        """What ended code.py, if it ended with one."""
        return self.life.exception

    def drive_gpio(self, pin: int, level: int | None) -> None:
        """Connects a pin to a level from outside; None disconnects it."""
        if level is None:
            self.pins.outside.pop(pin, None)
        else:
            self.pins.outside[pin] = level

    def gpio(self, pin: int) -> int:
        return self.pins.level(pin)

    def host_wrote(self) -> None:
        """A block of the drive was written: with auto-reload on the program is killed."""
        self.mass_storage.command(WRITE_10, bytes(SECTOR))
        if self.autoreload and self.usb.configured:
            self.life.pending = ReloadException("AUTO_RELOAD")
