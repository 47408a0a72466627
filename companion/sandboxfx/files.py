# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Files of the user: read whole, written whole or not at all."""

import os
from pathlib import Path

from sandboxfx.errors import SandboxError

UNREADABLE = "file-unreadable"
UNWRITABLE = "file-unwritable"
# A program of 1,024 instructions with every line explained has a few hundred KB; nothing that belongs here is larger.
LARGEST = 16 * 1024 * 1024


def read_file(path: Path) -> bytes:
    """Returns a file's content. SandboxError says why it cannot."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SandboxError(UNREADABLE, f"{path}: {error.strerror or error}.", "Check the name.") from error
    if len(content) > LARGEST:
        raise SandboxError(UNREADABLE, f"{path}: over {LARGEST >> 20} MB: that is no program.", "Check the name.")
    return content


def write_file(path: Path, text: str) -> None:
    """Writes a text file, LF as it is: all of it, or nothing. SandboxError says why not."""
    whole = path if path.exists() and not path.is_file() else path.with_name(path.name + ".part")
    try:
        with whole.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if whole != path:
            os.replace(whole, path)
    except OSError as error:
        if whole != path:
            whole.unlink(missing_ok=True)
        raise SandboxError(
            UNWRITABLE, f"{path}: {error.strerror or error}.", "Name a place that you can write to with -o."
        ) from error
