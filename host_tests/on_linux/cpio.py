# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""An initramfs: an uncompressed cpio archive (newc)."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    name: str
    mode: int
    content: bytes = b""
    device: tuple[int, int] = (0, 0)


# Without these the kernel has nowhere to write before the guest's first process has mounted /dev.
DEVICES = (
    Entry("dev/console", stat.S_IFCHR | 0o600, device=(5, 1)),
    Entry("dev/null", stat.S_IFCHR | 0o666, device=(1, 3)),
)


def archive(entries: Iterable[Entry]) -> bytes:
    made = bytearray()
    for number, entry in enumerate([*entries, Entry("TRAILER!!!", 0)], 1):
        name = entry.name.encode() + b"\0"
        fields = (number, entry.mode, 0, 0, 1, 0, len(entry.content), 0, 0, *entry.device, len(name), 0)
        made += b"070701" + b"".join(b"%08X" % field for field in fields) + name
        made += bytes(-len(made) % 4) + entry.content
        made += bytes(-len(made) % 4)
    return bytes(made) + bytes(-len(made) % 512)


def tree(folder: Path) -> Iterator[Entry]:
    """Everything in a folder."""
    for top, folders, files in os.walk(folder):
        for name in sorted(folders + files):
            path = Path(top, name)
            mode = path.lstat().st_mode
            content = b""
            if stat.S_ISLNK(mode):
                content = os.readlink(path).encode()
            elif stat.S_ISREG(mode):
                content = path.read_bytes()
            yield Entry(path.relative_to(folder).as_posix(), mode, content)
