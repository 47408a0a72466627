# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Reads an image back and compares it with the source tree: `make verify UF2=file`.

`python -m uf2.verify IMAGE [--base FILE] [--clean]` prints a table; exit status 1 if anything differs.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from uf2.base import find_banner, read_base
from uf2.blocks import Block, ImageError, check_sectors, join, read_blocks
from uf2.compiled import compile_files
from uf2.drive_image import LABEL, QUIET_FILES, compose
from uf2.files import SETTINGS, StageError, device_files
from uf2.flash import DRIVE, END, NVM, PAGE, SECTOR
from uf2.image import ERASED, uf2_file
from uf2.readback import check_volume, read_files
from uf2.release import SHA256, VERSION
from uf2.variants import DRIVE_IMAGE, VARIANTS, image_name


class Row(NamedTuple):
    """One line of the table."""

    good: bool
    what: str
    found: str


def find_variant(name: str, settings: bytes | None) -> str | None:
    """The variant that the image's name or, for another name, its settings say it is; None: of none."""
    for variant in VARIANTS:
        if Path(name).name == image_name(variant):
            return variant
    for variant in VARIANTS:
        if device_files(variant)[SETTINGS] == settings:
            return variant
    return None


def check_interpreter(blocks: list[Block], name: str, base_path: str | None) -> Iterator[Row]:
    """The file that the interpreter was taken from, made again of its blocks, is the official one or the one named."""
    if not blocks:
        whole = Path(name).name in map(image_name, VARIANTS)
        yield Row(not whole, "interpreter", "none" if whole else "none: the board keeps the one it has")
        return
    banner = find_banner(join(blocks))
    wanted = read_base(Path(base_path).expanduser()).sha256 if base_path else SHA256
    sums = list(_possible_sums(blocks))
    origin = base_path or f"the official {VERSION}"
    said = f"{len(blocks)} blocks, {banner or 'no CircuitPython'}"
    yield Row(banner is not None and Path(name).name != DRIVE_IMAGE, "interpreter", said)
    yield Row(wanted in sums, "base SHA-256", wanted if wanted in sums else f"{sums[-1]}, not that of {origin}")


def _possible_sums(blocks: list[Block]) -> Iterator[str]:
    """SHA-256 of the file without the last 0, 1, 2... erased pages: any of them may have been put there as a filler."""
    for fill in range(SECTOR // PAGE):
        if fill and blocks[-fill].payload != ERASED:
            return
        yield hashlib.sha256(uf2_file(blocks[: len(blocks) - fill])).hexdigest()


def check_ledger(blocks: list[Block], clean: bool) -> Row:
    """The sector of the slot ledger is left alone or, where that is wanted, erased."""
    if not blocks:
        return Row(not clean, "slot ledger", "kept: in no block")
    if [block.payload for block in blocks] != [ERASED] * (SECTOR // PAGE):
        return Row(False, "slot ledger", "overwritten with something")
    return Row(clean, "slot ledger", "forgotten" if clean else "forgotten, as by an image made with CLEAN=1")


def compare_files(found: dict[str, bytes | None], wanted: dict[str, bytes]) -> Iterator[Row]:
    """One row for all files that are as they should be, one for each that is not."""
    bad = sorted(name for name in {*found, *wanted} if name not in found or found[name] != wanted.get(name))
    good = len(wanted) - len(set(bad) & set(wanted))
    yield Row(not bad, "files", f"{good} of {len(wanted)} identical to the source tree")
    for name in bad:
        yield Row(False, "file", f"{name} {_difference(found.get(name), wanted.get(name), name in found)}")


def _difference(found: bytes | None, wanted: bytes | None, present: bool) -> str:
    if not present:
        return "is missing"
    if wanted is None:
        return "does not belong there"
    if found is None:
        return "cannot be read"
    common = min(len(found), len(wanted))
    at = next((i for i in range(common) if found[i] != wanted[i]), common)
    return f"differs from byte {at} on"


def check_drive(volume: bytes, name: str) -> Iterator[Row]:
    """Compares the drive with what make drive would put there. Files are read only from a sound file system."""
    check = check_volume(volume)
    yield Row(not check.complaints, "file system", check.complaints or "fsck.fat finds nothing wrong")
    yield Row(check.label == LABEL, "label", check.label)
    if check.complaints:
        return
    found = read_files(volume)
    variant = find_variant(name, found.get(SETTINGS))
    if variant is None:
        yield Row(False, "variant", f"{SETTINGS} is that of no variant.")
        return
    wanted, modules = device_files(variant), "source"
    if any(path.endswith(".mpy") for path in found):
        wanted, modules = compile_files(wanted), "compiled"
    values = ", ".join(f"{key} = {value}" for key, value in VARIANTS[variant].items())
    yield Row(found.get(SETTINGS) == wanted[SETTINGS], "variant", f"{variant}: {values}")
    yield Row(True, "modules", modules)
    yield from compare_files(found, {**QUIET_FILES, **wanted})
    expected = compose(wanted)
    free = check_volume(expected).free
    yield Row(check.free == free, "free space", f"{check.free} bytes, {free} expected")
    differing = sum(a != b for a, b in zip(volume, expected, strict=True))
    yield Row(not differing, "whole drive", f"{differing or 'no'} bytes differ, free space included")


def check_image(data: bytes, name: str, base_path: str | None, clean: bool) -> Iterator[Row]:
    """All rows for one image; the table ends where nothing further can be read."""
    try:
        blocks = read_blocks(data, name)
        check_sectors(blocks, name)
    except ImageError as error:
        yield Row(False, "blocks", str(error))
        return
    yield Row(True, "blocks", f"{len(blocks)}, numbered throughout, family RP2040, in whole sectors")
    yield from check_interpreter([block for block in blocks if block.offset < NVM], name, base_path)
    yield check_ledger([block for block in blocks if NVM <= block.offset < DRIVE], clean)
    drive = [block for block in blocks if block.offset >= DRIVE]
    whole = [block.offset for block in drive] == list(range(DRIVE, END, PAGE))
    yield Row(whole, "drive", f"{len(drive)} blocks at flash 0x{DRIVE:06X}")
    if whole:
        yield from check_drive(join(drive), name)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make verify", usage="make verify UF2=file [BASE=path] [CLEAN=1]")
    parser.add_argument("image")
    parser.add_argument("--base")
    parser.add_argument("--clean", action="store_true")
    options = parser.parse_args(arguments)
    good = True
    try:
        if not options.image:
            raise ImageError("say which: make verify UF2=file [BASE=path] [CLEAN=1]")
        path = Path(options.image).expanduser()
        for row in check_image(path.read_bytes(), str(path), options.base, options.clean):
            good = good and row.good
            print(f"{'ok' if row.good else 'DIFFERS':8}{row.what:14}{row.found}")
    except (OSError, StageError) as error:
        good = False
        what = f"{error.filename}: {error.strerror}." if isinstance(error, OSError) else str(error)
        print(f"make verify: {what}", file=sys.stderr)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
