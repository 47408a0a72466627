# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""0.hex .. F.hex are burnt into the chip's flash slots."""

import pytest

from host_tests.boards.pedal import LONG, OTHER, SONG, THIRD, UPLOAD_MS, broken, image, song
from host_tests.boards.virtual.fxcore.parts import FACTORY_IMAGE, RUN

BURN_MS = UPLOAD_MS + 1000


@pytest.mark.parametrize(
    ("name", "slot"), [("0.hex", 0), ("3.HEX", 3), ("9.Hex", 9), ("a.hex", 10), ("C.hex", 12), ("F.HEX", 15)]
)
def test_the_name_of_the_file_is_the_slot_it_is_burnt_into(pedal, name, slot):
    board = pedal()
    board.drop(name, SONG)
    assert board.slot(slot) == image(SONG)
    assert board.chip.writes == [int(n == slot) for n in range(16)]
    assert [n for n in range(16) if board.slot(n) != FACTORY_IMAGE] == [slot]


def test_the_longest_program_is_burnt_with_all_pauses_and_the_silence(pedal):
    board = pedal(knobs={"pause_percent": 100})
    board.drop("5.hex", LONG)
    assert board.slot(5) == image(LONG)
    assert board.chip.complaints == []
    assert board.chip.mode == RUN


def test_the_light_is_purple_then_green_for_two_seconds_then_off(pedal):
    board = pedal()
    since = board.note()
    board.drop("3.hex", SONG)
    board.run(3000)
    assert since.colours == ["purple", "green"]
    assert len(since.lit("purple")) > 1
    assert [round(phase.length, -2) for phase in since.lit("green")] == [2000]
    assert since.errors == []
    assert any("3.hex" in line for line in since.lines)


def test_a_program_that_was_running_is_running_again_after_the_burn(playing):
    since = playing.note()
    playing.drop("3.hex", OTHER)
    playing.run(3000)
    assert playing.slot(3) == image(OTHER)
    assert playing.plays(SONG)
    assert since.colours == ["red", "purple", "green", "red"]
    assert round(since.lit("green")[0].length, -2) == 2000
    assert playing.chip.complaints == []


def test_several_files_are_burnt_in_slot_order_and_output_hex_runs_last(pedal):
    board = pedal()
    since = board.note()
    for name, seed in (("output.hex", 20), ("B.hex", 11), ("2.hex", 2), ("a.hex", 10), ("0.hex", 30)):
        board.drive.write(name, song(seed))
    board.run(5 * BURN_MS)
    assert since.burns == [0, 2, 10, 11]
    assert since.steps.index("EXEC_FROM_RAM") > max(n for n, step in enumerate(since.steps) if step == "WRITE_PRG")
    assert board.plays(song(20))
    assert [board.slot(n) for n in since.burns] == [image(song(seed)) for seed in (30, 2, 10, 11)]


def test_all_sixteen_slots_at_power_up(pedal):
    board = pedal({f"{n:X}.hex": song(n) for n in range(16)})
    board.run(16 * BURN_MS)
    assert [board.slot(n) for n in range(16)] == [image(song(n)) for n in range(16)]
    assert board.chip.writes == [1] * 16


def test_a_changed_file_is_burnt_again(pedal):
    board = pedal({"3.hex": SONG})
    board.run(BURN_MS)
    board.drop("3.hex", OTHER)
    assert board.slot(3) == image(OTHER)
    assert board.chip.writes[3] == 2


def test_a_change_within_the_grain_of_fat_time_is_burnt_too(pedal):
    board = pedal()
    board.run(2000 - board.now_ms % 2000)
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: "WRITE_PRG" in b.chip.history[-1].step)
    board.drive.write("3.hex", OTHER)
    assert board.now_ms % 2000 > 700
    board.run(3000 + BURN_MS)
    assert board.slot(3) == image(OTHER)


@pytest.mark.parametrize("running", [False, True])
def test_deleting_a_slot_file_changes_nothing_on_the_chip(pedal, running):
    board = pedal({"3.hex": SONG, "output.hex": OTHER} if running else {"3.hex": SONG})
    board.run(2 * BURN_MS)
    since = board.note()
    board.remove("3.hex")
    board.run(5000)
    assert since.steps == []
    assert since.errors == []
    assert board.slot(3) == image(SONG)
    assert board.plays(OTHER) == running


def test_emptying_a_slot_file_changes_nothing_on_the_chip_and_is_said(pedal):
    board = pedal({"3.hex": SONG})
    board.run(2 * BURN_MS)
    since = board.note()
    board.drop("3.hex", "")
    board.run(10000)
    assert since.steps == []
    assert since.errors == []
    assert len(since.lines) == 1
    assert "3.hex" in since.lines[0]
    assert "empty" in since.lines[0]
    assert board.slot(3) == image(SONG)


def test_an_overwrite_that_truncates_first_is_burnt_once_and_not_called_empty(pedal):
    board = pedal({"3.hex": SONG})
    board.run(2 * BURN_MS)
    since = board.note()
    board.drop("3.hex", OTHER, order="empty-first", pace_ms=80)
    assert since.burns == [3]
    assert "empty" not in since.text


def test_a_broken_slot_file_burns_nothing(pedal):
    board = pedal()
    board.run(UPLOAD_MS)
    since = board.note()
    board.drop("7.hex", broken(SONG))
    board.run(10000)
    assert since.steps == []
    assert [line.startswith("error 1: 7.hex, line 2") for line in since.errors] == [True]


def test_a_broken_slot_file_does_not_keep_the_others_from_being_burnt(pedal):
    board = pedal()
    board.drive.write("2.hex", broken(SONG))
    board.drive.write("6.hex", THIRD)
    since = board.note()
    board.run(3 * BURN_MS)
    assert board.chip.writes == [int(n == 6) for n in range(16)]
    assert [line.startswith("error 1: 2.hex") for line in since.errors] == [True]
    assert since.colours[-1] in ("red", "amber")


def test_a_file_deleted_before_its_turn_is_not_burnt(pedal):
    board = pedal()
    board.drive.write("2.hex", SONG)
    board.drive.write("6.hex", OTHER)
    board.run_until(lambda b: b.chip.writes[2])
    board.remove("6.hex")
    board.run(BURN_MS)
    assert board.chip.writes == [int(n == 2) for n in range(16)]


@pytest.mark.parametrize("after_ms", [300, 600, 720])  # the last one when the file is read and only a look away
def test_a_file_taken_away_before_its_burn_has_begun_is_not_burnt(pedal, after_ms):
    board = pedal()
    board.run(1000 - board.now_ms % 250)
    since = board.note()
    board.drive.write("3.hex", SONG)
    board.run(after_ms)
    assert "ENTER_PRG" not in since.steps
    board.remove("3.hex")
    assert since.burns == []
    assert since.errors == []
    assert board.pixel.color == (0, 0, 0)


def test_output_hex_deleted_during_a_burn_does_not_run_again_afterwards(playing):
    playing.drive.write("3.hex", OTHER)
    playing.run_until(lambda b: b.chip.writes[3])
    playing.remove("output.hex")
    playing.run(BURN_MS)
    assert playing.slot(3) == image(OTHER)
    assert playing.chip.mode == RUN
