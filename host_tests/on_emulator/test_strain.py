# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge under strain on the real interpreter: many reports while files are copied, and interruptions half way."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle

import pytest

from host_tests.boards.conversations import CLIENTS, Step, bus, feature, out, play, status
from host_tests.boards.emulator import Board, BoardError
from host_tests.boards.pedal import LONG, SONG, image
from host_tests.boards.targets import EEPROM, Recorder
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from host_tests.on_emulator.bridge_board import FEATURE, STATUS, await_bridge
from host_tests.on_emulator.scene import Play
from host_tests.on_emulator.versions import on_each_version, uf2_of

pytestmark = on_each_version("strain")

RECORDER = 0x42  # the chip keeps its own address
BRIDGE_TIMEOUT_S = 2
REPORTS = 10000
COPYING_MS = 400000
UNDISTURBED_MS = 700  # between two copies: each leaves the board little time while it lasts
CLIENT = CLIENTS["linux hid-ft260"]


class Bench:
    """A running board with a chip, an EEPROM, and something that records what is written to it."""

    def __init__(self, board: Board) -> None:
        self.board, self.recorder = board, Recorder()
        self.chip = VirtualFXCore(now_ms=lambda: board.now_ms)
        board.i2c.attach(self.chip.address, self.chip)
        board.i2c.attach(EEPROM, VirtualEeprom(lambda: board.now_ms, bytes(range(256))))
        board.i2c.attach(RECORDER, self.recorder)
        await_bridge(board)


@pytest.fixture(scope="module")
def bench(version: str) -> Iterator[Bench]:
    settings = {"SANDBOX_BRIDGE_TIMEOUT": BRIDGE_TIMEOUT_S}
    with Board(Play(variant="disk-hid", settings=settings).drive(), uf2_of(version)) as board:
        yield Bench(board)


# ---- 10,000 reports ----
def numbered(number: int) -> bytes:
    """A payload of its own for each number, of each length that a report can have."""
    return number.to_bytes(2, "big").ljust(2 + number % 59, bytes((number % 251,)))


def report_of(number: int) -> bytes:
    """As a client sends it: exactly as long as it needs, or filled up to 64 bytes."""
    data = numbered(number)
    report = bytes((0xD0 + (len(data) - 1) // 4, RECORDER, 0x06, len(data))) + data
    return report.ljust(64, b"\0") if number % 2 else report


def test_of_10000_reports_none_is_lost_or_doubled_while_files_are_copied(bench: Bench) -> None:
    board = bench.board
    board.hid.stream([report_of(number) for number in range(REPORTS)])
    files = cycle((("output.hex", LONG), ("notes.txt", SONG * 9), ("output.hex", SONG), ("b/a.bin", LONG * 2)))
    end = board.now_ms + COPYING_MS
    copies = 0
    while left := board.hid.unsent:
        assert board.now_ms < end, f"the board has not taken {left} of {REPORTS} reports in {COPYING_MS} ms"
        board.drive.write(*next(files))
        copies += 1
        assert board.hid.get_report(FEATURE, STATUS, 5)[0] == STATUS
        board.run(UNDISTURBED_MS)
    board.run(100)
    assert copies > 20
    assert bench.recorder.writes == [numbered(number) for number in range(REPORTS)]
    board.drive.write("output.hex", LONG)
    board.run_until(lambda _: bench.chip.running == image(LONG), 20000, poll_ms=50)


# ---- interruptions ----
HALF = [out("de 42 02 3c" + "a5" * 60)]
OTHER_HALF = "d1 42 04 05 01 02 03 04 05"


def ctrl_c_and_d(bench: Bench) -> None:
    """While the program is stopped, the host goes on as if nothing had happened."""
    board, start = bench.board, len(bench.board.console)
    board.console_write("\x03")
    board.run_until("Press any key to enter the REPL", start=start)
    with suppress(BoardError):
        board.hid.out(0xD1, bytes.fromhex(OTHER_HALF)[1:], timeout_ms=100)
    board.console_write("\x04")
    await_bridge(bench.board, start)


def press_reset(bench: Bench) -> None:
    start = len(bench.board.console)
    bench.board.reset()
    await_bridge(bench.board, start)


def plug_in_again(bench: Bench) -> None:
    start = len(bench.board.console)
    bench.board.power_cycle()
    await_bridge(bench.board, start)


@pytest.mark.parametrize("interrupt", [ctrl_c_and_d, press_reset, plug_in_again])
def test_what_is_interrupted_half_way_never_reaches_the_bus_and_the_bridge_works_afterwards(
    bench: Bench, interrupt: Callable[[Bench], None]
) -> None:
    board = bench.board
    play([feature("a1 20", 64), *HALF], board)
    done = len(bench.recorder.writes)
    interrupt(bench)
    rest: list[Step] = [out(OTHER_HALF), status(0x2A), feature("a1 20", 64)]
    play(rest, board)
    assert bench.recorder.writes[done:] == []
    for steps in (CLIENT.init, CLIENT.read, [out("d1 42 06 02 10 5a"), status(0x20), bus("w 42 10 5a")]):
        play(steps, board)


def test_ctrl_d_while_the_program_runs_changes_nothing(bench: Bench) -> None:
    play([feature("a1 20", 64), *HALF], bench.board)
    bench.board.console_write("\x04")
    bench.board.run(50)
    play([out(OTHER_HALF), status(0x20), bus("w 42" + " a5" * 60 + " 01 02 03 04 05")], bench.board)
