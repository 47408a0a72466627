# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Makes the folder that is a board's drive."""

import os
from collections.abc import Mapping
from pathlib import Path

from host_tests.boards.pc_drive import PC_CLOCK

# What CircuitPython puts on a drive it formats itself.
FACTORY_FILES: dict[str, bytes | str] = {
    ".fseventsd/no_log": "",
    ".metadata_never_index": "",
    ".Trashes": "",
    ".Trash-1000": "",
    "sd/placeholder.txt": "SD cards mounted at /sd will hide this file from Python.\n",
    "settings.toml": "",
    "lib/": "",
}


def fill(folder: Path, files: Mapping[str, bytes | str]) -> None:
    """A new drive with these files; a name that ends in "/" is a folder."""
    for name, data in {**FACTORY_FILES, **files}.items():
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(data.encode() if isinstance(data, str) else data)
    for path in folder.rglob("*"):
        os.utime(path, (PC_CLOCK, PC_CLOCK))


def settings_text(settings: Mapping[str, int | str]) -> str:
    """settings.toml with these keys."""
    return "".join(
        f'{key} = "{value}"\n' if isinstance(value, str) else f"{key} = {value}\n" for key, value in settings.items()
    )
