# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Figures of the device on the real interpreter, in emulated time."""

from collections.abc import Iterator
from itertools import count
from statistics import mean

from host_tests.bench.probe import ASK_PIN, FIRST_LOOK_PIN, probed
from host_tests.boards.emulator import Board, inputs
from host_tests.boards.programs.generate import random_program, to_hex
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from uf2.base import read_base
from uf2.compiled import compile_files
from uf2.files import device_files

BENCHED = ("disk", "disk-hid")
EXEC_FROM_RAM = b"\x0d\x00"
SIZES = (1, 14, 100, 1024)  # instructions
PHASES = (0, 62, 125, 187)  # ms: the end of the copy meets the looks at the drive at different moments
LOOK_MS = 250
FAT_GRAIN_MS = 2000  # a file of the same size written within it could be told from the one before by its content only
FIRST_LOOK = "power-on to the first look at the drive"
PARSING, TURN = "reading and checking 1,024 instructions", "an idle turn of the main loop"
EXEC_14, EXEC_1024 = (f"end of the copy to EXEC_FROM_RAM, {size} instructions" for size in ("14", "1,024"))
TARGETS = {EXEC_14: "1,100 ms", EXEC_1024: "1,500 ms", PARSING: "150 ms", TURN: "1 ms"}
ANCESTOR = {EXEC_14: "3,040 ms", EXEC_1024: "4,760 ms"}  # this project's ancestor, measured the same way
START_MS = 15000
SETTLED_MS = 3000  # what was begun is over


class Device:
    """One variant of the device on an emulated board, with the probe in it."""

    def __init__(self, variant: str) -> None:
        self.variant = variant
        self.board = Board(compile_files(probed(device_files(variant))))
        self.chip = VirtualFXCore(now_ms=lambda: self.board.now_ms)
        self.board.i2c.attach(self.chip.address, self.chip)
        self._seeds = count(1)
        self.board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS)
        self.board.run(2000)
        self.board.power_cycle()
        start = self.board.now_ms
        self.first_look_ms = self.board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS) - start
        self.board.run(SETTLED_MS)

    def ask(self) -> tuple[int, int, int]:
        """(free bytes, mean and worst turn in us)."""
        said = len(self.board.console)
        self.board.drive_gpio(ASK_PIN, 0)
        self.board.run(50)
        self.board.drive_gpio(ASK_PIN, 1)
        self.board.run_until("TURNS ", START_MS, start=said)
        self.board.run(20)
        words = self.board.console[said:].split()
        turns = words.index("TURNS")
        return int(words[words.index("FREE") + 1]), int(words[turns + 1]), int(words[turns + 2])

    def upload(self, size: int, phase: int) -> float:
        """ms from the end of the copy to the end of EXEC_FROM_RAM."""
        board = self.board
        board.run(FAT_GRAIN_MS + LOOK_MS - board.now_ms % LOOK_MS + phase)
        done = len(board.i2c.log)
        # Each file has a size of its own: its FAT time is the host's, which hardly moves during an emulated minute.
        seed = next(self._seeds)
        board.drive.write("output.hex", to_hex(random_program(seed, size)) + "\n" * (seed % 64))
        copied = board.now_ms
        board.run_until(lambda b: any(t.data == EXEC_FROM_RAM for t in b.i2c.log[done:]), START_MS, poll_ms=5)
        return next(t.t_end_ms for t in board.i2c.log[done:] if t.data == EXEC_FROM_RAM) - copied

    def parse_times(self) -> tuple[int, int]:
        """(own ms, ms with the turns between the slices) of the last file."""
        words = self.board.console.split()
        last = len(words) - 1 - words[::-1].index("PARSED")
        return int(words[last + 1]), int(words[last + 2])


def figures(variant: str) -> Iterator[tuple[str, str]]:
    """(what, figure) of one variant, the same ones for each."""
    device = Device(variant)
    with device.board:
        yield FIRST_LOOK, f"{device.first_look_ms / 1000:.1f} s"
        yield "free memory after start", f"{device.ask()[0]:,} bytes"
        for size in SIZES:
            times = [device.upload(size, phase) for phase in PHASES]
            name = f"end of the copy to EXEC_FROM_RAM, {size:,} instruction{'s' if size > 1 else ''}"
            yield name, f"mean {mean(times):,.0f} ms, worst {max(times):,.0f} ms"
        own, whole = device.parse_times()
        yield PARSING, f"{own} ms"
        yield "the same, with the loop's turns in between", f"{whole} ms"
        _, turn, worst = device.ask()
        yield TURN, f"{turn / 1000:.2f} ms"
        yield "the longest one: garbage is collected", f"{worst / 1000:.0f} ms"
        device.board.run(SETTLED_MS)
        after = device.ask()[0]
        device.board.power_cycle()
        device.board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS)
        device.board.run(SETTLED_MS)
        yield "free memory, a program of 1,024 instructions runs since power-on", f"{device.ask()[0]:,} bytes"
        yield f"the same after {len(SIZES) * len(PHASES)} uploads", f"{after:,} bytes"


def report() -> Iterator[str]:
    yield f"{read_base(inputs.firmware()).banner}, emulated, in emulated time; a virtual FXCore at 100 kHz."
    yield f"Uploads while another program runs, copied FAT first, at {len(PHASES)} moments between two looks."
    yield ""
    yield f"| | {' | '.join(BENCHED)} | at most | ancestor |"
    yield "| --- |" + " ---: |" * (len(BENCHED) + 2)
    for rows in zip(*map(figures, BENCHED), strict=True):
        what = rows[0][0]
        beside = [table.get(what, "") for table in (TARGETS, ANCESTOR)]
        yield f"| {what} | {' | '.join([figure for _, figure in rows] + beside)} |"
