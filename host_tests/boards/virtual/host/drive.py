# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The drive as a host uses it: each operation is a number of block writes, which take the board's time."""

from collections.abc import Callable
from functools import partial as partial_call
from pathlib import Path

from host_tests.boards.pc_drive import ORDERS, PC_CLOCK, Transfer
from host_tests.boards.virtual.drive.cache import WriteCache
from host_tests.boards.virtual.drive.volume import Entry, Volume
from host_tests.boards.virtual.needs import Running
from host_tests.boards.virtual.signals import BoardError

SECTOR = 512
STEP_MS = 8.0  # a block write, waiting for the flash included
Steps = list[tuple[str, Callable[[], None]]]  # area "fat" / "data" / "dir" / "empty", what it does


class Drive:
    """`writable()`: does the host have the drive? `wrote()` is called after each block write."""

    def __init__(
        self, volume: Volume, cache: WriteCache, board: Running, writable: Callable[[], bool], wrote: Callable[[], None]
    ) -> None:
        self._volume, self._cache, self._board = volume, cache, board
        self._writable, self._wrote = writable, wrote

    @property
    def folder(self) -> Path:
        return self._volume.folder

    def write(
        self, name: str, data: bytes | str, pace_ms: float = 0, order: str = "fat-first",
        partial: int | None = None, block: int = 8,
    ) -> Transfer:  # fmt: skip
        """Writes a file, at most `block` sectors at a time; `partial=n`: only n writes, resume() does the rest."""
        new = data.encode() if isinstance(data, str) else bytes(data)
        entry = self._volume.open_entry(name)
        mtime = self.pc_time()
        steps: Steps = []
        for area in ORDERS[order].split():
            if area == "data":
                size = block * SECTOR
                steps += [("data", _put(entry, at, new[at : at + size])) for at in range(0, len(new), size)]
            elif area == "fat":
                steps.append((area, lambda: setattr(entry, "chain", len(new))))
            else:
                steps.append((area, self._list(name, entry, 0 if area == "empty" else len(new), mtime)))
        return self._begin(name, steps, lambda: self._volume.land(name, new, mtime), pace_ms, partial)

    def delete(self, name: str, pace_ms: float = 0, partial: int | None = None) -> Transfer:
        if self._volume.finished(name) is None and name.lower() not in self._volume.flight:
            raise BoardError(f"no file {name} on the drive")
        entry = self._volume.open_entry(name)
        steps: Steps = [("dir", self._list(name, entry, None, 0)), ("fat", lambda: setattr(entry, "chain", 0))]
        return self._begin(name, steps, lambda: self._volume.land(name, None, 0), pace_ms, partial)

    def rename(self, old: str, new: str) -> None:
        """One write of the directory, in the place of the old entry."""
        if self._volume.finished(old) is None:
            raise BoardError(f"no file {old} on the drive")

        def step() -> None:
            for name in (old, new):
                self._volume.note_stale(name)
            self._volume.rename(old, new)

        self._cache.flush()
        self._send(step)

    def read(self, name: str) -> bytes:
        """As a PC that mounts the drive now."""
        return self._volume.find(name).read_bytes()

    peek = read

    def mount(self) -> None:
        """For scenarios that run on the emulated board too, whose host keeps what it has read."""

    def list(self) -> list[str]:
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())

    def pc_time(self) -> int:
        return PC_CLOCK + int(self._board.now_ms / 1000)

    def _begin(
        self, name: str, steps: Steps, finish: Callable[[], None], pace_ms: float, partial: int | None
    ) -> Transfer:
        area, last = steps.pop()

        def last_of_all() -> None:
            last()
            finish()

        steps.append((area, last_of_all))
        return Transfer([(area, partial_call(self._send, step, pace_ms, name)) for area, step in steps]).resume(partial)

    def _send(self, step: Callable[[], None], pace_ms: float = 0, name: str | None = None) -> None:
        """One block write; `name`: of the file that it is part of."""
        if not self._writable():
            raise BoardError("the host cannot write: boot.py gave the drive to Python, or took it off USB")
        if self._volume.vices and name is not None and self._board.powered:
            self._cache.before_write(name)
        step()
        self._wrote()
        self._board.run(STEP_MS + pace_ms)

    def _list(self, name: str, entry: Entry, size: int | None, mtime: int) -> Callable[[], None]:
        def step() -> None:
            self._volume.note_stale(name)
            entry.listed, entry.size, entry.mtime = size is not None, size or 0, mtime // 2 * 2

        return step


def _put(entry: Entry, at: int, data: bytes) -> Callable[[], None]:
    def step() -> None:
        entry.data.extend(b"\xff" * (at - len(entry.data)))
        entry.data[at : at + len(data)] = data

    return step
