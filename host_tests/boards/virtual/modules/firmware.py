# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""supervisor, storage."""

from typing import Any

from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.modules.gpio import constants
from host_tests.boards.virtual.signals import ReloadException

TICKS_PERIOD = 1 << 29
RunReason = constants("supervisor.RunReason", "STARTUP AUTO_RELOAD SUPERVISOR_RELOAD REPL_RELOAD")
SafeModeReason = constants("supervisor.SafeModeReason", "NONE")
CANNOT_CHANGE = "Cannot change USB devices now"
EINVAL, EROFS = (22, "Invalid argument"), (30, "Read-only filesystem")


class Runtime:
    ble_workflow = False
    display = None
    rgb_status_brightness = 0
    safe_mode_reason = SafeModeReason.NONE

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    @property
    def autoreload(self) -> bool:
        return self._machine.autoreload

    @autoreload.setter
    def autoreload(self, on: bool) -> None:
        self._machine.autoreload = bool(on)

    @property
    def serial_connected(self) -> bool:
        self._machine.time.spend(0.01)
        return self._machine.cdc.connected

    @property
    def usb_connected(self) -> bool:
        self._machine.time.spend(0.01)
        return self._machine.usb.configured

    @property
    def serial_bytes_available(self) -> int:
        self._machine.time.spend(0.01)
        return len(self._machine.cdc.inbox)

    @property
    def run_reason(self) -> Any:
        return getattr(RunReason, self._machine.life.run_reason)


class Mount:
    """storage.getmount("/")"""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    @property
    def readonly(self) -> bool:
        return not self._machine.python_may_write()

    @property
    def label(self) -> str:
        return self._machine.volume.label

    @label.setter
    def label(self, label: str) -> None:
        if self.readonly:
            raise OSError(*EROFS)
        if len(label) > 11 or set(label) & set('"*+,./:;<=>?[\\]|'):
            raise OSError(*EINVAL)
        self._machine.time.spend(100.0, soft=False)  # a FAT sector and the root directory
        self._machine.volume.label = label.upper()
        self._machine.volume.label_writes += 1


def make(machine: Machine) -> dict[str, dict[str, Any]]:
    return {"supervisor": _supervisor(machine), "storage": _storage(machine)}


def _supervisor(machine: Machine) -> dict[str, Any]:
    def ticks_ms() -> int:
        machine.time.look()
        return int(machine.ticks_start + machine.now_ms - machine.started_ms) % TICKS_PERIOD

    def reload() -> None:
        machine.time.spend(0.0)
        raise ReloadException("SUPERVISOR_RELOAD")

    def set_next_code_file(filename: str | None, **_: Any) -> None:
        machine.life.next_file = filename

    def identify(manufacturer: str | None = None, product: str | None = None, vid: int = -1, pid: int = -1) -> None:
        for name, text in (("manufacturer", manufacturer), ("product", product)):
            if text is not None and len(text.encode()) > 126:
                raise ValueError(f"{name} length must be 0-126")
        for name, number in (("vid", vid), ("pid", pid)):
            if not -1 <= number <= 65535:
                raise ValueError(f"{name} must be -1-65535")
        if machine.life.in_boot:
            machine.usb.identify(manufacturer, product, vid, pid)

    return {
        "RunReason": RunReason,
        "SafeModeReason": SafeModeReason,
        "get_previous_traceback": lambda: machine.life.last_words,
        "reload": reload,
        "reset_terminal": lambda *_: None,
        "runtime": Runtime(machine),
        "set_next_code_file": set_next_code_file,
        "set_usb_identification": identify,
        "ticks_ms": ticks_ms,
    }


def _storage(machine: Machine) -> dict[str, Any]:
    def getmount(path: str) -> Mount:
        if path != "/":
            raise OSError(*EINVAL)
        return Mount(machine)

    def remount(path: str, readonly: bool = False, *, disable_concurrent_write_protection: bool = False) -> None:
        if not machine.life.in_boot and machine.usb.configured and machine.usb.drive_enabled:
            raise RuntimeError("Cannot remount path when visible via USB.")
        machine.remounted_for_python = not readonly

    def in_boot_only(enabled: bool) -> None:
        if not machine.life.in_boot:
            raise RuntimeError(CANNOT_CHANGE)
        machine.usb.drive_enabled = enabled

    return {
        "getmount": getmount,
        "remount": remount,
        "disable_usb_drive": lambda: in_boot_only(False),
        "enable_usb_drive": lambda: in_boot_only(True),
    }
