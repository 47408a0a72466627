# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Banks: which program belongs in which of the 16 flash slots, in a TOML file.

[slots]
0 = "echo.fxc"
A = "programs/chorus.hex"
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from fxcore.program import Program
from fxcore.protocol import SLOTS
from sandboxfx.assembling import VENDOR
from sandboxfx.errors import SandboxError
from sandboxfx.files import read_file
from sandboxfx.programs import load

CURE = 'A bank has a table [slots] with lines like 3 = "echo.fxc", slots 0 to F.'


@dataclass(frozen=True)
class Entry:
    """A slot and the program that belongs there."""

    slot: int
    path: Path
    program: Program


def load_bank(path: Path, rounding: str = VENDOR) -> list[Entry]:
    """Returns a bank's entries by their slots, every program loaded and checked; paths are relative to the bank's.

    :raises SandboxError: for the bank, or for the first program that is wrong
    """
    entries: list[Entry] = []
    for key, value in _slots(path).items():
        slot = int(key, 16) if len(key) == 1 and key in "0123456789ABCDEFabcdef" else SLOTS
        if slot >= SLOTS:
            raise SandboxError("bank", f"{path}: {key} is no slot.", CURE)
        if not isinstance(value, str):
            raise SandboxError("bank", f"{path}: slot {key} has no file's name.", CURE)
        if any(entry.slot == slot for entry in entries):
            raise SandboxError("bank", f"{path}: slot {key} is there twice.", CURE)
        file = path.parent / value
        entries.append(Entry(slot, file, load(file, rounding)))
    return sorted(entries, key=lambda entry: entry.slot)


def _slots(path: Path) -> dict[str, object]:
    try:
        bank = tomllib.loads(read_file(path).decode())
    except ValueError as error:
        raise SandboxError("bank", f"{path}: {error}.", CURE) from error
    slots = bank.get("slots")
    if not isinstance(slots, dict) or not slots or len(bank) > 1:
        raise SandboxError("bank", f"{path} has no table [slots] with slots in it, or something beside it.", CURE)
    return slots
