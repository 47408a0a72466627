# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A file counts when it has come to rest and is whole; what is still on its way is neither uploaded nor an error."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.boards.pc_drive import ORDERS
from host_tests.boards.pedal import LONG, OTHER, SEEN_AGAIN_MS, SONG, UPLOAD_MS, Pedal, song
from host_tests.boards.programs.generate import blocks

PATIENCE_MS = 5000
MINUTE_MS = 60000
HALF_COPIES = [(order, done) for order, areas in ORDERS.items() for done in range(1, len(areas.split()) + 2)]


@pytest.fixture
def idle(pedal):
    """A board that has nothing to do and knows its chip."""
    board = pedal(clock_look_ms=2)
    board.run_until("serial number", poll_ms=50)
    board.run(100)
    return board


def in_flight(board, order, done, name="output.hex", text=LONG):
    """A copy of a file of three data blocks, of which `done` block writes have arrived."""
    return board.drive.write(name, text, order=order, partial=done)


@pytest.mark.parametrize(("order", "done"), HALF_COPIES)
def test_half_a_new_file_does_nothing_and_the_whole_one_runs(idle, order, done):
    board, since = idle, idle.note()
    transfer = in_flight(board, order, done)
    board.run(PATIENCE_MS - 1000)
    assert not transfer.done
    assert since.steps == []
    assert since.errors == []
    transfer.resume()
    board.run(UPLOAD_MS)
    assert board.plays(LONG)
    assert since.errors == []


@pytest.mark.parametrize(("old", "new"), [(SONG, LONG), (LONG, SONG)], ids=["longer", "shorter"])
@pytest.mark.parametrize("order", ["fat-first", "data-first", "dir-first"])
@pytest.mark.parametrize("done", [1, 2])
def test_half_an_overwrite_leaves_the_old_program_playing(pedal, order, done, old, new):
    board = pedal({"output.hex": old})
    board.run(SEEN_AGAIN_MS)
    since = board.note()
    transfer = in_flight(board, order, done, text=new)
    board.run(PATIENCE_MS - 1000)
    assert since.steps == []
    assert board.plays(old)
    transfer.resume()
    board.run(UPLOAD_MS)
    assert board.plays(new)
    assert since.errors == []


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("done", [1, 3])
def test_half_a_slot_file_burns_nothing_and_the_whole_one_is_burnt_once(pedal, order, done):
    board = pedal()
    since = board.note()
    transfer = in_flight(board, order, done, "b.hex")
    board.run(PATIENCE_MS - 1000)
    assert since.burns == []
    transfer.resume()
    board.run(2 * UPLOAD_MS)
    assert since.burns == [0xB]
    assert board.slot(0xB) == blocks(LONG)
    assert since.errors == []


@pytest.mark.parametrize("order", ["data-first", "empty-first"])
def test_a_directory_that_is_written_a_minute_late_is_no_error(idle, order):
    """As macOS does it: the data are there long before the directory entry, or before its size."""
    since = idle.note()
    transfer = idle.drive.write("output.hex", LONG, order=order, partial=len(ORDERS[order].split()) + 1)
    assert [area for area, _ in transfer.pending] == ["dir"]
    idle.run(MINUTE_MS)
    assert since.steps == []
    transfer.resume()
    idle.run(UPLOAD_MS)
    assert idle.plays(LONG)
    assert since.errors == []


def test_a_file_runs_within_a_second_and_a_bit_of_its_copy_though_the_root_directory_looks_old_for_longer(idle):
    board = idle
    board.drive.write("output.hex", SONG)
    assert "output.hex" in board.volume.stale
    board.run_until(lambda b: b.plays(SONG), timeout_ms=1100)


def test_of_a_file_that_is_written_over_and_over_the_last_one_plays(idle):
    """Each is whole, and none is waited for."""
    board, since = idle, idle.note()
    for turn in range(20):
        board.drive.write("output.hex", song(turn, 3 + turn))
        board.run(300)
    board.run(UPLOAD_MS)
    assert since.steps.count("EXEC_FROM_RAM") <= 20
    assert board.plays(song(19, 22))
    assert since.errors == []


def test_a_slot_file_that_is_written_over_and_over_is_burnt_once_when_that_ends(idle):
    board, since = idle, idle.note()
    for turn in range(20):
        board.drive.write("3.hex", song(turn, 3 + turn))
        board.run(300)
    assert since.steps == []
    board.run(UPLOAD_MS)
    assert since.burns == [3]
    assert board.slot(3) == blocks(song(19, 22))


def test_a_file_that_is_gone_before_it_was_whole_is_no_error(pedal):
    board = pedal()
    since = board.note()
    board.drop("output.hex", LONG[:-200])
    board.remove("output.hex")
    board.run(2 * PATIENCE_MS)
    assert since.errors == []


def test_several_files_in_flight_at_once_all_arrive(pedal):
    board = pedal()
    since = board.note()
    names = {"7.hex": "fat-first", "C.hex": "data-first", "output.hex": "dir-first"}
    transfers = [in_flight(board, order, 1, name) for name, order in names.items()]
    while any(not transfer.done for transfer in transfers):
        for transfer in transfers:
            transfer.resume(1)
            board.run(200)
    board.run(2 * UPLOAD_MS)
    assert since.burns == [7, 0xC]
    assert board.plays(LONG)
    assert since.errors == []


PAUSES_MS = (0, 100, 300, 600)


@settings(max_examples=15, deadline=None)
@given(
    order=st.sampled_from(list(ORDERS)),
    old=st.sampled_from([None, SONG, LONG]),
    new=st.sampled_from([OTHER, song(5, 300), song(6, 1024)]),
    block=st.sampled_from([6, 8, 64]),
    pauses=st.lists(st.sampled_from(PAUSES_MS), min_size=7, max_size=7),
)
def test_however_a_copy_arrives_only_the_old_and_the_new_program_ever_play(order, old, new, block, pauses):
    with Pedal({"output.hex": old} if old else {}, clock_look_ms=3) as board:
        board.run(SEEN_AGAIN_MS)
        allowed = [None, blocks(new), blocks(old) if old else None]
        since, seen = board.note(), [board.chip.running]
        board.i2c.on_transaction = lambda _: seen.append(board.chip.running)
        transfer = board.drive.write("output.hex", new, order=order, block=block, partial=0)
        for pause in pauses:
            transfer.resume(1)
            board.run(pause)
        transfer.resume()
        board.run(SEEN_AGAIN_MS + UPLOAD_MS)
        assert board.plays(new)
        assert all(image in allowed for image in seen)
        assert since.errors == []
        assert sum(a != b and b is not None for a, b in pairwise(seen)) <= 2
