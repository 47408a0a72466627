# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Reads a drive back with tools that had no part in making it: ChaN's FatFs, and dosfstools."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import fatfs  # type: ignore[import-untyped]

from uf2.blocks import ImageError
from uf2.drive_image import FAT_SECTOR, LABEL
from uf2.flash import DRIVE_SIZE

# A broken folder may hold itself.
MOST_FOLDERS = 256
# What the library raises on a broken volume; SystemError where a chain leads off it.
UNREADABLE = (OSError, SystemError)
# Where CircuitPython writes "NO NAME", and the label into the top folder alone; fsck.fat calls that a difference.
BOOT_LABEL = slice(43, 54)
# For whoever is not root these folders are often not in PATH.
SYSTEM_FOLDERS = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin", "/opt/homebrew/sbin"))


class Check(NamedTuple):
    """What dosfstools says: complaints (none: clean), free bytes or None, label."""

    complaints: str
    free: int | None
    label: str


def read_files(volume: bytes) -> dict[str, bytes | None]:
    """Every file on the drive, path -> content, None for what cannot be read; ImageError if there is no volume."""
    partition = fatfs.create_extended_partition(fatfs.RamDisk(bytearray(volume), FAT_SECTOR))
    try:
        partition.mount()
        return _walk(partition)
    except fatfs.FatFSException as error:
        raise ImageError("there is no FAT volume where the drive should be.") from error
    finally:
        partition.unmount()


def _walk(partition: fatfs.PartitionExtended) -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    folders = [""]
    for folder in folders:
        for name in _names(partition, folder):
            path = f"{folder}/{name}"
            try:
                status = partition.stat(path)
                if not status["is_dir"]:
                    found[path[1:]] = _read(partition, path, status["size"])
                elif len(folders) < MOST_FOLDERS:
                    folders.append(path)
            except UNREADABLE:
                found[path[1:]] = None
    return found


def _names(partition: fatfs.PartitionExtended, folder: str) -> list[str]:
    try:
        return partition.listdir(folder or "/")
    except UNREADABLE:
        return []


def _read(partition: fatfs.PartitionExtended, path: str, size: int) -> bytes | None:
    if size > DRIVE_SIZE:
        return None
    return partition.read_file(path) if size else b""


def tool(name: str) -> str:
    """Where a program of dosfstools is; ImageError says how to get it."""
    found = shutil.which(name, path=SYSTEM_FOLDERS)
    if not found:
        raise ImageError(f"{name} is not installed (apt install dosfstools, or brew install dosfstools).")
    return found


def check_volume(volume: bytes) -> Check:
    """What fsck.fat and fatlabel say about the drive; nothing is repaired."""
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder, "drive.img")
        image.write_bytes(volume)
        label = _run(tool("fatlabel"), image)[1].strip()
        image.write_bytes(volume[: BOOT_LABEL.start] + LABEL.ljust(11).encode() + volume[BOOT_LABEL.stop :])
        status, output = _run(tool("fsck.fat"), "-n", image)
    counts = re.search(r"(\d+)/(\d+) clusters", output)
    free = (int(counts[2]) - int(counts[1])) * FAT_SECTOR if counts else None
    return Check(" ".join(output.split()) if status or not counts else "", free, label)


def _run(*command: str | Path) -> tuple[int, str]:
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False)
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")
