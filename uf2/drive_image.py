# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Composes the drive: a FAT12 volume, laid out as CircuitPython formats it; the same bytes for the same files."""

import time

import folder2uf2  # type: ignore[import-untyped]

from uf2.blocks import ImageError
from uf2.flash import DRIVE_SIZE

LABEL = "CIRCUITPY"
FAT_SECTOR = 512
# Ever the same: an image tells what is in it, not who made it and when.
SERIAL = 0x5A4DF8C0
DATE = (2026, 1, 1, 12, 0, 0, 0, 1, -1)
# What CircuitPython puts on a new drive, so that desktops leave nothing there.
QUIET_FILES: dict[str, bytes] = dict(folder2uf2.EXTRA_FILES)
FORBIDDEN = set('"*/:<>?\\|\x7f')
NAME_LENGTH = 255


def check_names(names: list[str]) -> None:
    """Raise ImageError for what a FAT drive cannot hold, or takes for one name: capitals make no difference."""
    taken: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        for part in parts:
            cause = _bad_name(part)
            if cause:
                raise ImageError(f"{name!r} cannot be on the drive: {cause}.")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth]) + ("/" if depth < len(parts) else "")
            present = taken.setdefault(path.rstrip("/").lower(), path)
            if present != path:
                raise ImageError(f"{present!r} and {path!r} are the same name on the drive.")


def _bad_name(part: str) -> str:
    if not part or part in (".", ".."):
        return "a part of its name is empty"
    if len(part) > NAME_LENGTH:
        return f"a part of its name is longer than {NAME_LENGTH} characters"
    if not part.isascii() or any(c in FORBIDDEN or c < " " for c in part):
        return 'names there are ASCII without " * / : < > ? \\ |'
    return "a part of its name ends with a dot or a space" if part[-1] in ". " else ""


def _tree(files: dict[str, bytes], now: float) -> folder2uf2.Node:
    root = folder2uf2.Node("", is_dir=True, ts=now)
    folders = {"": root}
    for path, content in files.items():
        *above, name = path.split("/")
        for depth, part in enumerate(above):
            inner = "/".join(above[: depth + 1])
            if inner not in folders:
                folders[inner] = folder2uf2.Node(part, is_dir=True, ts=now)
                folders["/".join(above[:depth])].children.append(folders[inner])
        folders["/".join(above)].children.append(folder2uf2.Node(name, data=content, ts=now))
    return root


def compose(files: dict[str, bytes]) -> bytes:
    """The whole drive, 1 MiB, with these files (path -> content) and CircuitPython's own hidden ones.

    ImageError says in one sentence what cannot be there.
    """
    files = {**QUIET_FILES, **files}
    check_names(list(files))
    # The library turns this into local time, which is the same date and hour wherever it is done.
    now = time.mktime(DATE)
    builder = folder2uf2.FatBuilder(folder2uf2.Geometry(DRIVE_SIZE // FAT_SECTOR), LABEL, SERIAL, now)
    try:
        builder.layout(_tree(files, now))
    except ValueError as error:
        size = sum(map(len, files.values()))
        raise ImageError(f"the drive is full: {len(files)} files, {size} bytes in all ({error}).") from error
    return bytes(builder.image)
