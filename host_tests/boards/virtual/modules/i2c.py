# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""busio.I2C on the virtual bus, and adafruit_bus_device. GP0/GP1 are wired to it, no other pins have pull-ups."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from host_tests.boards.virtual.i2c.bus import AddressNak, DataNak, NoPullUps, Timeout
from host_tests.boards.virtual.interpreter import compiled
from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.modules.gpio import DEINITIALIZED
from host_tests.boards.virtual.pins import SCL, SDA, Pin
from host_tests.boards.virtual.signals import DeviceHang

I2C_DEVICE = Path(__file__).parents[4] / "lib" / "adafruit_bus_device" / "i2c_device.py"
MAX_HZ = 1_000_000
CALL_MS = 0.1  # around the wire time
NO_PULL_UPS = "No pull up found on SDA or SCL; check your wiring"
# As the firmware has them; its C library's ETIMEDOUT is 116.
ENODEV, EIO, ETIMEDOUT = (19, "No such device"), (5, "Input/output error"), (116, "ETIMEDOUT")


class I2C:
    _machine: Machine

    def __init__(self, scl: Pin, sda: Pin, *, frequency: int = 100_000, timeout: int = 255) -> None:
        machine = self._machine
        machine.time.spend(CALL_MS)
        self._pins: tuple[Pin, ...] = ()
        for pin in (scl, sda):
            if pin.number in machine.pins.claimed:
                raise ValueError(f"GP{pin.number} in use")
        if sda.number % 2 or not scl.number % 2 or sda.number // 2 % 2 != scl.number // 2 % 2:
            raise ValueError("Invalid pins")
        if frequency > MAX_HZ:
            raise ValueError(f"frequency must be <= {MAX_HZ}")
        if frequency <= 0:
            machine.life.fail(DeviceHang("busio.I2C(frequency=0) never comes back"))
        if (sda.number, scl.number) != (SDA, SCL):
            raise RuntimeError(NO_PULL_UPS)
        try:
            machine.i2c.open(frequency)
        except NoPullUps:
            raise RuntimeError(NO_PULL_UPS) from None
        machine.pins.claim(scl, sda)
        self._pins = (scl, sda)
        self._locked = False

    def _alive(self) -> None:
        self._machine.time.spend(0.0)
        if not self._pins:
            raise ValueError(DEINITIALIZED)

    def deinit(self) -> None:
        self._machine.time.spend(0.0)
        self._machine.pins.release(*self._pins)
        self._pins = ()

    def __enter__(self) -> "I2C":
        return self

    def __exit__(self, *_: object) -> None:
        self.deinit()

    def try_lock(self) -> bool:
        self._alive()
        taken, self._locked = not self._locked, True
        return taken

    def unlock(self) -> None:
        self._alive()
        self._locked = False

    def _transfer(self, transfer: Callable[[], Any]) -> Any:
        self._alive()
        if not self._locked:
            raise RuntimeError("Function requires lock")
        self._machine.cuts.before("i2c")
        try:
            with self._machine.time.uninterrupted():
                return transfer()
        except AddressNak:
            raise OSError(*ENODEV) from None
        except DataNak:
            raise OSError(*EIO) from None
        except Timeout:
            raise OSError(*ETIMEDOUT) from None
        finally:
            self._machine.time.spend(CALL_MS, soft=False)

    def _acknowledges(self, address: int) -> bool:
        """The zero-length write is bit-banged: on a stuck SDA everybody seems to acknowledge."""
        return not self._machine.i2c.lines.sda or self._machine.i2c.probe(address)

    def probe(self, address: int) -> bool:
        return bool(self._transfer(lambda: self._acknowledges(address)))

    def scan(self) -> list[int]:
        return list(self._transfer(lambda: [a for a in range(0x08, 0x78) if self._acknowledges(a)]))

    def writeto(self, address: int, buffer: Any, *, start: int = 0, end: int | None = None) -> None:
        data = bytes(memoryview(buffer)[start:end])
        if data:
            self._transfer(lambda: self._machine.i2c.write(address, data))
        elif not self._transfer(lambda: self._acknowledges(address)):
            raise OSError(*ENODEV)

    def readfrom_into(self, address: int, buffer: Any, *, start: int = 0, end: int | None = None) -> None:
        window = _window(buffer, start, end)
        window[:] = self._transfer(lambda: self._machine.i2c.read(address, len(window)))

    def writeto_then_readfrom(
        self, address: int, out_buffer: Any, in_buffer: Any, *, out_start: int = 0, out_end: int | None = None,
        in_start: int = 0, in_end: int | None = None,
    ) -> None:  # fmt: skip
        data, window = bytes(memoryview(out_buffer)[out_start:out_end]), _window(in_buffer, in_start, in_end)
        window[:] = self._transfer(lambda: self._machine.i2c.write_then_read(address, data, len(window)))


def _window(buffer: Any, start: int, end: int | None) -> memoryview:
    window = memoryview(buffer)[start:end]
    if not len(window):
        raise ValueError("buffer length must be >= 1")
    return window


@cache
def i2c_device() -> Any:
    """I2CDevice, which the firmware has built in: what lies in lib is never loaded, and no traceback shows it."""
    scope: dict[str, Any] = {"__name__": I2C_DEVICE.stem}
    exec(compiled(I2C_DEVICE, I2C_DEVICE.name), scope)
    return scope["I2CDevice"]


def make(machine: Machine) -> dict[str, dict[str, Any]]:
    device = {"I2CDevice": i2c_device()}
    return {
        "busio": {"I2C": type("I2C", (I2C,), {"_machine": machine})},
        "adafruit_bus_device": {},
        "adafruit_bus_device.i2c_device": device,
    }
