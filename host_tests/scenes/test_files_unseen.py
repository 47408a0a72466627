# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Changes that the directory does not show by size and time: the content tells. And parts of one copy that arrive up to
a minute and a half after each other: the last program plays, and none plays twice."""

import os

import pytest

from host_tests.boards.pc_drive import ORDERS
from host_tests.boards.pc_program import idle
from host_tests.boards.pedal import LONG, OTHER, SEEN_AGAIN_MS, SONG, THIRD, UPLOAD_MS, image

BUILT = 1735603200  # the time of both files on the PC
NOTICED_MS = 10000 + UPLOAD_MS
SLOT_NOTICED_MS = 60000 + 2 * UPLOAD_MS
LATEST_MS = 120000


def copy_with_its_time(board, name, text, **options):
    """As Explorer, robocopy, cp -p and rsync do it."""
    board.drive.pc_time = lambda: BUILT
    return board.drive.write(name, text, **options)


@pytest.mark.parametrize("after_ms", [1000, SEEN_AGAIN_MS, 70000])
def test_another_program_of_the_same_length_and_time_plays(pedal, after_ms):
    board = pedal(clock_look_ms=4)
    copy_with_its_time(board, "output.hex", SONG)
    board.run(UPLOAD_MS + after_ms)
    assert board.plays(SONG)
    copy_with_its_time(board, "output.hex", OTHER)
    board.run(NOTICED_MS)
    assert board.plays(OTHER)


def test_another_program_of_the_same_length_and_time_is_burnt_into_its_slot(pedal):
    board = pedal(clock_look_ms=10)
    copy_with_its_time(board, "3.hex", SONG)
    board.run(20000)
    copy_with_its_time(board, "3.hex", OTHER)
    board.run(SLOT_NOTICED_MS)
    assert board.slot(3) == image(OTHER)
    assert board.chip.writes[3] == 2


def in_place(board):
    """The entries take the other's name, as their order then tells."""
    for old, new in (("3.hex", "t"), ("4.hex", "3.hex"), ("t", "4.hex")):
        board.drive.rename(old, new)


def in_new_entries(board):
    """Each new name in the first free place, as Linux does it: the directory is what it was but for the clusters."""
    texts = [(board.drive.folder / name).read_bytes() for name in ("3.hex", "4.hex")]
    for name, text in zip(("4.hex", "3.hex"), texts, strict=True):
        (board.drive.folder / name).write_bytes(text)
        os.utime((board.drive.folder / name), (BUILT, BUILT))


@pytest.mark.parametrize(("rename", "noticed_ms"), [(in_place, 5000), (in_new_entries, SLOT_NOTICED_MS)])
def test_two_slots_that_are_swapped_by_renaming_are_burnt_anew(pedal, rename, noticed_ms):
    board = pedal(clock_look_ms=10)
    copy_with_its_time(board, "3.hex", SONG)
    board.run(UPLOAD_MS)
    copy_with_its_time(board, "4.hex", OTHER)
    board.run(10000)
    rename(board)
    board.run(noticed_ms)
    assert board.slot(3) == image(OTHER)
    assert board.slot(4) == image(SONG)
    assert [board.chip.writes[slot] for slot in (3, 4)] == [2, 2]


def test_a_folder_that_fills_up_does_not_have_a_slot_burnt_again(pedal):
    board = pedal({"3.hex": SONG}, clock_look_ms=4)
    board.run(NOTICED_MS)
    since = board.note()
    for number in range(3):
        board.drive.write(f"{number}.txt", "a note")
        board.run(2000)
    assert since.lines == []
    assert since.steps == []


def executions(since):
    return since.steps.count("EXEC_FROM_RAM")


@pytest.mark.parametrize("new", [OTHER, LONG], ids=["as long as the old one", "longer"])
@pytest.mark.parametrize("pause_ms", [0, 700, 8000, 90000])
@pytest.mark.parametrize("areas", [1, 2])
@pytest.mark.parametrize("order", ORDERS)
def test_in_whatever_order_and_how_late_the_parts_come_the_new_program_plays_once(playing, order, areas, pause_ms, new):
    """`areas`: so many of FAT, data and entry come before the pause. One that is emptied for long is stopped before."""
    board, since = playing, playing.note()
    first = ORDERS[order].split()[:areas]
    parts = board.drive.write("output.hex", new, order=order, partial=0)
    while parts.pending[0][0] in first:
        parts.resume(1)
    board.run(pause_ms)
    parts.resume()
    board.run(15000)
    assert board.plays(new)
    assert executions(since) == 1
    assert since.errors == []
    assert board.chip.complaints == []


def test_running_is_not_said_of_the_old_program_that_a_new_entry_names(playing):
    since = playing.note()
    playing.drive.write("output.hex", OTHER, order="dir-first", partial=2)
    playing.run(5000)
    assert since.lines == ["output.hex: the program that runs already"]


def test_a_program_that_is_copied_over_itself_a_moment_later_plays_on(playing):
    since = playing.note()
    playing.touch("output.hex")
    assert since.steps == []
    assert since.lines == ["output.hex: the program that runs already"]
    assert since.colours == ["red"]


def test_a_program_that_is_copied_over_itself_much_later_starts_again(playing):
    playing.run(LATEST_MS)
    since = playing.note()
    playing.touch("output.hex")
    assert executions(since) == 1
    assert playing.plays(SONG)


def test_a_program_that_is_copied_over_itself_takes_over_from_a_pc_program(shared_bus, pc):
    shared_bus.drop("output.hex", SONG)
    pc.stop()
    pc.run(OTHER)
    idle(shared_bus)
    assert shared_bus.plays(OTHER)
    shared_bus.touch("output.hex")
    assert shared_bus.plays(SONG)


def test_what_a_pc_program_runs_is_not_pushed_aside_by_looks_at_the_content(shared_bus, pc):
    shared_bus.drop("output.hex", SONG)
    pc.stop()
    pc.run(OTHER)
    idle(shared_bus)
    assert shared_bus.plays(OTHER)
    shared_bus.run(NOTICED_MS)
    assert shared_bus.plays(OTHER)


def test_new_content_alone_takes_over_from_a_pc_program(shared_bus, pc):
    shared_bus.drop("output.hex", SONG)
    pc.stop()
    pc.run(OTHER)
    idle(shared_bus)
    path = shared_bus.drive.folder / "output.hex"
    stamp = path.stat().st_mtime
    path.write_text(THIRD)
    os.utime(path, (stamp, stamp))
    shared_bus.run(NOTICED_MS)
    assert shared_bus.plays(THIRD)


@pytest.mark.parametrize("pause_ms", [3000, 90000])
def test_new_data_that_come_in_two_blocks_into_the_old_file_are_no_error_in_between(playing, pause_ms):
    """The directory shows nothing of it; the second block makes it whole."""
    since = playing.note()
    half = OTHER[: len(OTHER) // 2] + SONG[len(SONG) // 2 :]
    path = playing.drive.folder / "output.hex"
    stamp = path.stat().st_mtime
    for text in (half, OTHER):
        path.write_text(text)
        os.utime(path, (stamp, stamp))
        playing.run(pause_ms)
    playing.run(15000)
    assert playing.plays(OTHER)
    assert since.errors == []
