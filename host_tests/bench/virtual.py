# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How long the upload of a settled file takes on the virtual board, and where the time goes.

The virtual board counts what the hardware takes: I2C at its bit rate, the drive, each look at the clock. The
interpreter's own time is not in it; emulator.py measures that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from fxcore import protocol, sequence
from host_tests.boards.pedal import SEEN_AGAIN_MS, Pedal, song
from host_tests.boards.virtual.drive.device import DeviceView

SIZES = (1, 100, 1024)
CLOCK_LOOK_MS = 0.05
PAUSES = {protocol.EXIT_PRG: sequence.EXIT_PAUSE, b"\xa5\x5a\x30": sequence.ENTER_PAUSE}


class Split(NamedTuple):
    """ms from the first byte read of the settled file to the end of EXEC_FROM_RAM, and its parts."""

    total: float
    reading: float  # before the first transfer: reading and checking the file
    wire: float  # commands and blocks
    status: float  # status reads, on the wire too
    pauses: float  # as the sequence asks for them
    own: float  # what is left

    @property
    def above_wire(self) -> float:
        """What the upload adds to the wire time: the target is at most 110 ms."""
        return self.total - self.reading - self.wire


@contextmanager
def reads_noted() -> Iterator[list[float]]:
    """The times at which the device opens output.hex."""
    times: list[float] = []
    real = DeviceView.open

    def open_and_note(self: DeviceView, name: str, mode: str = "r") -> Any:
        if name.endswith("output.hex"):
            times.append(self._time.now_ms)
        return real(self, name, mode)

    with patch.object(DeviceView, "open", open_and_note):
        yield times


def upload(board: Pedal, text: str) -> Split:
    """Copies a file and waits until the chip runs it."""
    first, played = len(board.i2c.log), len(board.chip.history)
    with reads_noted() as reads:
        board.drive.write("output.hex", text)
        board.run_until(lambda b: b.plays(text))
    log = [done for done in board.i2c.log[first:] if done.data]
    assert [event.step for event in board.chip.history[played:]][-1] == "EXEC_FROM_RAM"
    begun, ended = log[0].t_start_ms, log[-1].t_end_ms
    wire = sum(done.t_end_ms - done.t_start_ms for done in log if done.kind == "w")
    status = sum(done.t_end_ms - done.t_start_ms for done in log if done.kind == "r")
    pauses = sum(_pause_after(done.data) for done in log[:-1] if done.kind == "w")
    total = ended - reads[0]
    reading = begun - reads[0]
    return Split(total, reading, wire, status, pauses, total - reading - wire - status - pauses)


def _pause_after(data: bytes) -> float:
    usual = sequence.COMMAND_PAUSE if len(data) == 2 else sequence.BLOCK_PAUSE
    return PAUSES.get(data, usual)


def measure() -> Iterator[tuple[int, str, Split]]:
    """(instructions, "first" or "change", Split) for each size."""
    for size in SIZES:
        with Pedal(clock_look_ms=CLOCK_LOOK_MS) as board:
            board.run(SEEN_AGAIN_MS)
            yield size, "first", upload(board, song(1, size))
            board.run(SEEN_AGAIN_MS)
            yield size, "change", upload(board, song(2, size))


def report() -> Iterator[str]:
    yield "Virtual board, I2C at 100 kHz, default settings; ms from the first byte read of the settled file to the end"
    yield "of EXEC_FROM_RAM. first: the chip is in RUN mode; change: it runs another program. Computing costs nothing."
    yield ""
    yield "| instructions | | total | file | wire | status | pauses | own work | above the wire (at most 110) |"
    yield "| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for size, kind, split in measure():
        cells = " | ".join(f"{part:.0f}" for part in split)
        yield f"| {size:,} | {kind} | {cells} | {split.above_wire:.0f} |"
