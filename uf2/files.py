# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Which files a device is made of: device_files() is the content of its drive."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from uf2.variants import DEFAULT, VARIANTS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("fxcore", "ft260", "fxasm", "sandbox")
# What of them only a PC needs.
PC_MODULES = {f"fxasm/{name}.py" for name in ("assemble", "contents", "decoder", "disassembler", "observer")}
LIBRARY_PACKAGES = ("lib/adafruit_bus_device", "lib/adafruit_hid")
LIBRARY_MODULES = ("lib/neopixel.py",)
# code.py comes last: a first copy that is cut short starts nothing.
TOP_FILES = ("boot.py", "hardware_id.json", "settings.toml", "code.py")
SETTINGS = "settings.toml"
# Programs to begin with, for the user to change: source and HEX.
EXAMPLES = "examples"


class StageError(Exception):
    """One sentence for the user: why nothing, or not everything, was written."""


def write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes these files into the folder, name -> content: all of them, or none. StageError says why not."""
    parts = {name: folder / (name + ".part") for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in parts.items():
            if (folder / name).is_dir():
                raise StageError(f"{folder / name} is a folder.")
            part.write_bytes(files[name])
            part.chmod(0o644)
        for name, part in parts.items():
            os.replace(part, folder / name)
    except OSError as error:
        raise StageError(f"{error.filename or folder}: {error.strerror}.") from error
    finally:
        for part in parts.values():
            if part.exists():
                part.unlink()


def set_values(settings: str, values: dict[str, int | str]) -> str:
    """The text of a settings.toml with these values, every other line and comment as it was.

    A key's line is the one that sets it, else the comment line that shows it, else a new last line.
    """
    for key, value in values.items():
        line = f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        for marks in ("", r"#[ \t]*"):
            pattern = rf'^{marks}{key}[ \t]*=[ \t]*("[^"\r\n]*"|[^\s#]+)'
            found = re.search(pattern, settings, re.MULTILINE)
            if found:
                settings = settings[: found.start()] + line + settings[found.end() :]
                break
        else:
            settings += ("" if settings.endswith("\n") or not settings else "\n") + line + "\n"
    return settings


def device_files(variant: str = DEFAULT) -> dict[str, bytes]:
    """Every file of a device, path on the drive -> content, in the order they are to be written."""
    names = list(LIBRARY_MODULES)
    for package in (*PACKAGES, *LIBRARY_PACKAGES):
        names += sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("[!.]*.py"))
    for kind in ("fxc", "hex"):
        names += sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / EXAMPLES).glob(f"[!.]*.{kind}"))
    names = [name for name in names if name not in PC_MODULES]
    missing = [name for name in (*PACKAGES, *LIBRARY_PACKAGES) if not (ROOT / name).is_dir()]
    missing += [name for name in (*LIBRARY_MODULES, *TOP_FILES) if not (ROOT / name).is_file()]
    if missing:
        raise StageError(f"{missing[0]} is missing in the source tree (what is in lib/ comes with make setup).")
    files = {name: (ROOT / name).read_bytes() for name in (*names, *TOP_FILES)}
    # What is set takes the board 5 ms to read, twice at each start: only what is not the default.
    values = {key: value for key, value in VARIANTS[variant].items() if value != VARIANTS[DEFAULT][key]}
    files[SETTINGS] = set_values(files[SETTINGS].decode(), values).encode()
    return files
