# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A board's HID interface on Linux: one of /dev/hidraw*.

Input reports come by the event loop; what the kernel blocks in runs in a thread, with a deadline.
"""

import asyncio
import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sandboxfx.errors import BOARD_GONE, IN_USE, NOT_ALLOWED, SandboxError
from sandboxfx.io.base import Clock, SystemClock

T = TypeVar("T")

# The kernel tries for five seconds; a board whose firmware runs takes a report within tens of milliseconds.
REPORT_S = 2.0
LARGEST = 64
SET_FEATURE, GET_FEATURE = 0x06, 0x07


def feature_request(number: int, size: int) -> int:
    """Returns the ioctl request for a feature report of `size` bytes: _IOC(read and write, 'H', number, size)."""
    return 3 << 30 | size << 16 | ord("H") << 8 | number


class Hidraw:
    """What HidReports asks for. Made inside a running event loop.

    :param descriptor: an open file descriptor of the node
    :param ioctl: `fcntl.ioctl`, or what stands for it in a test
    """

    def __init__(self, descriptor: int, ioctl: Callable[..., int] = fcntl.ioctl, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self._descriptor = descriptor
        self._ioctl = ioctl
        self._reports: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(descriptor, self._receive)

    @classmethod
    def open(cls, path: Path) -> "Hidraw":
        """Opens a node for this process alone.

        :raises SandboxError: it is gone, not allowed, or in use by another program that asks before it takes a board
        """
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError as error:
            raise SandboxError(
                "not-allowed", f"{path} may not be opened.", "Run: sandboxfx setup-linux", NOT_ALLOWED
            ) from error
        except OSError as error:
            raise SandboxError(
                "board-gone", f"{path}: {error.strerror}.", "Is the board plugged in?", BOARD_GONE
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise SandboxError(
                "in-use", f"{path} is in use by another sandboxfx.", "Wait until it is done, or end it.", IN_USE
            ) from error
        return cls(descriptor)

    async def write(self, report: bytes) -> None:
        """Sends an output report."""
        await self._in_time(os.write, self._descriptor, report)

    async def read(self, timeout_ms: float) -> bytes | None:
        """Returns the next input report, or None if none comes in time."""
        if self._reports.empty():
            try:
                report = await asyncio.wait_for(self._reports.get(), timeout_ms / 1000)
            except TimeoutError:
                return None
        else:
            report = self._reports.get_nowait()
        if report is None:
            self._reports.put_nowait(None)
            raise ConnectionError("the board is gone")
        return report

    async def get_feature(self, report_id: int, size: int) -> bytes:
        """Returns a feature report of up to `size` bytes, its ID included."""
        buffer = bytearray(size)
        buffer[0] = report_id
        length = await self._in_time(self._ioctl, self._descriptor, feature_request(GET_FEATURE, size), buffer, True)
        return bytes(buffer[:length])

    async def set_feature(self, report: bytes) -> None:
        """Sends a feature report."""
        request = feature_request(SET_FEATURE, len(report))
        await self._in_time(self._ioctl, self._descriptor, request, bytearray(report), True)

    async def close(self) -> None:
        """Gives the node back."""
        self._loop.remove_reader(self._descriptor)
        os.close(self._descriptor)

    async def _in_time(self, call: Callable[..., T], *args: Any) -> T:
        try:
            return await asyncio.wait_for(asyncio.to_thread(call, *args), REPORT_S)
        except TimeoutError:
            raise TimeoutError("the board takes no report") from None
        except OSError as error:
            if error.errno in (errno.ENODEV, errno.EIO, errno.EPIPE, errno.ENXIO):
                raise ConnectionError("the board is gone") from error
            raise

    def _receive(self) -> None:
        try:
            report = os.read(self._descriptor, LARGEST)
        except BlockingIOError:
            return
        except OSError:
            report = b""
        self._reports.put_nowait(report or None)
        if not report:
            self._loop.remove_reader(self._descriptor)
