# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Puts interpreter and drive into UF2 files: `make uf2`.

`python -m uf2.image [--base FILE] [--variant NAME] [--source] [--clean] [--out FOLDER]` writes the image of every
variant, and the drive of one variant alone.
"""

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

import folder2uf2  # type: ignore[import-untyped]

from uf2.base import Base
from uf2.blocks import Block, check_sectors
from uf2.compiled import shipped_files
from uf2.drive_image import compose
from uf2.files import ROOT, StageError, write_whole
from uf2.firmware import find_base
from uf2.flash import DRIVE, FAMILY_RP2040, NVM, PAGE, SECTOR, XIP_BASE
from uf2.variants import DEFAULT, DRIVE_IMAGE, VARIANTS, image_name

OUT = ROOT / "build"
SUMS = "SHA256SUMS"
ERASED = b"\xff" * PAGE


def interpreter_blocks(base: Base) -> list[Block]:
    """CircuitPython with its last sector filled up: the boot ROM would not erase what follows (see check_sectors)."""
    end = len(base.blocks) * PAGE
    return base.blocks + [Block(offset, ERASED) for offset in range(end, end + -end % SECTOR, PAGE)]


def ledger_blocks() -> list[Block]:
    """The sector of the slot ledger, erased. Without these blocks flashing leaves it as it is."""
    return [Block(offset, ERASED) for offset in range(NVM, NVM + SECTOR, PAGE)]


def drive_blocks(files: dict[str, bytes]) -> list[Block]:
    """The whole drive, its free space included: nothing of a drive that was there before is left."""
    return [Block(offset, payload) for offset, payload in folder2uf2.image_blocks(compose(files), DRIVE)]


def uf2_file(blocks: list[Block]) -> bytes:
    """A UF2 file of these blocks, numbered from the first to the last."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "blocks.uf2")
        pages = [(XIP_BASE + offset, payload) for offset, payload in blocks]
        folder2uf2.write_uf2_blocks(path, pages, FAMILY_RP2040)
        return path.read_bytes()


def compose_images(base: Base, drive_variant: str, source: bool, clean: bool) -> dict[str, bytes]:
    """All images, name -> content: one of each variant, and the drive of one of them alone."""
    drives = {variant: drive_blocks(shipped_files(variant, source)) for variant in VARIANTS}
    interpreter, ledger = interpreter_blocks(base), ledger_blocks() if clean else []
    images = {image_name(variant): interpreter + ledger + drive for variant, drive in drives.items()}
    images[DRIVE_IMAGE] = ledger + drives[drive_variant]
    for name, blocks in images.items():
        check_sectors(blocks, name)
    return {name: uf2_file(blocks) for name, blocks in images.items()}


def list_sums(images: dict[str, bytes]) -> bytes:
    """What `sha256sum --check` reads."""
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in images.items()).encode()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make uf2", usage="make uf2 [BASE=path] [VARIANT=name] [SOURCE=1] [CLEAN=1]")
    parser.add_argument("--base")
    parser.add_argument("--variant", default=DEFAULT, help=f"of {DRIVE_IMAGE}")
    parser.add_argument("--source", action="store_true")
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args(arguments)
    try:
        if options.variant not in VARIANTS:
            raise StageError(f"VARIANT is {' or '.join(VARIANTS)}, not {options.variant}.")
        base = find_base(options.base)
        images = compose_images(base, options.variant, options.source, options.clean)
        write_whole(options.out, {**images, SUMS: list_sums(images)})
    except StageError as error:
        print(f"make uf2: {error}", file=sys.stderr)
        return 1
    print(f"{base.banner} ({base.remark})")
    for name, data in images.items():
        print(f"{len(data):9} {options.out / name}")
    print(f"SHA-256 sums are in {options.out / SUMS}.")
    print("Flashing one replaces the whole CIRCUITPY drive, the user's files on it included.")
    if options.clean:
        print("CLEAN: flashing also forgets which slots hold what; the chip's slots themselves are not touched.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
