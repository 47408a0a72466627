# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How the device's files get into a folder or onto its drive, with the user's files and settings left as they are.

`python -m uf2.stage FOLDER [--variant NAME] [--mpy]` is what `make drive` runs.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import NamedTuple

from uf2.compiled import compile_files
from uf2.files import (
    EXAMPLES,
    LIBRARY_MODULES,
    LIBRARY_PACKAGES,
    PACKAGES,
    ROOT,
    SETTINGS,
    StageError,
    device_files,
    set_values,
)
from uf2.variants import DEFAULT, VARIANTS

OWN_FOLDERS = (*PACKAGES, *LIBRARY_PACKAGES)

# One of these in a folder that is not empty says that it is a board's drive, or was made here.
DRIVE_MARKS = ("boot_out.txt", "hardware_id.json", "code.py", SETTINGS)
SOURCE_MARKS = (".git", "uf2/stage.py")
USAGE = "make drive DIR=path [VARIANT=disk-hid|disk|dev] [MPY=1]"
# CircuitPython takes this one first and never looks at code.py.
RIVAL = "code.txt"


class Report(NamedTuple):
    """What stage() did, as paths below the folder, and what the user should know."""

    written: list[str]
    unchanged: list[str]
    removed: list[str]
    notes: list[str]


def _refusal(folder: Path) -> str | None:
    """Why this folder cannot or must not become a device, or None."""
    if not folder.exists():
        return "does not exist: mount the drive or make the folder first."
    if not folder.is_dir():
        return "is not a folder."
    if folder.resolve() in (ROOT, *ROOT.parents) or any((folder / mark).exists() for mark in SOURCE_MARKS):
        return "is or holds the source tree, not a drive."
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return "cannot be read and written."
    visible = [entry.name for entry in folder.iterdir() if not entry.name.startswith(".")]
    if set(visible) - {"System Volume Information"} and not any((folder / mark).exists() for mark in DRIVE_MARKS):
        return "is neither empty nor a CIRCUITPY drive: name another folder."
    return None


def _own_settings(folder: Path, variant: str | None, shipped: bytes) -> tuple[bytes, str]:
    """The settings.toml to write where the user may have one already, and what to say about it."""
    path = folder / SETTINGS
    present = path.read_bytes() if path.is_file() else b""
    untouched = {device_files(each)[SETTINGS] for each in VARIANTS} if variant else {shipped}
    if not present.strip() or present in untouched:
        return shipped, f"{SETTINGS} is that of variant {variant or DEFAULT}."
    if variant is None:
        return present, f"{SETTINGS} on the drive kept as it is (VARIANT=... sets that variant's values in it)."
    values = VARIANTS[variant]
    text = set_values(present.decode(errors="surrogateescape"), values)
    note = f"{SETTINGS} on the drive kept, with {', '.join(f'{key} = {value}' for key, value in values.items())}."
    return text.encode(errors="surrogateescape"), note


def _stale(folder: Path, wanted: set[str]) -> list[Path]:
    """Files in the places of the device's own that do not belong there; names compared as FAT does."""
    known = {name.lower() for name in wanted}
    found = [path for package in OWN_FOLDERS for path in (folder / package).rglob("*")]
    found += [folder / name for name in LIBRARY_MODULES if (folder / name).is_file()]
    files = (path for path in found if path.is_symlink() or not path.is_dir())
    return sorted(path for path in files if path.relative_to(folder).as_posix().lower() not in known)


def _check_room(folder: Path, changed: dict[str, bytes], stale: list[Path]) -> None:
    """Raise StageError unless all that changed will fit once the stale files are gone."""
    volume = os.statvfs(folder)
    cluster = volume.f_frsize

    def room(size: int) -> int:
        return -(-size // cluster) * cluster

    present = [path for path in (folder / name for name in changed) if path.is_file()]
    new_folders = {parent for name in changed for parent in (folder / name).parents if not parent.exists()}
    needed = sum(room(len(content)) for content in changed.values()) + len(new_folders) * cluster
    available = volume.f_bavail * cluster + sum(room(path.lstat().st_size) for path in (*present, *stale))
    if needed > available:
        raise StageError(f"{folder} is full: {needed} bytes are needed, {available} are free; nothing was written.")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _remove(folder: Path, stale: list[Path]) -> None:
    """Delete these files and the folders that are empty without them, never a package folder itself."""
    for path in stale:
        path.unlink()
    for package in OWN_FOLDERS:
        for inner in sorted((path for path in (folder / package).rglob("*") if path.is_dir()), reverse=True):
            if not any(inner.iterdir()):
                inner.rmdir()


def stage(folder: Path | str, variant: str | None = None, compiled: bool = False) -> Report:
    """Make the folder or mounted drive hold the device's files, modules as source or compiled; writes what differs.

    The user's own files stay, changed examples too, and so does an edited settings.toml unless a variant is named: then
    it gets that variant's values. StageError says why nothing was written, or where writing stopped.
    """
    folder = Path(folder)
    files = device_files(variant or DEFAULT)
    if compiled:
        files = compile_files(files)
    try:
        reason = _refusal(folder)
        if reason:
            raise StageError(f"{folder} {reason}")
        files[SETTINGS], note = _own_settings(folder, variant, files[SETTINGS])
        changed = {name: data for name, data in files.items() if not _holds(folder / name, data)}
        changed = {name: data for name, data in changed.items() if not _is_users(folder, name)}
        stale = _stale(folder, set(files))
        _check_room(folder, changed, stale)
        _remove(folder, stale)
        for name, content in changed.items():
            _write(folder / name, content)
    except OSError as error:
        where = error.filename or folder
        raise StageError(f"{where}: {error.strerror}; the device may be incomplete, run it again.") from error
    notes = [note]
    if (folder / RIVAL).exists():
        notes.append(f"{RIVAL} on the drive is started instead of code.py: remove it.")
    removed = [path.relative_to(folder).as_posix() for path in stale]
    return Report(list(changed), [name for name in files if name not in changed], removed, notes)


def _is_users(folder: Path, name: str) -> bool:
    """An example that has been changed is the user's own."""
    return name.startswith(EXAMPLES + "/") and (folder / name).is_file()


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make drive", usage=USAGE)
    parser.add_argument("folder")
    parser.add_argument("--variant")
    parser.add_argument("--mpy", action="store_true")
    options = parser.parse_args(arguments)
    try:
        if not options.folder:
            raise StageError(f"say where to: {USAGE}")
        if options.variant and options.variant not in VARIANTS:
            raise StageError(f"VARIANT is {' or '.join(VARIANTS)}, not {options.variant}.")
        folder = Path(options.folder).expanduser()
        report = stage(folder, options.variant or None, options.mpy)
    except StageError as error:
        print(f"make drive: {error}", file=sys.stderr)
        return 1
    for line in (*(f"removed {name}" for name in report.removed), *report.notes):
        print(line)
    counts = f"{len(report.written)} written, {len(report.unchanged)} unchanged, {len(report.removed)} removed"
    print(f"{folder}: {counts}.")
    if report.written and (folder / "boot_out.txt").exists():
        print("Eject the drive, then press RESET or plug the board in again: the new files run from the next start.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
