# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge on the real interpreter: long transfers, refusals, whole programs."""

import random
from collections.abc import Iterator

import pytest

from host_tests.boards.conversations import chunks
from host_tests.boards.emulator import Board
from host_tests.boards.pc_program import IDLE
from host_tests.boards.programs.generate import FOLDER, blocks
from host_tests.boards.targets import ABSENT, EEPROM, RECORDER, Recorder
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from host_tests.on_emulator.bridge_board import ADDRESS_NAK, await_bridge, discard, done, receive, request, without_chip

pytestmark = pytest.mark.xdist_group("bridge")  # one process keeps the tests that share a board

CONTENT = bytes(range(256))
TIMEOUT = 0x32
GOOD, REFUSED = bytes((0xD0, RECORDER, 6, 1, 1)), bytes((0xD0, ABSENT, 6, 1, 1))


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    with without_chip() as started:
        await_bridge(started)
        started.i2c.attach(EEPROM, VirtualEeprom(lambda: started.now_ms, CONTENT, page=256))
        started.i2c.attach(RECORDER, Recorder())
        yield started


def read(board: Board, length: int) -> bytes:
    board.hid.out(0xC2, bytes((EEPROM, 6, length & 0xFF, length >> 8)))
    return receive(board, length)


def test_4098_bytes_in_69_reports_back_to_back_are_one_write(board: Board) -> None:
    data = random.Random(1).randbytes(4098)
    *before, last = chunks(data, RECORDER)
    assert len(before) == 68
    for report in before:
        board.hid.out(report[0], report[1:])
    assert request(board, last) == IDLE
    sent = board.i2c.log[-1]
    assert (sent.addr, sent.data, sent.stop) == (RECORDER, data, True)


def test_reads_of_every_length(board: Board) -> None:
    for length in range(1, 251):
        board.i2c.targets[EEPROM].pointer = 0
        assert read(board, length) == CONTENT[:length], length
    assert done(board) == IDLE


def test_a_refusal_is_never_taken_for_a_success(board: Board) -> None:
    """The status right after the request is that of the request."""
    moments = random.Random(2)
    for k in range(200):
        assert request(board, GOOD) == IDLE
        board.run(moments.uniform(0, 30))
        assert request(board, REFUSED) == ADDRESS_NAK, k


def test_a_refusal_after_a_pause_is_never_taken_for_a_success() -> None:
    """The bridge is not active any more then, and the device looks at its drive."""
    moments = random.Random(3)
    with without_chip(BRIDGE_TIMEOUT=1) as started:
        started.i2c.attach(RECORDER, Recorder())
        await_bridge(started)
        for k in range(25):
            assert request(started, GOOD) == IDLE
            started.run(1000 + moments.uniform(0, 260))
            assert request(started, REFUSED) == ADDRESS_NAK, k


def test_a_host_that_does_not_fetch_its_data_stops_nothing(board: Board) -> None:
    board.hid.pause()
    board.hid.out(0xC2, bytes((EEPROM, 6, 200, 0)))
    board.run(1000)
    assert done(board) == TIMEOUT
    assert request(board, GOOD) == IDLE
    board.hid.pause(False)
    discard(board, 4)
    assert read(board, 200) == board.i2c.log[-1].data


# ---- a whole program ----
def web_page(write: bytes) -> list[bytes]:
    """Everything under D0, 63 bytes after the ID."""
    return [bytes((0xD0,)) + report[1:].ljust(63, b"\0") for report in chunks(write, RECORDER)]


def vendors_programmer(write: bytes) -> list[bytes]:
    """The smallest ID, whole packets."""
    return chunks(write, RECORDER, 64)


@pytest.mark.parametrize(("client", "pause_ms"), [(web_page, 50), (vendors_programmer, 0)])
def test_a_program_is_loaded_and_runs(board: Board, client, pause_ms: float) -> None:
    chip = VirtualFXCore(now_ms=lambda: board.now_ms)
    board.i2c.attach(chip.address, chip)
    image = blocks((FOLDER / "cloud.hex").read_text())
    count = 0x0800 + len(image.program) // 4 - 1
    board.hid.set_feature(0xA1, b"\x20".ljust(63, b"\0"))
    board.run(100)
    writes = [b"\x04\x7f", image.mreg, b"\x01\x0f", image.creg, b"\x02\x0b", image.sfr, count.to_bytes(2, "big")]
    for write in [b"\xa5\x5a\x30", *writes, image.program, b"\x0d\x00"]:
        for report in client(write):
            board.hid.out(report[0], report[1:])
            board.run(pause_ms)
        board.run(100)
    board.run(1000)
    assert chip.running == image
    assert chip.complaints == []
    for write in (b"\x0e\x00", b"\x5a\xa5"):
        for report in client(write):
            board.hid.out(report[0], report[1:])
            board.run(50)
    assert chip.mode == "RUN"
    board.i2c.attach(RECORDER, Recorder())
