# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How a PC writes a drive, the same for the virtual board and the emulated one."""

from collections.abc import Callable

PC_CLOCK = 1735689600  # the PC's date at power-on, 2025-01-01 UTC: file times follow the board's time
# In which order a file's cluster chain, data and directory entry reach the drive.
ORDERS = {
    "fat-first": "fat data dir",
    "data-first": "data fat dir",  # macOS, the entry up to a minute later; Linux when all is due
    "dir-first": "dir fat data",
    "metadata-first": "fat dir data",  # Linux, which writes data and metadata on their own
    "windows": "data dir fat",  # the FAT of a small drive up to 90 s later
    "empty-first": "empty fat data dir",  # a file of 0 bytes first, as many copy programs do
    "windows-anew": "empty data dir fat",
}


class Transfer:
    """The block writes of one file operation, in the order in which they go to the board.

    `pending`: (area "fat" / "data" / "dir" / "empty", what sends the block) of what is left.
    """

    def __init__(self, writes: list[tuple[str, Callable[[], None]]]) -> None:
        self.pending = writes

    @property
    def done(self) -> bool:
        return not self.pending

    def resume(self, count: int | None = None) -> "Transfer":
        """Sends the next `count` block writes, or all that are left."""
        for _ in range(len(self.pending) if count is None else min(count, len(self.pending))):
            _, write = self.pending[0]
            write()
            self.pending.pop(0)
        return self
