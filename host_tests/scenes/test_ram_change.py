# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""output.hex changes while it plays: the old program plays on until the new one is known to be good."""

import os

import pytest

from host_tests.boards.pedal import LONG, OTHER, SEEN_AGAIN_MS, SONG, THIRD, UPLOAD_MS, broken
from host_tests.boards.virtual.fxcore.parts import RUN

LOOKED_AT_AGAIN_MS = 15000  # a file that was refused, when its data come late
SETTLED_MS = 500


def left_ram_run(since):
    """When the program that was playing had to stop."""
    return next(t.t_ms for t in since.transfers if t.data == b"\x0e\x00")


def test_a_changed_file_replaces_the_program(playing):
    since = playing.note()
    playing.drop("output.hex", OTHER)
    assert playing.plays(OTHER)
    assert since.colours == ["red", "blue", "red"]
    assert playing.chip.complaints == []


@pytest.mark.parametrize("pause_ms", [1000, 20000])
def test_the_old_program_plays_until_the_new_file_is_there_whole(playing, pause_ms):
    since = playing.note()
    copy = playing.drive.write("output.hex", LONG, order="dir-first", block=1, partial=3)
    playing.run(pause_ms)
    assert playing.plays(SONG)
    copy.resume()
    whole_at = playing.now_ms
    playing.run(LOOKED_AT_AGAIN_MS)
    assert playing.plays(LONG)
    assert left_ram_run(since) > whole_at


def test_an_overwrite_that_truncates_first_does_not_stop_the_program(playing):
    since = playing.note()
    playing.drop("output.hex", OTHER, order="empty-first", pace_ms=80)
    assert playing.plays(OTHER)
    assert since.steps.count("EXIT_PRG") == 1  # on the way to the new program
    assert since.colours == ["red", "blue", "red"]


def test_deleting_and_copying_anew_within_half_a_second_does_not_stop_the_program(playing):
    since = playing.note()
    playing.drive.delete("output.hex")
    playing.run(SETTLED_MS - 200)
    playing.drop("output.hex", OTHER)
    assert playing.plays(OTHER)
    assert since.steps.count("EXIT_PRG") == 1


def test_output_hex_counts_as_soon_as_the_computer_is_quiet(playing):
    since = playing.note()
    playing.drive.write("output.hex", OTHER)
    written_at = playing.now_ms
    playing.run(UPLOAD_MS)
    assert left_ram_run(since) - written_at < SETTLED_MS / 2


def test_that_output_hex_is_gone_counts_after_half_a_second(playing):
    since = playing.note()
    playing.drive.delete("output.hex")
    deleted_at = playing.now_ms
    playing.run(UPLOAD_MS)
    assert SETTLED_MS <= left_ram_run(since) - deleted_at < SETTLED_MS + 500


def test_a_slot_file_counts_after_half_a_second(playing):
    since = playing.note()
    playing.drive.write("3.hex", OTHER)
    written_at = playing.now_ms
    playing.run(UPLOAD_MS)
    assert SETTLED_MS <= left_ram_run(since) - written_at < SETTLED_MS + 1000


def test_a_broken_file_leaves_the_old_program_playing(playing):
    since = playing.note()
    playing.drop("output.hex", broken(OTHER))
    playing.run(20000)
    assert playing.plays(SONG)
    assert since.steps == []
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 1: output.hex, line 2")
    assert "amber" in since.colours


def test_a_good_file_after_a_broken_one_runs_and_ends_the_error(playing):
    playing.drop("output.hex", broken(OTHER))
    playing.run(10000)
    playing.drop("output.hex", THIRD)
    assert playing.plays(THIRD)
    since = playing.note()
    playing.run(5000)
    assert since.colours == ["red"]


def test_a_broken_file_that_is_deleted_stops_what_still_played(playing):
    playing.drop("output.hex", broken(OTHER))
    playing.run(10000)
    playing.remove("output.hex")
    assert playing.chip.mode == RUN
    since = playing.note()
    playing.run(5000)
    assert since.colours == []


def test_a_change_within_the_grain_of_fat_time_is_found_by_its_content(pedal):
    board = pedal()
    board.run(2000 - board.now_ms % 2000)
    board.drive.write("output.hex", SONG)
    board.run_until(lambda b: b.plays(SONG))
    board.drive.write("output.hex", OTHER)
    assert board.volume.finished("output.hex").size == len(SONG) == len(OTHER)
    board.run(1000)
    assert board.plays(OTHER)


def test_data_that_come_a_moment_after_the_upload_are_found_though_nothing_else_changes(playing):
    playing.drive.write("output.hex", OTHER)
    playing.run_until(lambda b: b.plays(OTHER))
    path = playing.volume.find("output.hex")
    stamp = path.stat().st_mtime
    path.write_text(THIRD)
    os.utime(path, (stamp, stamp))
    playing.run(SEEN_AGAIN_MS)
    assert playing.plays(THIRD)


def test_the_second_look_at_an_unchanged_file_sends_nothing_to_the_chip(pedal):
    board = pedal()
    board.drop("output.hex", SONG)
    since = board.note()
    board.run(10000)
    assert since.steps == []
    assert since.colours == ["red"]


def test_a_file_deleted_during_its_upload_does_not_go_on_playing(pedal):
    board = pedal()
    board.drive.write("output.hex", LONG)
    board.run_until(lambda b: "XFER_PRG" in [event.step for event in b.chip.history])
    board.remove("output.hex")
    assert board.chip.mode == RUN
    assert board.pixel.color == (0, 0, 0)


def test_of_two_files_in_quick_succession_the_last_one_plays(pedal):
    board = pedal()
    board.drive.write("output.hex", LONG)
    board.run_until(lambda b: "XFER_PRG" in [event.step for event in b.chip.history])
    board.drop("output.hex", SONG)
    assert board.plays(SONG)
