# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The host's end of guest/doorbell.py: questions from the guest, which stands still until they are answered."""

import array
import fcntl
import mmap
import socket
import struct
import termios
from pathlib import Path
from typing import NamedTuple

from host_tests.on_linux.guest.doorbell import ANSWER, HEADER, PORT, RINGS, SIZE

WALL_LIMIT_S = 300.0


class GuestError(Exception):
    """The guest does not do what it should."""


class Call(NamedTuple):
    """`kind`: one letter; `now_ms`: the guest's monotonic clock."""

    kind: bytes
    now_ms: float
    question: bytes


class Doorbell:
    """`qemu_arguments` connect it; QEMU must inherit `inherited`, which is closed here by started()."""

    def __init__(self, shared: Path) -> None:
        shared.unlink(missing_ok=True)  # a guest that was left behind may still write into it
        shared.write_bytes(bytes(SIZE))
        with shared.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), SIZE)
        self._mine, self.inherited = socket.socketpair()
        self.inherited.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)  # the smallest there is: some six bytes
        self._mine.settimeout(WALL_LIMIT_S)
        self.qemu_arguments = [
            "-chardev", f"socket,id=bell,fd={self.inherited.fileno()}",
            "-device", f"isa-debugcon,iobase={PORT:#x},chardev=bell",
            "-object", f"memory-backend-file,id=shared,share=on,mem-path={shared},size={SIZE}",
            "-device", "ivshmem-plain,memdev=shared",
        ]  # fmt: skip

    def started(self) -> None:
        self.inherited.close()

    def wait(self) -> Call | None:
        """The next question; None when the guest has switched itself off."""
        try:
            if not self._mine.recv(1):
                return None
        except ConnectionResetError:
            return None
        except TimeoutError:
            raise GuestError(f"the guest has not called for {WALL_LIMIT_S:.0f} s") from None
        length, kind, now_ns = struct.unpack_from(HEADER, self._memory)
        start = struct.calcsize(HEADER)
        return Call(kind, now_ns / 1e6, self._memory[start : start + length])

    def answer(self, text: bytes = b"") -> None:
        """Lets the guest go on."""
        waiting = array.array("i", [0])
        fcntl.ioctl(self._mine, termios.FIONREAD, waiting)
        if waiting[0] >= RINGS - 1:
            raise GuestError("this system's sockets hold so much that the guest did not wait for its answer")
        self._memory[ANSWER : ANSWER + 4 + len(text)] = len(text).to_bytes(4, "little") + text
        left = RINGS - 1
        while left:
            left -= len(self._mine.recv(left))

    def close(self) -> None:
        self._mine.close()
        self._memory.close()
