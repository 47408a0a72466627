# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The drive as a PC uses it: mounted once, its FAT and folders cached, changes sent as SCSI block writes."""

from collections.abc import Callable
from functools import partial as partial_call

from host_tests.boards.emulator.errors import BoardError
from host_tests.boards.emulator.link import Link
from host_tests.boards.emulator.volume import SECTOR, Volume
from host_tests.boards.pc_drive import ORDERS, Transfer

MOST_SECTORS = 64  # per read command
TEST_UNIT_READY, REQUEST_SENSE, MODE_SENSE, READ_10, WRITE_10 = 0x00, 0x03, 0x1A, 0x28, 0x2A
DELETE_ORDER = "dir fat data"
Parts = dict[str, dict[int, bytes]]  # area -> changed sectors with their new content


class Drive:
    """The drive over USB; board.flash_image() looks into the flash chip instead."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._seen: Volume | None = None  # the PC's view
        self._start = 0
        self._open: Transfer | None = None

    # ---- SCSI ----
    def _scsi(self, cdb: bytes, length: int = 0, data: bytes | None = None) -> bytes:
        fields = {"data": data.hex()} if data is not None else {"length": length}
        return self._link.transfer(f"SCSI command 0x{cdb[0]:02x}", "scsi", cdb=cdb.hex(), **fields)

    def _read_sectors(self, first: int, count: int) -> bytes:
        return self._scsi(_block_command(READ_10, self._start + first, count), count * SECTOR)

    def _write_sectors(self, first: int, data: bytes, pace_ms: float) -> None:
        self._scsi(_block_command(WRITE_10, self._start + first, len(data) // SECTOR), data=data)
        if pace_ms:
            self._link.run(pace_ms)

    # ---- the PC's view ----
    def mount(self) -> None:
        """Reads partition table, FAT, folders and all used clusters over USB, forgetting what was cached."""
        self._await_ready()
        # With the question whether it may write, the PC takes that right from the board's program.
        self._scsi(bytes((MODE_SENSE, 0, 0x3F, 0, 4, 0)), 4)
        self._start = 0
        self._start = int.from_bytes(self._read_sectors(0, 1)[454:458], "little")
        volume = Volume(self._read_sectors(0, 1))
        image = bytearray(volume.total * SECTOR)
        self._fill(image, range(volume.data_start))
        volume = Volume(bytes(image))
        used = [sector for cluster in volume.used_clusters() for sector in volume.sectors_of(cluster)]
        for run in _runs(used, MOST_SECTORS):
            self._fill(image, range(run[0], run[-1] + 1))
        self._seen, self._open = Volume(bytes(image)), None

    def forget(self) -> None:
        """The board is gone, and with it what the PC had cached."""
        self._seen = None

    def _await_ready(self) -> None:
        for _ in range(5):
            try:
                self._scsi(bytes((TEST_UNIT_READY, 0, 0, 0, 0, 0)))
                return
            except BoardError:
                self._scsi(bytes((REQUEST_SENSE, 0, 0, 0, 18, 0)), 18)
                self._link.run(100)

    def _fill(self, image: bytearray, sectors: range) -> None:
        for at in range(sectors.start, sectors.stop, MOST_SECTORS):
            count = min(MOST_SECTORS, sectors.stop - at)
            image[at * SECTOR : (at + count) * SECTOR] = self._read_sectors(at, count)

    def _mounted(self) -> Volume:
        if self._seen is None:
            self.mount()
        if self._open and not self._open.done:
            raise BoardError("the last write is unfinished: resume() it, or mount() to give it up")
        assert self._seen is not None
        return self._seen

    # ---- files ----
    def write(
        self, name: str, data: bytes | str, pace_ms: float = 0, order: str = "fat-first",
        partial: int | None = None, block: int = 8,
    ) -> Transfer:  # fmt: skip
        """Creates or replaces a file.

        order: in which FAT, data and folder entry go out, see ORDERS; "dir-first": the file looks complete before its
        data is there. partial: stop after so many block writes; resume() the result for the rest. block: sectors per
        write command at most. pace_ms: pause after each command.
        """
        old = self._mounted()
        new, own = old.with_file(name, data.encode() if isinstance(data, str) else bytes(data), self._link.now_ms)
        parts = _parts(old, new, own)
        parts["empty"] = old.emptied(new, name, own) if "empty" in ORDERS[order] else {}
        return self._send(new, parts, ORDERS[order], pace_ms, partial, block)

    def delete(self, name: str, pace_ms: float = 0, partial: int | None = None) -> Transfer:
        """Deletes a file: folder entry first, then the FAT."""
        old = self._mounted()
        new = old.without_file(name)
        return self._send(new, _parts(old, new, set()), DELETE_ORDER, pace_ms, partial, 8)

    def read(self, name: str) -> bytes:
        """A file as a PC that mounts the drive now reads it."""
        self.mount()
        return self._mounted().read(name)

    def list(self) -> list[str]:
        """All file names, from a fresh mount."""
        self.mount()
        return self._mounted().names()

    def files(self) -> dict[str, bytes]:
        """All files as the PC has them, without looking at the board again."""
        volume = self._mounted()
        return {name: volume.read(name) for name in volume.names()}

    def _send(
        self,
        new: Volume,
        parts: dict[str, dict[int, bytes]],
        order: str,
        pace_ms: float,
        partial: int | None,
        block: int,
    ) -> Transfer:
        writes: list[tuple[str, Callable[[], None]]] = []
        for area in order.split():
            for run in _runs(list(parts[area]), block):
                data = b"".join(parts[area][number] for number in run)
                writes.append((area, partial_call(self._write_sectors, run[0], data, pace_ms)))
        self._seen, self._open = new, Transfer(writes)
        return self._open.resume(partial)


def _parts(old: Volume, new: Volume, own: set[int]) -> Parts:
    parts: Parts = {"fat": {}, "data": {}, "dir": {}}
    for number in old.changed(new):
        area = "fat" if number in old.fat else "data" if number in own else "dir"
        parts[area][number] = new.sector(number)
    return parts


def _runs(numbers: list[int], most: int) -> list[list[int]]:
    """Neighbours together, at most so many."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1 and len(runs[-1]) < most:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _block_command(code: int, block: int, count: int) -> bytes:
    return bytes((code, 0, *block.to_bytes(4, "big"), 0, *count.to_bytes(2, "big"), 0))
