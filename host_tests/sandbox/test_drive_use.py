# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The computer's use of the drive, as it shows in the USB controller's memory."""

import pytest

from host_tests.boards.virtual.usb.mass_storage import READ_10, TEST_UNIT_READY, WRITE_10
from sandbox.drive_use import DriveUse


@pytest.fixture
def board(pedal):
    """A board whose host has mounted the drive."""
    board = pedal(clock_look_ms=4)
    board.run(1000)
    return board


@pytest.fixture
def use(board):
    use = DriveUse(board.memory.dpram)
    use.find()
    assert use.found
    use.seen()
    use.wrote = False
    return use


def test_each_command_is_seen_once(board, use):
    """Two commands leave the data PIDs as they were."""
    for count in (1, 2, 3, 4):
        for _ in range(count):
            board.mass_storage.command(TEST_UNIT_READY)
        assert use.seen()
        assert not use.seen()
    assert not use.wrote


@pytest.mark.parametrize("sectors", [1, 8])
def test_that_data_were_sent_is_seen(board, use, sectors):
    board.mass_storage.command(READ_10)
    assert use.seen()
    assert not use.wrote
    board.mass_storage.command(WRITE_10, bytes(512 * sectors))
    assert use.seen()
    assert use.wrote


def test_without_a_host_there_is_nothing_to_find(pedal):
    board = pedal(host=False, clock_look_ms=4)
    use = DriveUse(board.memory.dpram)
    use.find()
    assert not use.found


def test_the_consoles_endpoint_is_not_taken_for_the_drives(pedal):
    board = pedal(clock_look_ms=4)
    board.memory.dpram[:] = board.memory.dpram.replace(b"USBC", b"\0\0\0\0")
    use = DriveUse(board.memory.dpram)
    use.find()
    assert not use.found
