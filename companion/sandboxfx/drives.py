# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The drives of boards among the computer's volumes."""

import json
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
VOLUMES = Path("/Volumes")
BOOT_OUT, IDENTITY, BOOT_LOADER = "boot_out.txt", "hardware_id.json", "INFO_UF2.TXT"
DEVICE_TYPE = "FXCore Sandbox"


@dataclass(frozen=True)
class Drive:
    """A board's drive.

    :param uid: the board's number, as its USB serial number has it; empty for a boot loader
    :param firmware: the version of FXCore Sandbox on it, empty if it holds something else
    """

    path: Path
    uid: str
    firmware: str

    @property
    def is_boot_loader(self) -> bool:
        """True for the drive that waits for a UF2 file."""
        return not self.uid


def find_drives(volumes: Iterable[Path] | None = None) -> list[Drive]:
    """Returns the drives of boards; one that goes while it is looked at is left out.

    :param volumes: where to look; None: wherever this system mounts drives
    """
    found = [_drive(volume) for volume in (_volumes() if volumes is None else volumes)]
    return [drive for drive in found if drive]


def mounted_fat(text: str) -> list[Path]:
    """Returns the mount points of FAT volumes in the text of Linux' mountinfo."""
    points = []
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        if after.split(" ", 1)[0] in ("vfat", "msdos"):
            escaped = before.split(" ")[4]
            points.append(Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), escaped)))
    return points


def _volumes() -> list[Path]:
    if sys.platform == "win32":
        return [Path(f"{letter}:\\") for letter in "DEFGHIJKLMNOPQRSTUVWXYZ"]
    if sys.platform == "darwin":
        return sorted(VOLUMES.iterdir())
    return mounted_fat(MOUNTS.read_text(errors="surrogateescape"))


def _drive(volume: Path) -> Drive | None:
    try:
        names = set(os.listdir(volume))
        if BOOT_LOADER in names and BOOT_OUT not in names:
            return Drive(volume, "", "")
        if BOOT_OUT not in names:
            return None
        uid = re.search(r"^UID:([0-9A-Fa-f]+)", (volume / BOOT_OUT).read_text(errors="replace"), re.MULTILINE)
        if not uid:
            return None
        return Drive(volume, uid[1].upper(), _firmware(volume) if IDENTITY in names else "")
    except OSError:
        return None


def _firmware(volume: Path) -> str:
    try:
        identity = json.loads((volume / IDENTITY).read_text(encoding="utf-8"))
    except ValueError:
        return ""
    if not isinstance(identity, dict) or identity.get("device_type") != DEVICE_TYPE:
        return ""
    return str(identity.get("firmware_version", ""))
