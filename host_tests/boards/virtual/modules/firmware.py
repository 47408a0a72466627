# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""supervisor, storage."""

from typing import TYPE_CHECKING, Any

from host_tests.boards.virtual.modules.gpio import constants
from host_tests.boards.virtual.signals import ReloadException

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

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

    def __init__(self, board: "VirtualBoard") -> None:
        self._board = board

    @property
    def autoreload(self) -> bool:
        return self._board.autoreload

    @autoreload.setter
    def autoreload(self, on: bool) -> None:
        self._board.autoreload = bool(on)

    @property
    def serial_connected(self) -> bool:
        self._board.spend(0.01)
        return self._board.cdc.connected

    @property
    def usb_connected(self) -> bool:
        self._board.spend(0.01)
        return self._board.usb.configured

    @property
    def serial_bytes_available(self) -> int:
        self._board.spend(0.01)
        return len(self._board.cdc.inbox)

    @property
    def run_reason(self) -> Any:
        return getattr(RunReason, self._board.device.run_reason)


class Mount:
    """storage.getmount("/")"""

    def __init__(self, board: "VirtualBoard") -> None:
        self._board = board

    @property
    def readonly(self) -> bool:
        return not self._board.drive.python_may_write

    @property
    def label(self) -> str:
        return self._board.drive.label

    @label.setter
    def label(self, label: str) -> None:
        if self.readonly:
            raise OSError(*EROFS)
        if len(label) > 11 or set(label) & set('"*+,./:;<=>?[\\]|'):
            raise OSError(*EINVAL)
        self._board.spend(100.0, soft=False)  # a FAT sector and the root directory
        self._board.drive.label = label.upper()
        self._board.drive.label_writes += 1


def make(board: "VirtualBoard") -> dict[str, dict[str, Any]]:
    return {"supervisor": _supervisor(board), "storage": _storage(board)}


def _supervisor(board: "VirtualBoard") -> dict[str, Any]:
    def ticks_ms() -> int:
        board.look_at_clock()
        return int(board.ticks_start + board.now_ms - board.started_ms) % TICKS_PERIOD

    def reload() -> None:
        board.spend(0.0)
        raise ReloadException("SUPERVISOR_RELOAD")

    def set_next_code_file(filename: str | None, **_: Any) -> None:
        board.device.next_file = filename

    def identify(manufacturer: str | None = None, product: str | None = None, vid: int = -1, pid: int = -1) -> None:
        for name, text in (("manufacturer", manufacturer), ("product", product)):
            if text is not None and len(text.encode()) > 126:
                raise ValueError(f"{name} length must be 0-126")
        for name, number in (("vid", vid), ("pid", pid)):
            if not -1 <= number <= 65535:
                raise ValueError(f"{name} must be -1-65535")
        if board.device.in_boot:
            board.usb.identify(manufacturer, product, vid, pid)

    return {
        "RunReason": RunReason,
        "SafeModeReason": SafeModeReason,
        "get_previous_traceback": lambda: board.device.last_words,
        "reload": reload,
        "reset_terminal": lambda *_: None,
        "runtime": Runtime(board),
        "set_next_code_file": set_next_code_file,
        "set_usb_identification": identify,
        "ticks_ms": ticks_ms,
    }


def _storage(board: "VirtualBoard") -> dict[str, Any]:
    def getmount(path: str) -> Mount:
        if path != "/":
            raise OSError(*EINVAL)
        return Mount(board)

    def remount(path: str, readonly: bool = False, *, disable_concurrent_write_protection: bool = False) -> None:
        if not board.device.in_boot and board.usb.configured and board.usb.drive_enabled:
            raise RuntimeError("Cannot remount path when visible via USB.")
        board.drive.remounted_for_python = not readonly

    def in_boot_only(enabled: bool) -> None:
        if not board.device.in_boot:
            raise RuntimeError(CANNOT_CHANGE)
        board.usb.drive_enabled = enabled

    return {
        "getmount": getmount,
        "remount": remount,
        "disable_usb_drive": lambda: in_boot_only(False),
        "enable_usb_drive": lambda: in_boot_only(True),
    }
