# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Whole scenes: a powered board with the device's own boot.py and code.py, an FXCore, files dropped on the drive.

def test_something(pedal):
    board = pedal(settings={"SANDBOX_REFLASH": "always"}, knobs={"dead_bits": (3,)})
    since = board.note()
    board.drop("3.hex", SONG)
    board.run_until("slot 3")
    assert since.colours == ["purple", "green"]
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from host_tests.boards.note import Note
from host_tests.boards.programs.generate import blocks, random_program, to_hex
from host_tests.boards.virtual.board import VirtualBoard
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import Image

UPLOAD_MS = 2500.0  # a small file is on the chip by then, whatever was going on
SEEN_AGAIN_MS = 3000 + UPLOAD_MS  # so long after a file was written, its content has had its second look
OUTAGE_MS = 2500.0  # an outage of the chip, or its end, is noticed by then


def song(seed: int, instructions: int = 3) -> str:
    """A HEX file of its own for each seed; files with as many instructions have the same size."""
    return to_hex(random_program(seed, instructions))


def broken(text: str) -> str:
    """The file with one wrong character in line 2."""
    lines = text.splitlines(keepends=True)
    lines[1] = lines[1][:9] + "X" + lines[1][10:]
    return "".join(lines)


image = cache(blocks)  # what must be on the chip for a file

SONG, OTHER, THIRD = song(1), song(2), song(3)
LONG = song(4, 1024)


class Pedal(VirtualBoard):
    """A board that has come up with `files` on its drive; the FXCore is `chip`, made with these knobs unless given.

    Other keywords are those of VirtualBoard.
    """

    def __init__(
        self,
        files: Mapping[str, bytes | str] | None = None,
        *,
        chip: VirtualFXCore | None = None,
        knobs: Mapping[str, Any] | None = None,
        present: bool = True,
        supplied: bool = True,
        clock_look_ms: float = 1.0,
        **options: Any,
    ) -> None:
        """present: the chip is on the bus. supplied: the pedal has power. clock_look_ms: small is exact, and slow."""
        self.chip = chip or VirtualFXCore(**(knobs or {}))
        super().__init__(files, chip=self.chip, clock_look_ms=clock_look_ms, **options)
        if not present:
            self.unplug_chip()
        if not supplied:
            self.i2c.supply(False)
        self.come_up()

    def __enter__(self) -> "Pedal":
        return self

    def come_up(self) -> None:
        """Runs until code.py has said its first lines; the chip may not have been spoken to yet."""
        frames = len(self.pixel.frames)
        self.run_until(lambda board: len(board.pixel.frames) > frames, poll_ms=50)
        self.run(20)

    def restart(self) -> None:
        """Takes USB off and plugs it in again; the pedal and its chip keep their power."""
        self.power_cycle()
        self.come_up()

    def note(self) -> Note:
        """Remembers this moment."""
        return Note(self, self.chip)

    def drop(self, name: str, data: bytes | str, **options: Any) -> None:
        """Copies a file onto the drive, as Drive.write does, and leaves the device the time to deal with it."""
        self.drive.write(name, data, **options)
        self.run(UPLOAD_MS)

    def remove(self, name: str) -> None:
        """Deletes a file and leaves the device the time to deal with that."""
        self.drive.delete(name)
        self.run(UPLOAD_MS)

    def touch(self, name: str) -> None:
        """Copies the file once more over itself, later than its time stamp can show as the same."""
        self.run(2000)
        self.drop(name, self.drive.read(name))

    def unplug_chip(self) -> None:
        """The chip loses its power, the bus keeps its own."""
        self.i2c.detach(self.chip.address)
        self.chip.power_off()

    def plug_chip(self, chip: VirtualFXCore | None = None) -> None:
        """The chip, or another one, is there again."""
        self.chip = chip or self.chip
        self.chip.now_ms = self.clock.now_ms
        self.chip.power_on()
        self.i2c.attach(self.chip.address, self.chip)

    def swap_chip(self, serial: int, **knobs: Any) -> None:
        """Puts another chip in the place of the present one."""
        self.unplug_chip()
        self.plug_chip(VirtualFXCore(serial=serial, **knobs))

    def plays(self, text: str) -> bool:
        """Does the chip run exactly this HEX file from RAM?"""
        return self.chip.running == image(text)

    def slot(self, number: int) -> Image | None:
        """What the chip's slot holds; compare with `image(text)`."""
        return self.chip.slots[number]
