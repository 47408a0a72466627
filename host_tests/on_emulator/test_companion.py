# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The PC's half against the real interpreter: the chip and the bus over the reports of the emulated USB."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from host_tests.boards.emulator import Board
from host_tests.boards.hid_transport import BoardHid
from host_tests.boards.pedal import LONG, SONG, image
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from host_tests.on_emulator.bridge_board import await_bridge, without_chip
from sandboxfx.board import AsyncBoard
from sandboxfx.hexfiles import read_hex

pytestmark = pytest.mark.xdist_group("companion")

T = TypeVar("T")
# So long these may take at 100 kHz, in device time.
RUN_MS, BURN_MS, IDENTIFY_MS, SCAN_MS = 1400, 900, 300, 1500


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    with without_chip() as started:
        await_bridge(started)
        started.i2c.attach(VirtualEeprom.address, VirtualEeprom(lambda: started.now_ms, bytes(range(256)), page=256))
        yield started


@pytest.fixture
def chip(board: Board) -> VirtualFXCore:
    chip = VirtualFXCore(now_ms=lambda: board.now_ms)
    board.i2c.attach(chip.address, chip)
    return chip


def timed(board: Board, work: Callable[[AsyncBoard], Coroutine[Any, Any, T]]) -> tuple[T, float]:
    began = board.now_ms

    async def together() -> T:
        return await work(AsyncBoard(BoardHid(board)))

    return asyncio.run(together()), board.now_ms - began


def test_a_chip_is_identified_runs_stops_and_is_burnt_in_time(board: Board, chip: VirtualFXCore) -> None:
    status, identified = timed(board, lambda pc: pc.identify())
    assert status.slots == tuple(range(16))
    _, ran = timed(board, lambda pc: pc.run(read_hex(LONG.encode())))
    assert chip.running == image(LONG)
    timed(board, lambda pc: pc.stop())
    assert chip.mode == "RUN"
    burnt, took = timed(board, lambda pc: pc.burn(read_hex(SONG.encode()), 5))
    assert burnt
    assert chip.slots[5] == image(SONG)
    assert chip.complaints == []
    print(f"identify {identified:.0f} ms, run of 1,024 {ran:.0f} ms, burn {took:.0f} ms")
    assert (identified < IDENTIFY_MS, ran < RUN_MS, took < BURN_MS) == (True, True, True)


def test_the_bus_is_scanned_and_read(board: Board, chip: VirtualFXCore) -> None:
    found, took = timed(board, lambda pc: pc.scan())
    assert found == [0x30, 0x50]
    assert took < SCAN_MS
    data, _ = timed(board, lambda pc: pc.read(0x50, 200, b"\x05"))
    assert data == bytes(i & 0xFF for i in range(5, 205))
