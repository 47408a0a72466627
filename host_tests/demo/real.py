# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The demo's board with the real CircuitPython on it: `make demo VM=1`."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from host_tests.boards.emulator import Board, inputs
from host_tests.boards.emulator.board import read_folder, read_names
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.demo.ear import HEARD
from uf2.base import read_base
from uf2.files import device_files

BOOT_OUT = "boot_out.txt"


def is_the_boards(name: str) -> bool:
    """Whether a file of the folder belongs on the board's drive; what was heard does not, and has no room there."""
    return not name.startswith(f"{HEARD}/")


class RealBoard:
    """The emulated board with a folder for its drive: what any program does in the folder reaches it over USB.

    :param paced: not faster than the wall clock; slower it may be
    """

    def __init__(self, folder: Path, chip: VirtualFXCore, paced: bool) -> None:
        self._folder, self._paced = folder, paced
        self._board = Board({**device_files(), **self._content()})
        self._known = self._look()
        self.name = f"CircuitPython {read_base(inputs.firmware()).version}"
        self._was_configured = False
        self._wall_start = time.monotonic()
        chip.now_ms = lambda: self.now_ms
        self._board.i2c.attach(chip.address, chip)
        self.pixel, self.i2c, self.usb = self._board.pixel, self._board.i2c, self._board.usb

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._board.close()

    @property
    def now_ms(self) -> float:
        return self._board.now_ms

    @property
    def console(self) -> str:
        return self._board.console

    @property
    def resets(self) -> list[Any]:
        return self._board.resets

    def reset(self) -> None:
        self._board.reset()

    def run(self, ms: float) -> None:
        if self._is_ready():
            self._copy_changes()
        self._board.run(ms)
        ahead = self.now_ms / 1000 - (time.monotonic() - self._wall_start)
        if not self._paced or ahead < 0:
            self._wall_start = time.monotonic() - self.now_ms / 1000
        else:
            time.sleep(ahead)

    def _is_ready(self) -> bool:
        """Can the PC write? When it can again, it looks at what it finds, as after every plugging in."""
        configured = self._board.usb.configured
        if configured and not self._was_configured:
            self._board.drive.mount()
            self._compare(self._board.drive.files())
        self._was_configured = configured
        return configured

    def _compare(self, found: dict[str, bytes]) -> None:
        """What the board has otherwise is to be copied again; what it wrote itself is shown in the folder."""
        if BOOT_OUT in found:
            (self._folder / BOOT_OUT).write_bytes(found[BOOT_OUT])
        content = self._content()
        self._known = {name: seen for name, seen in self._look().items() if found.get(name) == content.get(name)}

    def _content(self) -> dict[str, bytes]:
        """What the folder holds for the board."""
        return {name: data for name, data in read_folder(self._folder).items() if is_the_boards(name)}

    def _look(self) -> dict[str, tuple[int, int]]:
        """Time and size of each file in the folder."""
        seen = {}
        for name in filter(is_the_boards, read_names(self._folder)):
            with suppress(OSError):  # gone meanwhile
                stat = (self._folder / name).stat()
                seen[name] = (stat.st_mtime_ns, stat.st_size)
        return seen

    def _copy_changes(self) -> None:
        present = self._look()
        for name in self._known.keys() - present.keys():
            del self._known[name]
            self._board.drive.delete(name)
        for name, seen in present.items():
            if self._known.get(name) != seen:
                self._known[name] = seen
                self._board.drive.write(name, (self._folder / name).read_bytes())
