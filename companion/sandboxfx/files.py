# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Files of the user: read whole, written whole or not at all."""

import os
from contextlib import suppress
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


def write_files(texts: dict[Path, str]) -> None:
    """Writes text files, LF as it is: all of them whole, or none. SandboxError says why not."""
    parts = {path: path.with_name(path.name + ".part") for path in texts if path.is_file() or not path.exists()}
    path = Path()
    try:
        for path, text in texts.items():
            with parts.get(path, path).open("w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        for path, part in parts.items():
            os.replace(part, path)
    except OSError as error:
        cure = "Name a place that you can write to."
        raise SandboxError(UNWRITABLE, f"{path}: {error.strerror or error}.", cure) from error
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()
