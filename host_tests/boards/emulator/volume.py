# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FAT volume as a PC sees it: changes are made on a copy of it, with ChaN's FatFs."""

import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fatfs  # type: ignore[import-untyped]

from host_tests.boards.emulator.errors import BoardError
from host_tests.boards.pc_drive import PC_CLOCK

SECTOR = 512
ENTRY = 32
LONG_NAME = 0x0F
FREE_ENTRIES = (0x00, 0xE5)
END_OF_CHAIN = 0xFF8


class Volume:
    """A whole volume's bytes, and where its parts are; sectors count from the volume's first."""

    def __init__(self, image: bytes) -> None:
        self.image = image
        reserved, fats, root_entries, total, fat_sectors = struct.unpack_from("<HBHHxH", image, 14)
        self.fat = range(reserved, reserved + fats * fat_sectors)
        self.data_start = self.fat.stop + root_entries * ENTRY // SECTOR
        self.cluster = image[13]
        self.total = total

    def sector(self, number: int) -> bytes:
        return self.image[number * SECTOR : (number + 1) * SECTOR]

    def next_cluster(self, cluster: int) -> int:
        """The FAT12 entry of a cluster."""
        at = self.fat.start * SECTOR + cluster * 3 // 2
        return int.from_bytes(self.image[at : at + 2], "little") >> (4 if cluster & 1 else 0) & 0xFFF

    def used_clusters(self) -> list[int]:
        last = (self.total - self.data_start) // self.cluster + 2
        return [cluster for cluster in range(2, last) if self.next_cluster(cluster)]

    def sectors_of(self, cluster: int) -> range:
        first = self.data_start + (cluster - 2) * self.cluster
        return range(first, first + self.cluster)

    def chain(self, first: int) -> set[int]:
        """The sectors of a file that begins with this cluster."""
        found: set[int] = set()
        while 2 <= first < END_OF_CHAIN:
            found.update(self.sectors_of(first))
            first = self.next_cluster(first)
        return found

    def changed(self, new: "Volume") -> list[int]:
        return [number for number in range(self.total) if self.sector(number) != new.sector(number)]

    # ---- files ----
    def read(self, name: str) -> bytes:
        with mounted(bytearray(self.image)) as partition:
            size = _stat(partition, name)["size"]
            return bytes(partition.read_file(_path(name))) if size else b""

    def names(self) -> list[str]:
        with mounted(bytearray(self.image)) as partition:
            return sorted(_walk(partition, ""))

    def with_file(self, name: str, data: bytes, now_ms: float) -> "tuple[Volume, set[int]]":
        """The volume after this file was written, and the sectors of its data."""
        image = bytearray(self.image)
        with mounted(image) as partition:
            folder = "/".join(_path(name).split("/")[:-1])
            if folder:
                partition.makedirs(folder, exist_ok=True)
            partition.write_file(_path(name), data)
            if _stat(partition, name)["size"] != len(data):
                raise BoardError(f"{name} does not fit: the drive is full")
        new = Volume(bytes(image))
        at = self._new_entry(new, name)
        image[at + 22 : at + 26] = _fat_time(PC_CLOCK + now_ms / 1000)
        first = int.from_bytes(image[at + 26 : at + 28], "little")
        return Volume(bytes(image)), new.chain(first)

    def without_file(self, name: str) -> "Volume":
        image = bytearray(self.image)
        with mounted(image) as partition:
            _stat(partition, name)
            partition.remove(_path(name))
        return Volume(bytes(image))

    def emptied(self, after: "Volume", name: str, own: set[int]) -> dict[int, bytes]:
        """The changed folder sectors of `after`, in which the file has an entry but none of its `own` data yet."""
        at = self._new_entry(after, name)
        image = bytearray(after.image)
        image[at + 26 : at + ENTRY] = bytes(6)  # first cluster and size
        number = at // SECTOR
        folders = [changed for changed in self.changed(after) if changed not in after.fat and changed not in own]
        sectors = {changed: after.sector(changed) for changed in folders}
        return {**sectors, number: bytes(image[number * SECTOR : (number + 1) * SECTOR])}

    def _new_entry(self, after: "Volume", name: str) -> int:
        """Where the folder entry is that differs: there is one short entry per file."""
        short = _short_hint(name)
        for number in self.changed(after):
            if number in self.fat:
                continue
            for at in range(number * SECTOR, (number + 1) * SECTOR, ENTRY):
                entry = after.image[at : at + ENTRY]
                is_file = entry[0] not in FREE_ENTRIES and entry[11] != LONG_NAME and entry[11] & 0x18 == 0
                if is_file and entry[: len(short)] == short and entry != self.image[at : at + ENTRY]:
                    return at
        raise BoardError(f"no folder entry was written for {name}")


def _short_hint(name: str) -> bytes:
    """The first letters of the short name."""
    stem = name.split("/")[-1].upper().lstrip(".").partition(".")[0]
    return "".join(c for c in stem if c.isalnum())[:2].encode()


def _fat_time(seconds: float) -> bytes:
    t = time.gmtime(seconds)
    clock = t.tm_hour << 11 | t.tm_min << 5 | t.tm_sec // 2
    return struct.pack("<HH", clock, (t.tm_year - 1980) << 9 | t.tm_mon << 5 | t.tm_mday)


@contextmanager
def mounted(image: bytearray) -> Iterator[Any]:
    """A FatFs partition on these bytes, which it changes."""
    partition = fatfs.create_extended_partition(fatfs.RamDisk(image, SECTOR))
    try:
        partition.mount()
    except fatfs.FatFSException as error:
        raise BoardError("the drive has no FAT volume") from error
    try:
        yield partition
    finally:
        partition.unmount()


def _path(name: str) -> str:
    return "/" + name.strip("/")


def _stat(partition: Any, name: str) -> Any:
    try:
        return partition.stat(_path(name))
    except OSError as error:
        raise BoardError(f"no file {name} on the drive") from error


def _walk(partition: Any, folder: str) -> Iterator[str]:
    for name in partition.listdir(folder or "/"):
        path = f"{folder}/{name}"
        if partition.stat(path)["is_dir"]:
            yield from _walk(partition, path)
        else:
            yield path[1:]
