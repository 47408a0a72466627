# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip and the bus behind a whole board, its firmware as it is, over the reports of its HID interface."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest

from fxcore.errors import ADDRESS_NAK, Fault
from host_tests.boards.hid_transport import BoardHid
from host_tests.boards.pedal import LONG, OTHER, SONG, Pedal, image
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from sandbox.faults import FAULTS
from sandboxfx.chip import Chip, ChipStatus
from sandboxfx.errors import SandboxError
from sandboxfx.faults import CHIP_FAULTS, told
from sandboxfx.ft260 import Ft260
from sandboxfx.hexfiles import read_hex

T = TypeVar("T")
READY_MS = 2500


@pytest.fixture
def board(pedal: Callable[..., Pedal]) -> Pedal:
    board = pedal(clock_look_ms=0.2)
    board.i2c.attach(VirtualEeprom.address, VirtualEeprom(lambda: board.now_ms))
    board.run(READY_MS)
    return board


def do(board: Pedal, work: Callable[[Chip, Ft260], Coroutine[Any, Any, T]]) -> T:
    async def together() -> T:
        bus = Ft260(BoardHid(board))
        return await work(Chip(bus), bus)

    return asyncio.run(together())


def test_bytes_written_are_read_back(board: Pedal) -> None:
    async def work(chip: Chip, bus: Ft260) -> bytes:
        await bus.write(0x50, bytes((16,)) + b"a page!!")
        await bus.hid.clock.sleep_ms(10)
        return await bus.write_read(0x50, bytes((16,)), 8)

    assert do(board, work) == b"a page!!"


@pytest.mark.parametrize("count", [1, 60, 61, 200])
def test_a_read_of_any_length_is_whole(board: Pedal, count: int) -> None:
    async def work(chip: Chip, bus: Ft260) -> bytes:
        await bus.write(0x50, b"\0")
        return await bus.read(0x50, count)

    assert len(do(board, work)) == count


@pytest.mark.parametrize("what", ["write", "read"])
def test_an_address_that_nobody_has_is_a_fault_at_once(board: Pedal, what: str) -> None:
    async def work(chip: Chip, bus: Ft260) -> None:
        await (bus.write(0x2A, b"\1") if what == "write" else bus.read(0x2A, 4))

    began = board.now_ms
    with pytest.raises(Fault) as caught:
        do(board, work)
    assert caught.value.code == ADDRESS_NAK
    assert board.now_ms - began < 100


def test_a_scan_finds_who_is_there_and_writes_nothing(board: Pedal) -> None:
    assert do(board, lambda chip, bus: bus.scan()) == [0x30, 0x50]
    assert board.chip.mode == "RUN"


def test_the_clock_is_set_and_read(board: Pedal) -> None:
    async def work(chip: Chip, bus: Ft260) -> tuple[int, int]:
        before = await bus.clock_khz()
        await bus.set_clock(400)
        return before, await bus.clock_khz()

    assert do(board, work) == (100, 400)


def test_a_chip_says_who_it_is_and_goes_on(board: Pedal) -> None:
    status = do(board, lambda chip, bus: chip.identify())
    assert status == ChipStatus(board.chip.device_id, status.serial, tuple(range(16)))
    assert board.chip.mode == "RUN"


@pytest.mark.parametrize("text", [SONG, LONG])
def test_a_program_runs(board: Pedal, text: str) -> None:
    do(board, lambda chip, bus: chip.run(read_hex(text.encode())))
    assert board.chip.mode == "RUNNING_FROM_RAM"
    assert board.chip.running == image(text)


def test_stopped_the_chip_is_in_run_mode(board: Pedal) -> None:
    async def work(chip: Chip, bus: Ft260) -> None:
        await chip.run(read_hex(SONG.encode()))
        await chip.stop()

    do(board, work)
    assert board.chip.mode == "RUN"


def test_a_program_is_burnt_and_verified(board: Pedal) -> None:
    assert do(board, lambda chip, bus: chip.burn(read_hex(OTHER.encode()), 5))
    assert board.chip.slots[5] == image(OTHER)
    assert board.chip.mode == "RUN"


def test_what_is_not_wanted_is_not_burnt(board: Pedal) -> None:
    asked: list[ChipStatus | None] = []

    def wanted(status: ChipStatus | None) -> bool:
        asked.append(status)
        return False

    before = board.chip.slots[5]
    assert not do(board, lambda chip, bus: chip.burn(read_hex(OTHER.encode()), 5, wanted))
    assert board.chip.slots[5] == before
    assert len(asked) == 1
    assert asked[0]


def test_a_chip_that_is_not_there_is_told_in_the_boards_words(board: Pedal) -> None:
    board.unplug_chip()
    with pytest.raises(SandboxError) as caught, told("0x30"):
        do(board, lambda chip, bus: chip.identify())
    assert caught.value.code == ADDRESS_NAK
    assert caught.value.sentence == "0x30: no chip answers at the address (nobody answers at 0x30)."
    assert caught.value.cure


def test_cancelled_while_blocks_are_sent_the_chip_goes_back_to_run_mode(board: Pedal) -> None:
    async def work(chip: Chip, bus: Ft260) -> None:
        task = asyncio.ensure_future(chip.run(read_hex(LONG.encode())))
        while board.chip.mode != "PROGRAMMING":
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    do(board, work)
    assert board.chip.mode == "RUN"


def test_the_sentences_are_the_boards_own() -> None:
    assert {code: sentence for code, (sentence, _) in CHIP_FAULTS.items()} == {
        code: FAULTS[code][1] for code in CHIP_FAULTS
    }
