# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A Linux with the device plugged in, for the checks."""

import os
from collections.abc import Mapping
from pathlib import Path

from host_tests.on_linux.linux import Linux, Result
from host_tests.on_linux.machine import BUILD
from host_tests.on_linux.model import LinuxModel

START = "sleep 6"  # the device's program has started by then
COMPLAINTS = ("error", "fail", "unexpected", "unhandled", "timeout", "reset")
DRIVER = os.environ.get("LINUX_DRIVER_KO")  # another driver than the kernel's own, built for kernel 6.12


class Bench:
    """`model` plugged into `linux`. The bus is there unless the device has an identity the driver does not know."""

    def __init__(self, kernel: str, name: str, settings: Mapping[str, int | str] | None = None, bound: bool = True):
        self.kernel = kernel
        self.model = LinuxModel(settings)
        driver = Path(DRIVER) if DRIVER and kernel == "6.12" else None
        self.linux = Linux(self.model, kernel, BUILD / "runs" / f"{name}-{kernel}", driver)
        self.bound: Result | None = None
        try:
            if bound:
                self.bound = self.linux.wait_for_bus()
            self.linux.run(START)
        except BaseException:
            self.close()
            raise

    def run(self, command: str, limit_ms: float = 60000) -> Result:
        return self.linux.run(command, limit_ms)

    def good(self, command: str) -> str:
        """The text of a command that works and of which the kernel does not complain."""
        result = self.run(command)
        assert result.status == 0, result.output
        assert not complaints(result.kernel)
        return result.output.strip()

    def read(self, length: int, register: int | None = None) -> Result:
        """A read from the EEPROM, after its address has been written or from where it stands."""
        head = "" if register is None else f"w1@0x50 {register}"
        return self.run(f"i2ctransfer -y $BUS {head} r{length}@0x50")

    def write(self, address: int, data: bytes) -> Result:
        values = " ".join(f"{byte:#04x}" for byte in data)
        return self.run(f"i2ctransfer -y $BUS w{len(data)}@{address:#04x} {values}")

    def close(self) -> None:
        self.linux.close()
        self.model.close()


def complaints(kernel_log: str) -> list[str]:
    return [line for line in kernel_log.splitlines() if any(word in line.lower() for word in COMPLAINTS)]


def as_text(data: bytes) -> str:
    """As i2ctransfer shows it."""
    return " ".join(f"0x{byte:02x}" for byte in data)
