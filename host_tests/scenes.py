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

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple

import pytest

from host_tests.programs.generate import blocks, random_program, to_hex
from host_tests.virtual.board import VirtualBoard
from host_tests.virtual.fxcore_chip import VirtualFXCore
from host_tests.virtual.fxcore_parts import Image
from host_tests.virtual.i2c import Transaction

WRITE_PRG = 0x0C
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


SONG, OTHER, THIRD = song(1), song(2), song(3)
LONG = song(4, 1024)


class Phase(NamedTuple):
    """The light showed this colour from `start` for `length` ms."""

    colour: str
    start: float
    length: float


def colour_name(rgb: tuple[int, int, int]) -> str:
    """The hue, at any brightness."""
    red, green, blue = (4 * part > max(rgb) for part in rgb)
    names = {
        (False, False, False): "off", (True, False, False): "red", (True, True, False): "amber",
        (False, True, False): "green", (False, False, True): "blue", (True, False, True): "purple",
        (True, True, True): "white", (False, True, True): "cyan",
    }  # fmt: skip
    return names[red, green, blue]


class Note:
    """What has happened on a board since it was taken."""

    def __init__(self, board: "Pedal") -> None:
        self._board, self._chip = board, board.chip
        self.at_ms = board.now_ms
        self._text, self._history, self._transfers = len(board.console), len(board.chip.history), len(board.i2c.log)

    @property
    def text(self) -> str:
        """What the console has said."""
        return self._board.console[self._text :]

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if line]

    @property
    def errors(self) -> list[str]:
        return [line for line in self.lines if line.startswith("error")]

    @property
    def steps(self) -> list[str]:
        """Names of the commands and blocks that the chip has understood."""
        return [event.step for event in self._chip.history[self._history :]]

    @property
    def transfers(self) -> list[Transaction]:
        return self._board.i2c.log[self._transfers :]

    @property
    def burns(self) -> list[int]:
        """The slot of each WRITE_PRG on the wire, acknowledged or not."""
        return [sent.data[1] for sent in self.transfers if sent.kind == "w" and sent.data[:1] == bytes((WRITE_PRG,))]

    @property
    def phases(self) -> list[Phase]:
        """What the light showed, from the note to now."""
        log = [(self.at_ms, "off"), *((max(t, self.at_ms), colour_name(rgb)) for t, rgb in self._board.pixel.log)]
        ends = [t for t, _ in log[1:]] + [self._board.now_ms]
        merged: list[Phase] = []
        for (start, colour), end in zip(log, ends, strict=True):
            if merged and merged[-1].colour == colour:
                merged[-1] = merged[-1]._replace(length=end - merged[-1].start)
            elif end > start:
                merged.append(Phase(colour, start, end - start))
        return merged

    @property
    def colours(self) -> list[str]:
        """The colours in the order of their appearance: blinks count once, dark phases not at all."""
        seen: list[str] = []
        for phase in self.phases:
            if phase.colour != "off" and seen[-1:] != [phase.colour]:
                seen.append(phase.colour)
        return seen

    def lit(self, colour: str) -> list[Phase]:
        """The phases in which the light showed that colour."""
        return [phase for phase in self.phases if phase.colour == colour]


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
        clock_look_ms: float = 0.5,
        **options: Any,
    ) -> None:
        """present: the chip is on the bus; supplied: the pedal has power; clock_look_ms: a small one is exact and slow."""
        self.chip = chip or VirtualFXCore(**(knobs or {}))
        super().__init__(files, chip=self.chip, clock_look_ms=clock_look_ms, **options)
        if not present:
            self.unplug_chip()
        if not supplied:
            self.i2c.supply(False)
        self.come_up()

    def come_up(self) -> None:
        """Runs until code.py has said its first lines; the chip may not have been spoken to yet."""
        frames = len(self.pixel.frames)
        self.run_until(lambda board: len(board.pixel.frames) > frames, poll_ms=10)
        self.run(20)

    def restart(self) -> None:
        """Takes USB off and plugs it in again; the pedal and its chip keep their power."""
        self.power_cycle()
        self.come_up()

    def note(self) -> Note:
        """Remembers this moment."""
        return Note(self)

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
        return self.chip.running == blocks(text)

    def slot(self, number: int) -> Image | None:
        """What the chip's slot holds; compare with `blocks(text)`."""
        return self.chip.slots[number]


MakePedal = Callable[..., Pedal]


@pytest.fixture
def pedal() -> Iterator[MakePedal]:
    """Pedal(...); switched off at the end of the test."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(Pedal(*args, **options))


@pytest.fixture
def playing(pedal: MakePedal) -> Pedal:
    """A board that plays SONG, the last look at its file being over; the chip complains about shortened pauses."""
    board = pedal({"output.hex": SONG}, knobs={"pause_percent": 100})
    board.run(SEEN_AGAIN_MS)
    assert board.plays(SONG)
    return board
