# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a UF2 file must be for an image to be built on it: CircuitPython, whole, and for this board."""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from uf2.blocks import Block, ImageError, join, read_blocks
from uf2.flash import NVM, PAGE
from uf2.release import BOARD, SHA256, VERSION

# What CircuitPython prints when it starts, and writes to boot_out.txt.
BANNER = re.compile(rb"Adafruit (CircuitPython [0-9][^ \0]* on [0-9-]{10}; [^\0]{1,80})\0")


class Base(NamedTuple):
    """A checked CircuitPython: its blocks, its banner, its version, and the SHA-256 of the file."""

    blocks: list[Block]
    banner: str
    version: str
    sha256: str

    @property
    def remark(self) -> str:
        """How it relates to the release that this project is tested with."""
        return (
            f"the official {VERSION}" if self.version == VERSION else f"not {VERSION}, which the project is tested with"
        )


def find_banner(image: bytes) -> str | None:
    """Version, date and board of the CircuitPython in these bytes, or None."""
    found = BANNER.search(image)
    return found[1].decode("ascii", "replace") if found else None


def parse_base(data: bytes, name: str) -> Base:
    """Base of the content of the file `name`. ImageError says in one sentence what it is instead."""
    blocks = read_blocks(data, name)
    for index, block in enumerate(blocks):
        if block.offset != index * PAGE:
            raise ImageError(f"{name}: block {index} is for flash 0x{block.offset:06X}, there is a hole before it.")
    if len(blocks) * PAGE > NVM:
        raise ImageError(f"{name} reaches flash 0x{len(blocks) * PAGE:06X}: 0x{NVM:06X} is kept for the slot ledger.")
    image = join(blocks)
    banner = find_banner(image)
    if not banner:
        raise ImageError(f"{name} is no CircuitPython: it names no version.")
    if b"\0" + BOARD.encode() + b"\0" not in image:
        raise ImageError(f"{name} is {banner}, not for {BOARD}.")
    base = Base(blocks, banner, banner.split()[1], hashlib.sha256(data).hexdigest())
    if base.version == VERSION and base.sha256 != SHA256:
        was = f"its SHA-256 begins with {base.sha256[:8]}, that of the release with {SHA256[:8]}"
        raise ImageError(f"{name} is not the {VERSION} that was released, or has changed since: {was}.")
    return base


def read_base(path: Path) -> Base:
    """Base of a local file; ImageError in one sentence."""
    try:
        return parse_base(path.read_bytes(), str(path))
    except OSError as error:
        raise ImageError(f"{path}: {error.strerror}.") from error
