# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Figures of the USB-I2C bridge on the real interpreter, in emulated time: how true its status is, and how fast it is.

A host that asks for the status before the bridge has noticed the request sees the result of the one before, and takes
a refused transfer for a good one. So what counts is the time from a report's arrival until the status says busy.
"""

import random
from collections.abc import Callable, Iterator
from statistics import mean

from ft260.layout import SRAM, SRAM_SIZE
from ft260.reports import PARTS
from host_tests.boards.conversations import LONG_DATA, chunks
from host_tests.boards.emulator import Board
from host_tests.boards.pc_program import IDLE
from host_tests.boards.targets import EEPROM, RECORDER, Recorder
from host_tests.boards.virtual.i2c.eeprom import SIZE, VirtualEeprom
from host_tests.on_emulator.bridge_board import await_bridge, discard, done, receive, request, send, without_chip

TIMEOUT_S = 1  # the bridge is active for so long
STEP_MS, LIMIT_MS = 0.02, 60
TRIALS, IDLE_TRIALS = 100, 25
HID_INTERVAL_MS, PHASES = 8, 12  # a program begins at so many different moments between two polls of the host
BUSY_TARGET_MS, IDLE_TARGET_MS = 0.5, 2.0
IDLE_STATUS = bytes((IDLE,))
FEATURES_AT, STATUS_POINTER_AT = 64, 8 + 4 * 3  # in the struct of the first usb_hid.Device: IDs; buffer of report C0
WRITE_2, WRITE_60 = bytes((0xD0, RECORDER, 6, 2, 1, 2)), bytes((0xDE, RECORDER, 6, 60)) + bytes(60)
READ_8 = bytes((0xC2, RECORDER, 6, 8, 0))
CLOCKS = (100, 400)  # kHz
# What others measured on a real FT260 at 100 kHz, in ms: debug traces in the history of the Linux driver.
FT260_MS = {"write of 2 bytes": "1 to 2", "write of 128 bytes": "14 to 17", "read of 128 bytes": "17.6 to 21"}


class Bench:
    """A running board with the bridge, an EEPROM and a target that takes everything."""

    def __init__(self) -> None:
        self.board = board = without_chip(BRIDGE_TIMEOUT=TIMEOUT_S)
        board.i2c.attach(EEPROM, VirtualEeprom(lambda: board.now_ms, page=SIZE))
        board.i2c.attach(RECORDER, Recorder())
        await_bridge(board)
        ram = board.peek(SRAM, SRAM_SIZE)
        pointer = ram.index(bytes(PARTS[0])) - FEATURES_AT + STATUS_POINTER_AT
        self._status_at = int.from_bytes(ram[pointer : pointer + 4], "little")
        self._moments = random.Random(1)

    def wait(self, least_ms: float, most_ms: float) -> None:
        """Until the bridge is idle, and then a moment of any length."""
        self._until_idle()
        self.board.run(self._moments.uniform(least_ms, most_ms))
        self._until_idle()

    def _until_idle(self) -> None:
        end = self.board.now_ms + LIMIT_MS
        while self._status() != IDLE_STATUS:
            assert self.board.now_ms < end, f"the status stays {self._status().hex()}"
            self.board.run(1)

    def _status(self) -> bytes:
        """As the next GET would find it, without asking for it."""
        return self.board.peek(self._status_at, 1)

    def latency(self, report: bytes) -> float:
        """ms from the packet's acknowledgement until the status is another one."""
        board = self.board
        board.hid.out(report[0], report[1:])
        arrived = board.now_ms
        while self._status() == IDLE_STATUS:
            assert board.now_ms < arrived + LIMIT_MS, "never busy"
            board.run(STEP_MS)
        return board.now_ms - arrived

    def set_clock(self, khz: int) -> None:
        self.board.hid.set_feature(0xA1, bytes((0x22, khz & 0xFF, khz >> 8)))
        self.board.run(20)


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


DEEDS: dict[str, Callable[[Board], None]] = {
    "write of 2 bytes": write_2,
    "i2cget": i2cget,
    "write of 128 bytes": write_128,
    "read of 128 bytes": read_128,
}


def _ms(deed: Callable[[Board], None], bench: Bench, phase: int) -> float:
    bench.wait(0, 0)
    start = bench.board.now_ms
    bench.board.run(2 * HID_INTERVAL_MS - start % HID_INTERVAL_MS + phase * HID_INTERVAL_MS / PHASES)
    start = bench.board.now_ms
    deed(bench.board)
    return bench.board.now_ms - start


def latencies(bench: Bench) -> Iterator[tuple[str, list[float], float]]:
    """(when, ms of each trial, the most allowed)."""
    for name, report in (("write of 2 bytes", WRITE_2), ("write of 60", WRITE_60), ("read of 8", READ_8)):
        bench.wait(0, 8)
        bench.latency(report)
        found = []
        for _ in range(TRIALS):
            bench.wait(0, 40)
            found.append(bench.latency(report))
        yield f"{name}, bridge active", found, BUSY_TARGET_MS
    found = []
    for _ in range(IDLE_TRIALS):
        bench.wait(1000 * TIMEOUT_S + 100, 1000 * TIMEOUT_S + 400)
        found.append(bench.latency(WRITE_2))
    yield "write of 2 bytes, bridge idle", found, IDLE_TARGET_MS


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
        yield '| arrival of a request to "busy" in the status | mean | worst | at most |'
        yield "| --- | ---: | ---: | ---: |"
        for name, found, target in latencies(bench):
            yield f"| {name} | {mean(found):.2f} ms | {max(found):.2f} ms | {target} ms |"
        yield ""
        yield f"| a PC program's wait | {' | '.join(f'{khz} kHz' for khz in CLOCKS)} | a real FT260, 100 kHz |"
        yield "| --- |" + " ---: |" * (len(CLOCKS) + 1)
        for name, means in times(bench):
            figures = " | ".join(f"{value:.1f} ms" for value in means)
            real = f"{FT260_MS[name]} ms" if name in FT260_MS else "not published"
            yield f"| {name} | {figures} | {real} |"
