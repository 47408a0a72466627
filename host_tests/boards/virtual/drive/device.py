# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The drive as device code sees it: `os`, `open`, and file objects. Errors and tuples are the firmware's."""

import io
import os
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from host_tests.boards.virtual.drive.cache import WriteCache
from host_tests.boards.virtual.drive.settings_toml import getenv
from host_tests.boards.virtual.drive.volume import Entry, Volume
from host_tests.boards.virtual.needs import Spending

ENOENT, EIO, EINVAL, EROFS = (
    (2, "No such file/directory"), (5, "Input/output error"), (22, "Invalid argument"), (30, "Read-only filesystem")
)  # fmt: skip
STAT_ROOT_MS, STAT_DEEP_MS, LIST_ROOT_MS, LIST_DEEP_MS, OPEN_MS, SECTOR_MS = 0.16, 0.28, 1.07, 0.6, 0.3, 0.45
SECTOR = 512
DIRECTORY, FILE = 0x4000, 0x8000


class DeviceView:
    """`may_write()`: is it the program that writes to the drive, and not the host?"""

    def __init__(self, time: Spending, volume: Volume, cache: WriteCache, may_write: Callable[[], bool]) -> None:
        self._time, self._volume, self._cache, self._may_write = time, volume, cache, may_write

    def entry(self, path: str) -> Entry | None:
        """The file as the device finds it now; raises nothing, a directory is not a file."""
        key = path.strip("/").lower()
        for seen in (self._volume.stale, self._volume.flight):
            if key in seen:
                found = seen[key]
                return found if found is not None and found.listed else None
        return self._volume.finished(path)

    def sector_read(self) -> None:
        """Another sector than the root directory's has been read: the next look at it is a fresh one."""
        self._volume.stale.clear()
        self._cache.flush()

    def stat(self, path: str) -> tuple[int, ...]:
        deep = "/" in path.strip("/")
        self._time.spend(STAT_DEEP_MS if deep else STAT_ROOT_MS)
        if deep:
            self.sector_read()
        entry = self.entry(path)
        if entry is not None:
            return (FILE, 0, 0, 0, 0, 0, entry.size, *[entry.mtime] * 3)
        real = self._volume.find(path) if path.strip("/") else self._volume.folder
        if not real.is_dir():
            raise OSError(*ENOENT)
        return (
            DIRECTORY,
            0,
            0,
            0,
            0,
            0,
            0,
            *[0 if real == self._volume.folder else int(real.stat().st_mtime) // 2 * 2] * 3,
        )

    def listdir(self, path: str = "/") -> list[str]:
        root = not path.strip("/")
        self._time.spend(LIST_ROOT_MS if root else LIST_DEEP_MS)
        folder = self._volume.folder if root else self._volume.find(path)
        if not folder.is_dir():
            raise OSError(*ENOENT)
        if not root:
            self.sector_read()
            return [p.name for p in sorted(folder.iterdir())]
        names = {p.name.lower(): p.name for p in sorted(folder.iterdir())}
        for seen in (self._volume.flight, self._volume.stale):
            for key, entry in seen.items():
                if entry is None or not entry.listed:
                    names.pop(key, None)
                else:
                    names.setdefault(key, entry.name)
        return self._volume.in_order(names)

    def open(self, name: str, mode: str = "r") -> Any:
        self._time.spend(OPEN_MS)
        if set(mode) & set("wa+x"):
            if not self._may_write():
                raise OSError(*EROFS)
            return OpenFile(self._volume.find(name).open(mode))
        entry = self.entry(name)
        if entry is None:
            number, text = ENOENT
            raise OSError(number, f"{text}: {name}")
        raw = DriveFile(self._time, self, entry)
        return OpenFile(raw if "b" in mode else io.TextIOWrapper(io.BufferedReader(raw, SECTOR), encoding="utf-8"))

    def getenv(self, key: str, default: Any = None) -> Any:
        self._time.spend(OPEN_MS + SECTOR_MS)
        entry = self.entry("settings.toml")
        found = None if entry is None else getenv(bytes(entry.data[: entry.size]), key)
        return default if found is None else found

    def _change(self, change: Any, *names: str) -> None:
        self._time.spend(OPEN_MS)
        if not self._may_write():
            raise OSError(*EROFS)
        change(*(self._volume.find(name) for name in names))

    def os_module(self) -> dict[str, Any]:
        machine = "Waveshare RP2040-Zero with rp2040"
        uname = types.SimpleNamespace(
            sysname="rp2040", nodename="rp2040", release="10.0.3", version="10.0.3 on 2025-10-17", machine=machine
        )
        return {
            "getcwd": lambda: "/",
            "getenv": self.getenv,
            "listdir": self.listdir,
            "mkdir": lambda name: self._change(Path.mkdir, name),
            "remove": lambda name: self._change(Path.unlink, name),
            "rename": lambda old, new: self._change(os.replace, old, new),
            "rmdir": lambda name: self._change(Path.rmdir, name),
            "sep": "/",
            "stat": self.stat,
            "statvfs": lambda path: (SECTOR, SECTOR, 2008, 1900, 1900, 0, 0, 0, 0, 255),
            "sync": lambda: self._time.spend(1.0),
            "uname": lambda: uname,
            "unlink": lambda name: self._change(Path.unlink, name),
            "urandom": os.urandom,
        }


class OpenFile:
    """What a program gets from open(): the firmware's file objects have these methods and no others."""

    METHODS = "close flush read readinto readline readlines seek tell write".split()

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        if name not in self.METHODS:
            raise AttributeError(f"the firmware's files have no {name}")
        return getattr(self._stream, name)

    def __dir__(self) -> list[str]:
        return self.METHODS

    def __enter__(self) -> "OpenFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __iter__(self) -> Any:
        return iter(self._stream)


class DriveFile(io.RawIOBase):
    """A file opened for reading. Its size is that of the directory entry; beyond the cluster chain comes EIO."""

    def __init__(self, time: Spending, view: DeviceView, entry: Entry) -> None:
        self._time, self._view, self._entry = time, view, entry
        self._size, self._at = entry.size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        self._open()
        return super().read(size) or b""

    def _open(self) -> None:
        if self.closed:
            raise OSError(*EINVAL)

    def readinto(self, buffer: Any) -> int:
        self._open()
        window = memoryview(buffer)
        n = max(0, min(len(window), self._size - self._at))
        self._time.spend(SECTOR_MS * n / SECTOR + 0.03)
        if n == 0:
            return 0
        self._view.sector_read()
        # The first cluster is named by the directory entry itself, the others only by the FAT.
        if self._at + n > max(self._entry.chain, SECTOR):
            raise OSError(*EIO)
        data = bytes(self._entry.data[self._at : self._at + n]).ljust(n, b"\xff")
        window[:n] = data
        self._at += n
        return n
