# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A board with the bridge on the real interpreter, and what a PC program does with it. Nothing waits for ever."""

from host_tests.boards.emulator import Board
from host_tests.boards.pc_program import BUSY
from host_tests.on_emulator.scene import Play
from host_tests.on_emulator.versions import uf2_of

NOBODY = 0x77  # where the device looks for its chip: it has nothing to do but the bridge's work
FIRST_LINES_MS, BRIDGE_UP_MS = 15000, 2500
ANSWER_MS = 1000
FEATURE, STATUS = 3, 0xC0
ADDRESS_NAK = 0x26


def without_chip(version: str = "base", **settings: int) -> Board:
    """A board that has just been switched on. `settings`: of settings.toml, without SANDBOX_."""
    named = {f"SANDBOX_{key}": value for key, value in settings.items()}
    drive = Play(variant="disk-hid", settings={"SANDBOX_I2C_ADDRESS": NOBODY, **named}).drive()
    return Board(drive, uf2_of(version))


def await_bridge(board: Board, start: int = 0) -> None:
    """Runs until the program that speaks from console character `start` on has its bridge ready."""
    board.run_until(" at 100 kHz", FIRST_LINES_MS, start=start)
    board.run(BRIDGE_UP_MS)


def send(board: Board, report: bytes) -> None:
    """Comes back at once when it is acknowledged, as no program does: what is asked next comes as early as it can."""
    board.hid.out(report[0], report[1:])


def statuses(board: Board, length: int = 5, patience_ms: float = 2000, pause_ms: float = 0) -> list[bytes]:
    """What report C0 says until it is no longer busy, asked every `pause_ms`: the last one is not."""
    end = board.now_ms + patience_ms
    seen = [board.hid.get_report(FEATURE, STATUS, length)]
    while seen[-1][1] & BUSY:
        assert board.now_ms < end, f"the status is still busy after {patience_ms} ms: {seen[-1].hex(' ')}"
        board.run(pause_ms)
        seen.append(board.hid.get_report(FEATURE, STATUS, length))
    return seen


def done(board: Board) -> int:
    """The status at the end of what has been sent."""
    return statuses(board)[-1][1]


def request(board: Board, report: bytes) -> int:
    """Sends it; returns the status at its end."""
    send(board, report)
    return done(board)


def receive(board: Board, count: int) -> bytes:
    """So many bytes of read data."""
    got = b""
    while len(got) < count:
        report = board.hid.read(ANSWER_MS)
        assert report is not None, f"{len(got)} of {count} bytes came, and then none for {ANSWER_MS} ms"
        _, report_id, payload = report
        size = payload[0]
        assert report_id == 0xD0 + (size - 1) // 4
        assert payload[1 + size :] == bytes(62 - size)
        got += payload[1 : 1 + size]
    return got


def discard(board: Board, count: int) -> None:
    """Takes the input reports that nobody has fetched: so many at most, then none comes."""
    for _ in range(count):
        if board.hid.read(50) is None:
            return
    assert board.hid.read(50) is None, f"more than {count} reports were waiting"
