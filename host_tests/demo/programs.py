# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The programs on the demo's drive, each as source and as HEX, and names for what the virtual chip holds."""

from pathlib import Path
from zlib import crc32

from host_tests.boards.programs.committed import EXAMPLES as SHIPPED_FOLDER
from host_tests.boards.programs.generate import FOLDER, NAMES, blocks
from host_tests.boards.virtual.fxcore.parts import FACTORY_IMAGE, Image

SOURCE, HEX = ".fxc", ".hex"
OWN = [FOLDER / name for name in NAMES]
SHIPPED = sorted(path.with_suffix("") for path in SHIPPED_FOLDER.glob("*" + SOURCE))
EXAMPLES = {
    f"examples/{path.name}{kind}": path.with_suffix(kind).read_text(encoding="ascii")
    for path in (*OWN, *SHIPPED)
    for kind in (SOURCE, HEX)
}
_KNOWN = {blocks(text): Path(path).stem for path, text in EXAMPLES.items() if path.endswith(HEX)}
_KNOWN[FACTORY_IMAGE] = "factory"
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
