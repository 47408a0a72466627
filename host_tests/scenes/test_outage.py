# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The pedal loses its power while the board lives on: told once per outage, and everything is made good afterwards."""

import pytest

from host_tests.boards.pedal import OTHER, OUTAGE_MS, SONG, UPLOAD_MS, image
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.scenes.outages import BACK_MS, RETRY_MS, both, give_back, take_away


@both
def test_a_pedal_that_loses_power_is_noticed_and_loaded_again(playing, how):
    since = playing.note()
    take_away(playing, how)
    playing.run(OUTAGE_MS)
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 2:")
    assert "0x30" in since.errors[0]
    playing.run(10000)
    assert len(since.errors) == 1
    give_back(playing)
    playing.run_until(lambda b: b.plays(SONG), timeout_ms=RETRY_MS + 700)
    since = playing.note()
    playing.run(5000)
    assert since.colours in (["red"], ["blue", "red"])


@both
def test_every_outage_is_told(playing, how):
    for _ in range(3):
        since = playing.note()
        take_away(playing, how)
        playing.run(OUTAGE_MS)
        assert len(since.errors) == 1
        give_back(playing)
        playing.run(BACK_MS)
        assert playing.plays(SONG)


@pytest.mark.parametrize("name", ["output.hex", "3.hex"])
def test_a_file_dropped_during_the_outage_does_not_silence_the_light(playing, name):
    playing.unplug_chip()
    playing.run(OUTAGE_MS)
    playing.drop(name, OTHER)
    since = playing.note()
    playing.run(4000)
    assert "amber" in since.colours


def test_a_file_deleted_during_the_outage_does_not_come_back(playing):
    playing.unplug_chip()
    playing.run(OUTAGE_MS)
    playing.remove("output.hex")
    playing.plug_chip()
    playing.run(BACK_MS)
    assert playing.chip.mode == RUN
    assert playing.pixel.color == (0, 0, 0)


def test_a_file_changed_during_the_outage_is_what_plays_afterwards(playing):
    playing.unplug_chip()
    playing.run(OUTAGE_MS)
    playing.drop("output.hex", OTHER)
    playing.plug_chip()
    playing.run(BACK_MS)
    assert playing.plays(OTHER)


@both
def test_power_that_fails_in_the_middle_of_an_upload_is_an_outage_like_any_other(pedal, how):
    board = pedal()
    board.run(UPLOAD_MS)
    since = board.note()
    board.drive.write("output.hex", SONG)
    board.run_until(lambda b: "XFER_MREG" in since.steps)
    take_away(board, how)
    board.run(5000)
    assert [line.startswith("error 2:") for line in since.errors] == [True]
    give_back(board)
    board.run(BACK_MS)
    assert board.plays(SONG)


@both
def test_an_outage_before_a_burn_was_begun_delays_it_and_no_more(pedal, how):
    board = pedal()
    board.run(UPLOAD_MS)
    since = board.note()
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: "XFER_MREG" in since.steps)
    take_away(board, how)
    board.run(5000)
    give_back(board)
    board.run(BACK_MS)
    assert since.burns == [3]
    assert board.slot(3) == image(SONG)


def test_what_has_waited_is_done_in_slot_order_and_output_hex_last(pedal):
    board = pedal({"output.hex": SONG, "3.hex": OTHER, "9.hex": OTHER}, present=False)
    board.run(6000)
    since = board.note()
    board.plug_chip()
    board.run(3 * BACK_MS)
    assert since.burns == [3, 9]
    assert since.steps[-1] == "EXEC_FROM_RAM"
    assert board.plays(SONG)


def test_a_slot_file_deleted_during_the_outage_is_not_burnt(pedal):
    board = pedal({"3.hex": SONG}, present=False)
    board.run(6000)
    board.remove("3.hex")
    since = board.note()
    board.plug_chip()
    board.run(2 * BACK_MS)
    assert since.burns == []


def test_power_that_comes_back_without_the_chip_is_told_with_who_does_answer(playing):
    playing.i2c.supply(False)
    playing.run(6000)
    playing.unplug_chip()
    since = playing.note()
    playing.i2c.supply(True)
    playing.run(8000)
    assert [line.startswith("error 2:") and "0x30" in line for line in since.errors] == [True]
    assert len(since.lines) == 2


def test_a_line_that_is_let_go_by_a_chip_that_is_gone_is_no_longer_class_3(playing):
    playing.i2c.stuck(sda_low=True)
    playing.run(6000)
    playing.unplug_chip()
    since = playing.note()
    playing.i2c.stuck()
    playing.run(8000)
    assert [line.startswith("error 2:") for line in since.errors] == [True]
