# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The drive: a folder, and between it and the device what is special about a FAT volume that a PC writes to.

The folder holds finished files. A file the host is writing is an Entry "in flight" whose directory entry, cluster
chain and data become true one after the other. After a change of the root directory the device keeps seeing the old
entry until it reads something else (`stale`).
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from host_tests.boards.pc_drive import ORDERS, PC_CLOCK
from host_tests.boards.virtual.drive.cache import WriteCache
from host_tests.boards.virtual.drive.device import DeviceView
from host_tests.boards.virtual.drive.files import Entry, Steps, Transfer
from host_tests.boards.virtual.signals import BoardError

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

SECTOR = 512
STEP_MS = 8.0  # a block write, waiting for the flash included


class Drive:
    """Host actions. `folder` is the drive; `label` as the firmware has it."""

    def __init__(self, board: "VirtualBoard", folder: Path, label: str, vices: bool) -> None:
        self._board = board
        self.folder = folder
        self.label, self.label_writes = label, 0
        self.remounted_for_python = False
        self.stale: dict[str, Entry | None] = {}
        self.flight: dict[str, Entry] = {}
        self.cache = WriteCache(self, lambda: board.now_ms)
        self.device = DeviceView(board, self)
        self._vices = vices

    @property
    def python_may_write(self) -> bool:
        """boot.py may, before USB starts; code.py only if the host may not."""
        return self._board.device.in_boot or self.remounted_for_python or not self._board.usb.drive_enabled

    def find(self, path: str) -> Path:
        """The folder's path for a name of any case; it need not exist."""
        found = self.folder
        for part in path.strip("/").split("/"):
            exact = found / part
            if not exact.exists() and found.is_dir():
                exact = next((p for p in found.iterdir() if p.name.lower() == part.lower()), exact)
            found = exact
        return found

    def finished(self, path: str) -> Entry | None:
        real = self.find(path)
        if not real.is_file():
            return None
        data = real.read_bytes()
        return Entry(real.name, len(data), int(real.stat().st_mtime) // 2 * 2, data)

    # ---- what a host does ----
    def write(
        self, name: str, data: bytes | str, pace_ms: float = 0, order: str = "fat-first",
        partial: int | None = None, block: int = 8,
    ) -> Transfer:  # fmt: skip
        """Writes a file, at most `block` sectors at a time; `partial=n`: only n writes, resume() does the rest."""
        new = data.encode() if isinstance(data, str) else bytes(data)
        entry = self._open_entry(name)
        mtime = self.pc_time()
        steps: Steps = []
        for area in ORDERS[order].split():
            if area == "data":
                size = block * SECTOR
                steps += [("data", self._put(entry, at, new[at : at + size])) for at in range(0, len(new), size)]
            elif area == "fat":
                steps.append((area, lambda: setattr(entry, "chain", len(new))))
            else:
                steps.append((area, self._list(name, entry, 0 if area == "empty" else len(new), mtime)))
        return self._begin(name, steps, lambda: self._finish(name, new, mtime), pace_ms, partial)

    def delete(self, name: str, pace_ms: float = 0, partial: int | None = None) -> Transfer:
        if self.finished(name) is None and name.lower() not in self.flight:
            raise BoardError(f"no file {name} on the drive")
        entry = self._open_entry(name)
        steps: Steps = [("dir", self._list(name, entry, None, 0)), ("fat", lambda: setattr(entry, "chain", 0))]
        return self._begin(name, steps, lambda: self._finish(name, None, 0), pace_ms, partial)

    def rename(self, old: str, new: str) -> None:
        """One write of the directory."""
        content = self.finished(old)
        if content is None:
            raise BoardError(f"no file {old} on the drive")

        def step() -> None:
            for name in (old, new):
                self._note_stale(name)
            os.replace(self.find(old), self.find(new))

        self.cache.flush()
        self.host_step(step, 0)

    def read(self, name: str) -> bytes:
        """As a PC that mounts the drive now."""
        return self.find(name).read_bytes()

    peek = read

    def mount(self) -> None:
        """For scenarios that run on the emulated board too, whose host keeps what it has read."""

    def list(self) -> list[str]:
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file())

    # ---- how it happens ----
    def pc_time(self) -> int:
        return PC_CLOCK + int(self._board.now_ms / 1000)

    def host_step(self, step: Callable[[], None], pace_ms: float, name: str | None = None) -> None:
        """One block write; `name`: of the file that it is part of."""
        if self.remounted_for_python or not self._board.usb.drive_enabled:
            raise BoardError("the host cannot write: boot.py gave the drive to Python, or took it off USB")
        if self._vices and name is not None and self._board.powered:
            self.cache.before_write(name)
        step()
        self._board.host_wrote()
        self._board.run(STEP_MS + pace_ms)

    def _begin(
        self, name: str, steps: Steps, finish: Callable[[], None], pace_ms: float, partial: int | None
    ) -> Transfer:
        area, last = steps.pop()

        def last_of_all() -> None:
            last()
            finish()

        return Transfer(self, name, [*steps, (area, last_of_all)], pace_ms).resume(partial)

    def _open_entry(self, name: str) -> Entry:
        key = name.lower()
        if key not in self.flight:
            self.flight[key] = self.finished(name) or Entry(name.strip("/"), 0, 0, b"", listed=False)
        return self.flight[key]

    def _list(self, name: str, entry: Entry, size: int | None, mtime: int) -> Callable[[], None]:
        def step() -> None:
            self._note_stale(name)
            entry.listed, entry.size, entry.mtime = size is not None, size or 0, mtime // 2 * 2

        return step

    @staticmethod
    def _put(entry: Entry, at: int, data: bytes) -> Callable[[], None]:
        def step() -> None:
            entry.data.extend(b"\xff" * (at - len(entry.data)))
            entry.data[at : at + len(data)] = data

        return step

    def _finish(self, name: str, data: bytes | None, mtime: int) -> None:
        del self.flight[name.lower()]
        path = self.find(name)
        if data is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (mtime, mtime))

    def _note_stale(self, name: str) -> None:
        """What the device sees of this root entry until it has read another sector."""
        key = name.lower()
        if not self._vices or "/" in key.strip("/") or key in self.stale:
            return
        now = self.flight.get(key) or self.finished(name)
        self.stale[key] = now.copy() if now is not None and now.listed else None

    # ---- what the firmware itself does ----
    def keep_boot_output(self, text: str) -> bool:
        """boot_out.txt; True: it had to be written."""
        path, data = self.folder / "boot_out.txt", text.encode()
        if path.is_file() and path.read_bytes() == data:
            return False
        path.write_bytes(data)
        return True

    def power_lost(self) -> None:
        self.stale.clear()
        self.remounted_for_python = False
