# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A file that stays broken: told once, after five seconds, and looked at again when it changes, seen or unseen."""

import pytest

from host_tests.boards.pedal import LONG, OTHER, SONG, UPLOAD_MS, Pedal, broken, song
from host_tests.boards.programs.generate import blocks
from host_tests.boards.virtual.drive.device import DeviceView, DriveFile

PATIENCE_MS = 5000
TOLD_MS = PATIENCE_MS + 1500  # settled, read, and read again for the last time
LATE_MS = 15000  # so long after the data of a file that was given up came, it has been looked at again
MINUTE_MS = 60000


def told_ms(board: Pedal, start: int) -> float:
    """Runs until an error is told; returns when that was."""
    return board.run_until("error 1: ", timeout_ms=TOLD_MS, start=start)


@pytest.mark.parametrize("name", ["output.hex", "5.hex"])
def test_a_broken_file_is_told_after_five_seconds_and_not_before(pedal, name):
    board = pedal()
    copied = board.now_ms
    board.drive.write(name, broken(SONG))
    assert PATIENCE_MS < told_ms(board, 0) - copied < TOLD_MS


def test_a_broken_file_is_told_once_in_a_minute_and_ever(pedal):
    board = pedal(clock_look_ms=4)
    since = board.note()
    board.drop("output.hex", broken(SONG))
    board.run(MINUTE_MS)
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 1: output.hex, line 2: ")


def test_a_broken_file_at_power_up_is_told_once(pedal):
    board = pedal({"output.hex": broken(SONG), "5.hex": broken(OTHER)})
    since = board.note()
    board.run(20000)
    assert sorted(line.split(",")[0] for line in since.errors) == ["error 1: 5.hex", "error 1: output.hex"]


def test_a_broken_file_that_changes_is_looked_at_again_and_told_again(pedal):
    board = pedal()
    since = board.note()
    for turn in range(3):
        board.drop("output.hex", broken(song(turn)))
        board.run(TOLD_MS)
        assert len(since.errors) == turn + 1


def test_a_broken_file_that_is_replaced_in_time_is_never_told(pedal):
    board = pedal()
    since = board.note()
    for turn in range(4):
        board.drop("output.hex", broken(song(turn)))
    board.drop("output.hex", SONG)
    board.run(TOLD_MS)
    assert since.errors == []
    assert board.plays(SONG)


def test_the_error_goes_when_the_file_is_good(pedal):
    board = pedal()
    board.drop("output.hex", broken(SONG))
    board.run(TOLD_MS)
    board.drop("output.hex", OTHER)
    since = board.note()
    board.run(3000)
    assert board.plays(OTHER)
    assert since.colours == ["red"]


def test_the_error_goes_when_the_file_goes(pedal):
    board = pedal()
    board.drop("output.hex", broken(SONG))
    board.run(TOLD_MS)
    board.remove("output.hex")
    since = board.note()
    board.run(3000)
    assert since.colours == []


@pytest.mark.parametrize("after_ms", [2000, TOLD_MS, 30000, 90000])
@pytest.mark.parametrize("done", [1, 2])
@pytest.mark.parametrize("name", ["output.hex", "5.hex"])
def test_data_that_come_long_after_their_directory_entry_are_found_and_no_error(pedal, name, done, after_ms):
    """`done`: the entry alone, or the cluster chain too. The medium has no trace of when the data came."""
    board = pedal(clock_look_ms=10)
    since = board.note()
    transfer = board.drive.write(name, LONG, order="dir-first", partial=done)
    board.run(after_ms)
    late = f"{name}: not fully written yet: eject or wait"
    assert since.lines.count(late) == (after_ms > PATIENCE_MS)
    transfer.resume()
    board.run(LATE_MS)
    assert board.plays(LONG) if name == "output.hex" else board.slot(5) == blocks(LONG)
    assert since.errors == []
    assert since.lines.count(late) <= 1
    assert "amber" not in since.colours


@pytest.mark.parametrize("after_ms", [TOLD_MS, 90000])
def test_a_fat_that_is_written_long_after_data_and_entry_is_no_error(playing, after_ms):
    """As Windows does it with a small drive."""
    since = playing.note()
    copy = playing.drive.write("output.hex", LONG, order="windows", partial=0)
    while copy.pending[0][0] != "fat":
        copy.resume(1)
    playing.run(after_ms)
    assert since.lines == ["output.hex: not fully written yet: eject or wait"]
    assert set(since.colours) == {"red"}
    copy.resume()
    playing.run(LATE_MS)
    assert playing.plays(LONG)
    assert since.steps.count("EXEC_FROM_RAM") == 1
    assert since.errors == []


def test_a_file_whose_clusters_never_come_is_an_error_after_two_minutes_and_the_old_one_plays_on(playing):
    since = playing.note()
    playing.drive.write("output.hex", LONG, order="dir-first", partial=1)
    playing.run(2 * MINUTE_MS - 5000)
    assert since.errors == []
    playing.run(15000)
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 1: output.hex")
    assert playing.plays(SONG)


def test_data_that_come_after_the_error_are_found(playing):
    since = playing.note()
    transfer = playing.drive.write("output.hex", LONG, order="dir-first", partial=1)
    playing.run(2 * MINUTE_MS + 10000)
    assert len(since.errors) == 1
    transfer.resume()
    playing.run(LATE_MS)
    assert playing.plays(LONG)
    assert len(since.errors) == 1


def test_a_read_error_that_passes_is_no_error(playing, monkeypatch):
    """EIO for two seconds, as while the host moves clusters about."""
    read = DriveFile.readinto
    until = playing.now_ms + 2500

    def failing(self, buffer):
        if playing.now_ms < until:
            playing.time.spend(1.0)
            raise OSError(5, "Input/output error")
        return read(self, buffer)

    monkeypatch.setattr(DriveFile, "readinto", failing)
    since = playing.note()
    playing.drive.write("output.hex", OTHER)
    playing.run(2000)
    assert playing.plays(SONG)
    playing.run(UPLOAD_MS)
    assert playing.plays(OTHER)
    assert since.errors == []


def test_a_directory_that_cannot_be_read_for_a_while_stops_nothing(playing, monkeypatch):
    listdir = DeviceView.listdir
    until = playing.now_ms + 3000

    def failing(self, path="/"):
        if playing.now_ms < until:
            playing.time.spend(1.0)
            raise OSError(5, "Input/output error")
        return listdir(self, path)

    monkeypatch.setattr(DeviceView, "listdir", failing)
    since = playing.note()
    playing.run(2500)
    assert playing.plays(SONG)
    playing.drop("output.hex", OTHER)
    assert playing.plays(OTHER)
    assert since.errors == []
