# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A hidraw node: a socket that keeps packets apart stands for it, and a function for its ioctl."""

import asyncio
import errno
import fcntl
import os
import socket
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from sandboxfx.errors import SandboxError
from sandboxfx.io import hidraw
from sandboxfx.io.hidraw import Hidraw


def with_node(
    work: Callable[[Hidraw, socket.socket], Coroutine[Any, Any, None]], ioctl: Callable[..., int] = fcntl.ioctl
) -> None:
    async def together() -> None:
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        near.setblocking(False)
        hid = Hidraw(near.detach(), ioctl)
        try:
            with far:
                await work(hid, far)
        finally:
            await hid.close()

    asyncio.run(together())


def test_reports_go_and_come_whole_and_in_order() -> None:
    async def work(hid: Hidraw, far: socket.socket) -> None:
        await hid.write(b"\xd0" + bytes(63))
        assert far.recv(100) == b"\xd0" + bytes(63)
        far.send(b"\xd0one")
        far.send(b"\xd1two")
        assert await hid.read(1000) == b"\xd0one"
        assert await hid.read(1000) == b"\xd1two"
        assert await hid.read(1) is None
        assert await hid.read(0) is None

    with_node(work)


def test_a_report_that_is_there_is_read_without_waiting() -> None:
    async def work(hid: Hidraw, far: socket.socket) -> None:
        far.send(b"\xd0one")
        await asyncio.sleep(0.01)
        assert await hid.read(0) == b"\xd0one"

    with_node(work)


def test_feature_reports_are_the_kernels_requests() -> None:
    asked: list[tuple[int, bytes]] = []

    def ioctl(descriptor: int, request: int, buffer: bytearray, mutate: bool) -> int:
        asked.append((request, bytes(buffer)))
        buffer[1:5] = b"\x20\x64\0\0"
        return 5

    async def work(hid: Hidraw, far: socket.socket) -> None:
        assert await hid.get_feature(0xC0, 5) == b"\xc0\x20\x64\0\0"
        await hid.set_feature(b"\xa1\x20" + bytes(62))

    with_node(work, ioctl)
    assert asked == [(0xC0054807, b"\xc0" + bytes(4)), (0xC0404806, b"\xa1\x20" + bytes(62))]


def test_a_board_that_is_pulled_out_is_a_broken_connection() -> None:
    def ioctl(*args: Any) -> int:
        raise OSError(errno.ENODEV, "No such device")

    async def work(hid: Hidraw, far: socket.socket) -> None:
        far.close()
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await hid.read(1000)
        with pytest.raises(ConnectionError):
            await hid.get_feature(0xC0, 5)

    with_node(work, ioctl)


def test_a_board_that_takes_no_report_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hidraw, "REPORT_S", 0.01)
    free = threading.Event()

    async def work(hid: Hidraw, far: socket.socket) -> None:
        with pytest.raises(TimeoutError, match="takes no report"):
            await hid.get_feature(0xC0, 5)
        free.set()

    with_node(work, lambda *args: free.wait() and 0)


def test_a_node_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="hidraw0: No such file or directory") as caught:
        Hidraw.open(tmp_path / "hidraw0")
    assert caught.value.status == 3


def test_a_node_is_for_one_program_at_a_time(tmp_path: Path) -> None:
    node = tmp_path / "hidraw0"
    os.mkfifo(node)
    other = os.open(node, os.O_RDWR)
    fcntl.flock(other, fcntl.LOCK_EX)
    with pytest.raises(SandboxError, match="in use by another") as caught:
        Hidraw.open(node)
    os.close(other)
    assert caught.value.status == 5
