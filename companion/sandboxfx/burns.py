# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What this computer has burnt into which slot of which chip, and how often: flash wears out."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from fxcore.program import Program
from sandboxfx.files import write_files


@dataclass(frozen=True)
class Burnt:
    """What is known of one slot.

    :param times: how often it was burnt from here
    :param crc: of the program that it holds, None if that is not known
    :param name: of that program's file
    """

    times: int = 0
    crc: int | None = None
    name: str = ""


class Burns:
    """The record, in a file that is written anew after each burn; one that cannot be read is begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._slots = self._read()

    def of(self, serial: str, slot: int) -> Burnt:
        """Returns what is known of a chip's slot."""
        return self._slots.get(f"{serial}/{slot:X}", Burnt())

    def holds(self, serial: str, slot: int, program: Program) -> bool:
        """True if the slot holds just this program, as far as is known."""
        return self.of(serial, slot).crc == program.crc

    def burnt(self, serial: str, slot: int, program: Program, name: str) -> None:
        """Notes a burn that was verified."""
        self._note(serial, slot, Burnt(self.of(serial, slot).times + 1, program.crc, name))

    def failed(self, serial: str, slot: int) -> None:
        """Notes a burn that ended otherwise: what the slot holds is not known any more."""
        self._note(serial, slot, Burnt(self.of(serial, slot).times + 1))

    def _note(self, serial: str, slot: int, burnt: Burnt) -> None:
        self._slots[f"{serial}/{slot:X}"] = burnt
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_files({self._path: json.dumps({key: asdict(value) for key, value in self._slots.items()}, indent=1)})

    def _read(self) -> dict[str, Burnt]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return {key: Burnt(**value) for key, value in kept.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
