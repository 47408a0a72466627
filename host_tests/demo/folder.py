# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The folder that is the drive: what the demo puts there, and what it finds there."""

import shutil
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from host_tests.boards.virtual.board import REPOSITORY
from host_tests.demo.programs import EXAMPLES, HEX, SOURCE, name_of_text

PROGRAM_NAMES = ("output", *(f"{slot:x}" for slot in range(16)))
PROGRAM_FILES = tuple(name + kind for name in PROGRAM_NAMES for kind in (SOURCE, HEX))
RUNNING_FILES = ("output" + SOURCE, "output" + HEX)


class Listed(NamedTuple):
    name: str
    program: str  # an example's name, or ""
    size: int | None  # None: a folder


def prepare(folder: Path) -> None:
    """What a drive has, as far as it is missing, and the examples in a folder of their own."""
    (folder / "lib").mkdir(parents=True, exist_ok=True)
    (folder / "examples").mkdir(exist_ok=True)
    if not (folder / "settings.toml").exists():
        shutil.copyfile(REPOSITORY / "settings.toml", folder / "settings.toml")
    for name, text in EXAMPLES.items():
        (folder / name).write_text(text, encoding="ascii")


def program_files(folder: Path) -> list[str]:
    """The files that mean something to the device."""
    return [path.name for path in sorted(folder.glob("*")) if path.name.lower() in PROGRAM_FILES]


def listing(folder: Path) -> list[Listed]:
    """What a user sees: programs first, then other files, folders last; hidden ones not at all."""
    return sorted(filter(None, map(_listed, folder.glob("[!.]*"))), key=_place)


def _listed(path: Path) -> Listed | None:
    try:
        stat = path.stat()
        if path.is_dir():
            return Listed(path.name + "/", "", None)
        return Listed(path.name, _program(path, stat.st_mtime_ns, stat.st_size), stat.st_size)
    except OSError:  # gone while we look
        return None


@lru_cache(maxsize=256)
def _program(path: Path, mtime_ns: int, size: int) -> str:
    """Read again only when the file has changed."""
    return name_of_text(path.read_bytes()) if path.suffix.lower() in (SOURCE, HEX) else ""


def _place(entry: Listed) -> tuple[bool, bool, bool, str]:
    name = entry.name.lower()
    return entry.size is None, name not in PROGRAM_FILES, name not in RUNNING_FILES, name
