# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A file on its way onto the medium, and the block writes that bring it there."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from host_tests.boards.virtual.drive.drive import Drive

Steps = list[tuple[str, Callable[[], None]]]  # area "fat" / "data" / "dir" / "empty", what it does


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


class Transfer:
    """The block writes of one host operation, in the order in which they reach the board."""

    def __init__(self, drive: "Drive", name: str, steps: Steps, pace_ms: float) -> None:
        self._drive, self._name, self._pace = drive, name, pace_ms
        self.pending = steps

    @property
    def done(self) -> bool:
        return not self.pending

    def resume(self, count: int | None = None) -> "Transfer":
        """Sends the next `count` block writes, or all that are left."""
        for _ in range(len(self.pending) if count is None else min(count, len(self.pending))):
            _, step = self.pending.pop(0)
            self._drive.host_step(step, self._pace, self._name)
        return self
