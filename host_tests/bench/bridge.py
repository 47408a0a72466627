# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Figures of the USB-I2C bridge on the real interpreter, in emulated time: how true its status is, and how fast it is.

A host that got the status from before its report would take a refused transfer for a good one: it asks right after the
report, and later, whatever the board is doing. What that costs is the time for which a control request waits.
"""

import random
from collections.abc import Callable, Iterator
from statistics import mean

from host_tests.boards.conversations import LONG_DATA, chunks
from host_tests.boards.emulator import Board
from host_tests.boards.pc_program import IDLE
from host_tests.boards.targets import ABSENT, EEPROM, RECORDER, Recorder
from host_tests.boards.virtual.i2c.eeprom import SIZE, VirtualEeprom
from host_tests.on_emulator.bridge_board import (
    ADDRESS_NAK,
    FEATURE,
    STATUS,
    await_bridge,
    discard,
    done,
    receive,
    request,
    send,
    statuses,
    without_chip,
)

TIMEOUT_S = 1  # the bridge is active for so long
TRIALS, IDLE_TRIALS = 100, 25
WAIT_TARGET_MS = 15
GAPS_MS = (0, 0.05, 0.1, 0.3)  # from a report's acknowledgement to the question
PHASES = 12  # a program begins at so many different moments of the host's frames
FRAME_MS = 8
WRITE_2 = bytes((0xD0, RECORDER, 6, 2, 1, 2))
REFUSED = bytes((0xD0, ABSENT, 6, 2, 1, 2))
CLOCKS = (100, 400)  # kHz
# What others measured on a real FT260 at 100 kHz, in ms: debug traces in the history of the Linux driver.
FT260_MS = {"write of 2 bytes": "1 to 2", "write of 128 bytes": "14 to 17", "read of 128 bytes": "17.6 to 21"}
BLOCK = random.Random(1).randbytes(4098)  # the FXCore's largest


class Bench:
    """A running board with the bridge, an EEPROM and a target that takes everything."""

    def __init__(self) -> None:
        self.board = board = without_chip(BRIDGE_TIMEOUT=TIMEOUT_S)
        board.i2c.attach(EEPROM, VirtualEeprom(lambda: board.now_ms, page=SIZE))
        board.i2c.attach(RECORDER, Recorder())
        await_bridge(board)
        self._moments = random.Random(1)

    def pause(self, least_ms: float, most_ms: float) -> None:
        """A moment of any length."""
        self.board.run(self._moments.uniform(least_ms, most_ms))

    def question(self) -> float:
        """ms that the host waits for the status."""
        start = self.board.now_ms
        self.board.hid.get_report(FEATURE, STATUS, 5)
        return self.board.now_ms - start

    def refusal(self, gap_ms: float) -> bool:
        """True if a refused write is told as one, asked for so long after its report."""
        board = self.board
        assert request(board, WRITE_2) == IDLE
        self.pause(0, 30)
        board.hid.out(REFUSED[0], REFUSED[1:])
        board.run(gap_ms)
        return statuses(board)[-1][1] == ADDRESS_NAK

    def set_clock(self, khz: int) -> None:
        self.board.hid.set_feature(0xA1, bytes((0x22, khz & 0xFF, khz >> 8)))


def write_2(board: Board) -> None:
    assert request(board, WRITE_2) == IDLE


def i2cget(board: Board) -> None:
    """A register's address, a byte read with a repeated START, as i2c-tools ask for it."""
    request(board, bytes((0xD0, EEPROM, 2, 1, 0x10)))
    fetch(board, bytes((0xC2, EEPROM, 7, 1, 0)), 1)


def write_128(board: Board) -> None:
    for report in chunks(LONG_DATA, RECORDER):
        status = request(board, report)
    assert status == IDLE


def read_128(board: Board) -> None:
    fetch(board, bytes((0xC2, EEPROM, 6, 128, 0)), 128)


def fetch(board: Board, report: bytes, count: int) -> None:
    send(board, report)
    receive(board, count)
    assert done(board) == IDLE


def write_4098(board: Board) -> None:
    """As programs do it that load one: report behind report."""
    for report in chunks(BLOCK, RECORDER):
        board.hid.out(report[0], report[1:])
    assert done(board) == IDLE


DEEDS: dict[str, Callable[[Board], None]] = {
    "write of 2 bytes": write_2,
    "i2cget": i2cget,
    "write of 128 bytes": write_128,
    "read of 128 bytes": read_128,
    "write of 4,098 bytes": write_4098,
}


def _ms(deed: Callable[[Board], None], bench: Bench, phase: int) -> float:
    start = bench.board.now_ms
    bench.board.run(2 * FRAME_MS - start % FRAME_MS + phase * FRAME_MS / PHASES)
    start = bench.board.now_ms
    deed(bench.board)
    return bench.board.now_ms - start


def waits(bench: Bench) -> Iterator[tuple[str, list[float]]]:
    """(when, ms of each trial)."""
    bench.pause(1000 * TIMEOUT_S, 1000 * TIMEOUT_S + 100)
    found = []
    for _ in range(TRIALS):
        bench.pause(0, 40)
        found.append(bench.question())
    yield "bridge idle, the drive is looked at", found
    assert request(bench.board, WRITE_2) == IDLE
    found = []
    for _ in range(TRIALS):
        bench.pause(0, 10)
        found.append(bench.question())
    yield "bridge active", found


def refusals(bench: Bench) -> Iterator[tuple[float, int, int]]:
    """(gap, refused writes, those of them that were told as good)."""
    for gap in GAPS_MS:
        yield gap, TRIALS, sum(not bench.refusal(gap) for _ in range(TRIALS))


def times(bench: Bench) -> Iterator[tuple[str, list[float]]]:
    """(what, mean ms at each of CLOCKS)."""
    discard(bench.board, TRIALS + 1)
    for name, deed in DEEDS.items():
        means = []
        for khz in CLOCKS:
            bench.set_clock(khz)
            means.append(mean(_ms(deed, bench, phase) for phase in range(PHASES)))
        yield name, means


def report() -> Iterator[str]:
    bench = Bench()
    with bench.board:
        yield "| a control request waits | mean | worst | at most |"
        yield "| --- | ---: | ---: | ---: |"
        for name, found in waits(bench):
            yield f"| {name} | {mean(found):.2f} ms | {max(found):.2f} ms | {WAIT_TARGET_MS} ms |"
        yield ""
        yield "| the status is asked for after | refused writes | told as good |"
        yield "| ---: | ---: | ---: |"
        for gap, count, wrong in refusals(bench):
            yield f"| {gap} ms | {count} | {wrong} |"
        yield ""
        yield f"| a PC program's wait | {' | '.join(f'{khz} kHz' for khz in CLOCKS)} | a real FT260, 100 kHz |"
        yield "| --- |" + " ---: |" * (len(CLOCKS) + 1)
        for name, means in times(bench):
            figures = " | ".join(f"{value:.1f} ms" for value in means)
            real = f"{FT260_MS[name]} ms" if name in FT260_MS else "not published"
            yield f"| {name} | {figures} | {real} |"
