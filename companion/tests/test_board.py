# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A board as its user has it, asynchronous or not, against the whole virtual board."""

import asyncio
import inspect
import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from host_tests.boards.hid_transport import BoardHid
from host_tests.boards.pedal import SONG, Pedal, image
from sandboxfx.board import AsyncBoard, open_hid
from sandboxfx.errors import SandboxError
from sandboxfx.find import FoundBoard
from sandboxfx.hexfiles import read_hex
from sandboxfx.loop import LoopThread
from sandboxfx.sync import Board

READY_MS = 2500


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    loop = LoopThread()
    yield loop
    loop.close()


@pytest.fixture
def pedal_board(pedal: Callable[..., Pedal]) -> Pedal:
    board = pedal(clock_look_ms=0.2)
    board.run(READY_MS)
    return board


def public(kind: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(member)
        for name, member in inspect.getmembers(kind, callable)
        if not name.startswith("_")
    }


def test_the_two_kinds_of_board_have_the_same_methods() -> None:
    assert public(Board) == public(AsyncBoard)


def test_a_program_runs_and_stops(pedal_board: Pedal, loop: LoopThread) -> None:
    board = Board(AsyncBoard(BoardHid(pedal_board)), loop)
    board.run(read_hex(SONG.encode()))
    assert pedal_board.chip.running == image(SONG)
    board.stop()
    assert pedal_board.chip.mode == "RUN"
    assert board.scan() == [0x30]
    board.set_clock(400)
    assert board.clock_khz() == 400


def test_faults_of_the_bus_are_sentences(pedal_board: Pedal, loop: LoopThread) -> None:
    board = Board(AsyncBoard(BoardHid(pedal_board), address=0x31), loop)
    for call in (board.identify, lambda: board.write(0x31, b"1"), lambda: board.read(0x31, 2)):
        with pytest.raises(SandboxError, match="0x31: no chip answers at the address") as caught:
            call()
        assert caught.value.cure
        assert caught.value.status == 1


@pytest.mark.parametrize(
    ("error", "sentence", "status"),
    [
        (ConnectionError(), "The board is gone.", 3),
        (TimeoutError(), "The board does not take a report.", 7),
    ],
)
def test_a_board_that_goes_away_is_a_sentence(
    error: OSError, sentence: str, status: int, pedal_board: Pedal, loop: LoopThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*args: object) -> None:
        raise error

    hid = BoardHid(pedal_board)
    monkeypatch.setattr(hid, "write", refuse)
    board = Board(AsyncBoard(hid), loop)
    for call in (board.identify, board.scan, lambda: board.burn(read_hex(SONG.encode()), 3)):
        with pytest.raises(SandboxError) as caught:
            call()
        assert (caught.value.sentence, caught.value.status) == (sentence, status)


def test_a_board_without_a_bridge_is_told() -> None:
    with pytest.raises(SandboxError, match="Board 7F2B has no USB-I2C bridge here") as caught:
        open_hid(FoundBoard("E4617F2B", None, None))
    assert caught.value.status == 6


def test_threads_are_not_left_behind_when_a_board_cannot_be_opened() -> None:
    before = threading.active_count()
    with pytest.raises(SandboxError):
        Board.open(FoundBoard("E4617F2B", None, None))
    assert threading.active_count() == before


def test_ctrl_c_cancels_and_waits_for_the_end(loop: LoopThread) -> None:
    begun, left = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            left.set()

    def interrupt() -> None:
        begun.wait()
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)  # it may wait already

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        loop.do(work())
    assert left.is_set()
