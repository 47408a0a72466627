# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The project's own programs as the demo's examples, and names for what the virtual chip holds."""

from pathlib import Path
from zlib import crc32

from host_tests.boards.programs.generate import FOLDER, NAMES, blocks
from host_tests.boards.virtual.fxcore.parts import FACTORY_IMAGE, Image

EXAMPLES = {f"examples/{name}.hex": (FOLDER / f"{name}.hex").read_text(encoding="ascii") for name in NAMES}
_KNOWN = {FACTORY_IMAGE: "factory", **{blocks(text): Path(path).stem for path, text in EXAMPLES.items()}}
_BY_TEXT = {text.encode(): Path(path).stem for path, text in EXAMPLES.items()}


def name_of(image: Image | None) -> str:
    """A short name: an example's, "factory", "empty", or one made of the program's CRC."""
    if image is None:
        return "empty"
    return _KNOWN.get(image) or f"own-{crc32(b''.join(image)) & 0xFFFF:04X}"


def described(image: Image | None) -> str:
    if image is None:
        return "empty"
    count = (len(image.program) - 2) // 4
    return f"{name_of(image)} ({count} instruction{'s' * (count != 1)})"


def name_of_text(data: bytes) -> str:
    """The example that this file is, or ""."""
    return _BY_TEXT.get(data, "")
