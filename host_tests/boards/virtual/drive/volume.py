# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The volume: a folder, and beside it what a FAT volume holds of a file that a PC has not finished writing.

The folder holds finished files. A file the host is writing is an Entry "in flight" whose directory entry, cluster
chain and data become true one after the other. After a change of the root directory the device keeps seeing the old
entry until it reads something else (`stale`).
"""

import os
from pathlib import Path


class Entry:
    """A file as the medium has it: `size` and `mtime` from the directory entry, `chain` bytes linked in the FAT."""

    def __init__(self, name: str, size: int, mtime: int, data: bytes | bytearray, listed: bool = True) -> None:
        self.name, self.size, self.mtime, self.listed = name, size, mtime, listed
        self.data = bytearray(data)
        self.chain = len(data)

    def copy(self) -> "Entry":
        twin = Entry(self.name, self.size, self.mtime, self.data, self.listed)
        twin.chain = self.chain
        return twin


class Volume:
    """What host and device share. `folder` holds the finished files; `label` is as the firmware has it.

    `vices`: the device sees what it read last of the root directory, and the firmware keeps the last block.
    """

    def __init__(self, folder: Path, label: str, vices: bool) -> None:
        self.folder, self.vices = folder, vices
        self.label, self.label_writes = label, 0
        self.stale: dict[str, Entry | None] = {}
        self.flight: dict[str, Entry] = {}
        self._places: list[str | None] = []  # of the root directory; None: free, the next new entry takes it

    def find(self, path: str) -> Path:
        """The folder's path for a name of any case; it need not exist."""
        found = self.folder
        for part in path.strip("/").split("/"):
            exact = found / part
            if not exact.exists() and found.is_dir():
                exact = next((p for p in found.iterdir() if p.name.lower() == part.lower()), exact)
            found = exact
        return found

    def in_order(self, names: dict[str, str]) -> list[str]:
        """The root directory's names (lower case: as written) in the order of their entries."""
        self._places = [place if place in names else None for place in self._places]
        for name in names:
            if name not in self._places:
                free = self._places.index(None) if None in self._places else len(self._places)
                self._places[free : free + 1] = [name]
        return [names[place] for place in self._places if place is not None]

    def rename(self, old: str, new: str) -> None:
        """The entry keeps its place."""
        os.replace(self.find(old), self.find(new))
        places = [None if place == new.lower() else place for place in self._places]
        self._places = [new.lower() if place == old.lower() else place for place in places]

    def finished(self, path: str) -> Entry | None:
        real = self.find(path)
        if not real.is_file():
            return None
        data = real.read_bytes()
        return Entry(real.name, len(data), int(real.stat().st_mtime) // 2 * 2, data)

    def open_entry(self, name: str) -> Entry:
        """The file as it is in flight from now on."""
        key = name.lower()
        if key not in self.flight:
            self.flight[key] = self.finished(name) or Entry(name.strip("/"), 0, 0, b"", listed=False)
        return self.flight[key]

    def land(self, name: str, data: bytes | None, mtime: int) -> None:
        """The file has come to rest with this content; None: it is deleted."""
        del self.flight[name.lower()]
        path = self.find(name)
        if data is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (mtime, mtime))

    def note_stale(self, name: str) -> None:
        """What the device sees of this root entry until it has read another sector."""
        key = name.lower()
        if not self.vices or "/" in key.strip("/") or key in self.stale:
            return
        now = self.flight.get(key) or self.finished(name)
        self.stale[key] = now.copy() if now is not None and now.listed else None

    def keep_boot_output(self, text: str) -> bool:
        """What the firmware writes into boot_out.txt; True: it had to be written."""
        path, data = self.folder / "boot_out.txt", text.encode()
        if path.is_file() and path.read_bytes() == data:
            return False
        path.write_bytes(data)
        return True
