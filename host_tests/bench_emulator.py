# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Figures of the device on the real interpreter, in emulated time."""

from collections.abc import Iterator
from itertools import count
from statistics import mean

from host_tests.bench_probe import ASK_PIN, FIRST_LOOK_PIN, probed
from host_tests.emulator import Board, inputs
from host_tests.programs.generate import random_program, to_hex
from host_tests.virtual.fxcore_chip import VirtualFXCore
from uf2.base import read_base
from uf2.files import device_files

BENCHED = ("disk", "disk-hid")
EXEC_FROM_RAM = b"\x0d\x00"
SIZES = {1: None, 14: 1100, 100: None, 1024: 1500}  # instructions: target in ms, if there is one
ANCESTOR = {14: 3040, 1024: 4760}  # this project's ancestor, measured the same way
PHASES = (0, 62, 125, 187)  # ms: the end of the copy meets the looks at the drive at different moments
LOOK_MS, MANY = 250, 10
FAT_GRAIN_MS = 2000  # a file of the same size written within it could be told from the one before by its content only
PARSE_TARGET_MS, TURN_TARGET_US, FREE_TARGET = 150, 1000, 100000
START_MS = 15000


class Device:
    """One variant of the device on an emulated board, with the probe in it."""

    def __init__(self, variant: str) -> None:
        self.variant = variant
        self.board = Board(probed(device_files(variant)))
        self.chip = VirtualFXCore(now_ms=lambda: self.board.now_ms)
        self.board.i2c.attach(self.chip.address, self.chip)
        self._seeds = count(1)
        self.board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS)
        self.board.run(2000)
        self.board.power_cycle()
        start = self.board.now_ms
        self.first_look_ms = self.board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS) - start
        self.board.run(3000)

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


def rows(variant: str) -> Iterator[tuple[str, str, str]]:
    """(what, figure, target) of one variant."""
    device = Device(variant)
    with device.board:
        yield "power-on to the first look at the drive", f"{device.first_look_ms:.0f} ms", ""
        free, turn, worst = device.ask()
        yield "free memory after start", f"{free:,} bytes", f"at least {FREE_TARGET:,}"
        yield "idle turn, mean", f"{turn / 1000:.2f} ms", f"at most {TURN_TARGET_US / 1000:.0f}"
        yield "idle turn, worst (garbage collection)", f"{worst / 1000:.1f} ms", ""
        uploads = 0
        for size, target in SIZES.items():
            times = [device.upload(size, phase) for phase in PHASES]
            uploads += len(times)
            name = f"end of copy to EXEC, {size:,} instruction{'s' if size > 1 else ''}"
            ancestor = f", ancestor {ANCESTOR[size]:,}" if size in ANCESTOR else ""
            goal = f"at most {target:,}{ancestor}" if target else ""
            yield name, f"mean {mean(times):.0f} ms, worst {max(times):.0f} ms", goal
        own, whole = device.parse_times()
        yield "reading and checking 1,024 instructions", f"{own} ms", f"at most {PARSE_TARGET_MS}"
        yield "the same, with the loop's turns in between", f"{whole} ms", ""
        assert uploads >= MANY
        yield (
            f"free memory after {uploads} uploads, the last one of 1,024 instructions",
            f"{device.ask()[0]:,} bytes",
            f"at least {FREE_TARGET:,}",
        )


def report() -> Iterator[str]:
    yield f"{read_base(inputs.firmware()).banner}, emulated, in emulated time; a virtual FXCore at 100 kHz."
    yield f"Uploads while another program runs, copied FAT first, at {len(PHASES)} moments between two looks."
    for variant in BENCHED:
        yield ""
        yield f"| {variant} | | target |"
        yield "| --- | ---: | ---: |"
        for what, figure, target in rows(variant):
            yield f"| {what} | {figure} | {target} |"
