# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""microcontroller.nvm: one flash sector with the firmware's way of writing it.

Bytes that are still 0xFF are programmed as they are. Any other write erases the whole sector first and programs
it again: power lost in between loses all of it.
"""

from collections.abc import Callable, Iterator
from typing import Any

SIZE, PAGE = 4096, 256
ERASE_MS, PROGRAM_MS = 45.0, 0.4


class Nvm:
    """`log`: (t_ms, "erase" or "program", offset, bytes). `before` is called ahead of each of these steps."""

    def __init__(self, content: bytes | None, spend: Callable[[float], None], now: Callable[[], float]) -> None:
        if content is not None and len(content) > SIZE:
            raise ValueError("nvm holds 4096 bytes")
        self.data = bytearray((content or b"").ljust(SIZE, b"\xff"))
        self.log: list[tuple[float, str, int, int]] = []
        self.before: Callable[[], None] = lambda: None
        self._spend, self._now = spend, now

    def write(self, offset: int, data: bytes) -> None:
        if all(byte == 0xFF for byte in self.data[offset : offset + len(data)]):
            self._program(offset, data)
            return
        whole = self.data[:]
        whole[offset : offset + len(data)] = data
        self._step("erase", 0, SIZE, ERASE_MS)
        self.data[:] = b"\xff" * SIZE
        self._program(0, bytes(whole))

    def _program(self, offset: int, data: bytes) -> None:
        while data:
            n = min(PAGE - offset % PAGE, len(data))
            self._step("program", offset, n, PROGRAM_MS)
            self.data[offset : offset + n] = data[:n]
            offset, data = offset + n, data[n:]

    def _step(self, kind: str, offset: int, length: int, ms: float) -> None:
        self.before()
        started = self._now()
        self._spend(ms)
        self.log.append((started, kind, offset, length))


class ByteArray:
    """What device code sees of it."""

    def __init__(self, nvm: Nvm) -> None:
        self._nvm = nvm

    def __len__(self) -> int:
        return SIZE

    def __iter__(self) -> Iterator[int]:
        return iter(bytes(self._nvm.data))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            _plain(index)
            return bytearray(self._nvm.data[index])
        return self._nvm.data[_inside(index)]

    def __setitem__(self, index: Any, value: Any) -> None:
        if not isinstance(index, slice):
            if not 0 <= value <= 255:
                raise ValueError("bytes must be 0-255")
            self._nvm.write(_inside(index), bytes([value]))
            return
        _plain(index)
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise NotImplementedError("array/bytes required on right side")
        start, stop, _ = index.indices(SIZE)
        if stop - start != len(value):
            raise ValueError("Slice and value different lengths.")
        self._nvm.write(start, bytes(value))


def _plain(index: slice) -> None:
    if index.step not in (None, 1):
        raise NotImplementedError("only slices with step=1 (aka None) are supported")


def _inside(index: int) -> int:
    if not -SIZE <= index < SIZE:
        raise IndexError("index out of range")
    return index % SIZE
