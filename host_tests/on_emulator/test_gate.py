# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A host that asks as soon as it can is told what is true, whatever the board is doing; and nobody is kept waiting."""

import random
from collections.abc import Callable, Iterator

import pytest

from host_tests.boards.emulator import Board
from host_tests.boards.emulator.drive import Transfer
from host_tests.boards.pc_program import IDLE
from host_tests.boards.pedal import LONG
from host_tests.boards.targets import ABSENT, RECORDER, Recorder
from host_tests.on_emulator.bridge_board import ADDRESS_NAK, FEATURE, STATUS, await_bridge, statuses, without_chip
from host_tests.on_emulator.versions import on_each_version

pytestmark = on_each_version("gate")

GAPS_MS = (0, 0.05, 0.1, 0.3)
TRIALS = 32
TIMEOUT_S = 1  # the bridge is idle after that, and the drive is looked at
CONTROL_MS = 15  # the longest that a control request may wait, but for a transfer or a flash write
GOOD, REFUSED = bytes((0xD0, RECORDER, 6, 1, 1)), bytes((0xD0, ABSENT, 6, 1, 1))


@pytest.fixture(scope="module")
def board(version: str) -> Iterator[Board]:
    """Nobody answers where it looks for its chip: its light changes all the time."""
    with without_chip(version, BRIDGE_TIMEOUT=TIMEOUT_S) as started:
        started.i2c.attach(RECORDER, Recorder())
        await_bridge(started)
        yield started


def active(board: Board, chance: random.Random) -> None:
    board.run(chance.uniform(0, 12))


def idle(board: Board, chance: random.Random) -> None:
    board.run(1000 * TIMEOUT_S + chance.uniform(0, 260))


class Copying:
    """A few more blocks of a file are written each time."""

    def __init__(self) -> None:
        self._copy: Transfer | None = None

    def __call__(self, board: Board, chance: random.Random) -> None:
        if self._copy is None or not self._copy.pending:
            self._copy = board.drive.write("notes.txt", LONG * 4, partial=2)
        self._copy.resume(2)
        board.run(chance.uniform(0, 12))


SITUATIONS: dict[str, tuple[Callable[[Board, random.Random], None], int]] = {
    "active": (active, TRIALS), "idle": (idle, TRIALS // 8), "files are copied": (Copying(), TRIALS // 4),
}  # fmt: skip


def out(board: Board, report: bytes) -> None:
    board.hid.out(report[0], report[1:])


def set_short(board: Board, *data: int) -> None:
    board.hid.set_report(FEATURE, data[0], bytes(data))


def wrong_answers(board: Board, gap_ms: float, pause: Callable[[Board, random.Random], None], trials: int) -> list[str]:
    """What the host was told that was not true."""
    chance, wrong = random.Random(repr(gap_ms)), []
    for _ in range(trials):
        out(board, GOOD)
        assert statuses(board)[-1][1] == IDLE
        pause(board, chance)
        out(board, REFUSED)
        board.run(gap_ms)
        told = statuses(board)[0][1]
        if not told & 1 and told != ADDRESS_NAK:
            wrong.append(f"{told:02x} after a refused write")
        assert statuses(board)[-1][1] == ADDRESS_NAK
        set_short(board, 0xA1, 0x22, 0x90, 0x01)
        board.run(gap_ms)
        if board.hid.get_report(FEATURE, STATUS, 5)[2:4] != b"\x90\x01":
            wrong.append("a clock that was not heard")
        set_short(board, 0xA1, 0x22, 0x64, 0x00)
        set_short(board, 0xA1, 0x20)
        board.run(gap_ms)
        if board.hid.get_report(FEATURE, STATUS, 5)[1:4] != b"\x20\x64\x00":
            wrong.append("a reset that was not heard")
    return wrong


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("gap_ms", GAPS_MS)
def test_the_host_is_told_what_is_true_however_soon_it_asks(board: Board, gap_ms: float, situation: str) -> None:
    pause, trials = SITUATIONS[situation]
    assert wrong_answers(board, gap_ms, pause, trials) == []


def waits(board: Board, trials: int, least_ms: float, most_ms: float) -> list[float]:
    """ms of each of so many questions."""
    chance, found = random.Random(1), []
    for _ in range(trials):
        board.run(chance.uniform(least_ms, most_ms))
        start = board.now_ms
        board.hid.get_report(FEATURE, STATUS, 5)
        found.append(board.now_ms - start)
    return found


def test_no_control_request_waits_long(board: Board) -> None:
    assert max(waits(board, TRIALS, 0, 10)) < CONTROL_MS
    board.run(1000 * TIMEOUT_S)
    assert max(waits(board, TRIALS, 0, 60)) < CONTROL_MS  # idle: the drive is looked at


@pytest.mark.parametrize("keys", ["\x03", "\x03\x03", "\x03\x03\x03"])
def test_after_ctrl_c_the_host_is_answered_and_after_a_reload_too(board: Board, keys: str) -> None:
    start = len(board.console)
    for key in keys:
        board.console_write(key)
    board.run_until("Press any key to enter the REPL", start=start)
    assert board.hid.get_report(FEATURE, STATUS, 5)[0] == STATUS
    board.console_write("\x04")
    await_bridge(board, start)
    out(board, REFUSED)
    assert statuses(board)[-1][1] == ADDRESS_NAK
