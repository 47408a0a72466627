# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""output.hex on the drive is what the chip plays: it appears, is there at power-up, goes."""

import math

import pytest

from host_tests.boards.pedal import LONG, OTHER, SONG, UPLOAD_MS, image
from host_tests.boards.virtual.fxcore.parts import EXIT_PRG, RETURN_0, RUN

UPLOAD_STEPS = ("XFER_CREG", "CREG", "XFER_MREG", "MREG", "XFER_SFR", "SFR", "XFER_PRG", "PRG", "EXEC_FROM_RAM")


@pytest.mark.parametrize("name", ["output.hex", "OUTPUT.HEX", "Output.Hex"])
def test_output_hex_in_any_case_runs(pedal, name):
    board = pedal()
    board.drop(name, SONG)
    assert board.plays(SONG)


def test_the_light_blinks_blue_and_then_is_red(pedal):
    board = pedal()
    since = board.note()
    board.drop("output.hex", SONG)
    assert since.colours == ["blue", "red"]
    assert len(since.lit("blue")) > 1
    assert "output.hex" in since.text
    assert since.errors == []


def test_the_chip_is_sent_one_complete_upload_with_all_its_pauses(pedal):
    board = pedal(knobs={"pause_percent": 100})
    since = board.note()
    board.drop("output.hex", LONG)
    assert [step for step in since.steps if step in UPLOAD_STEPS] == list(UPLOAD_STEPS)
    assert board.chip.complaints == []


def test_a_file_that_is_there_at_power_up_runs(pedal):
    board = pedal({"OUTPUT.hex": SONG})
    board.run(UPLOAD_MS)
    assert board.plays(SONG)


def test_it_runs_again_after_every_power_up(playing):
    playing.restart()
    playing.run(UPLOAD_MS)
    assert playing.plays(SONG)
    assert playing.chip.complaints == []


def test_a_file_renamed_to_output_hex_runs_and_renamed_away_stops(pedal):
    board = pedal({"delay.hex": SONG})
    board.run(UPLOAD_MS)
    assert board.chip.mode == RUN
    board.drive.rename("delay.hex", "output.hex")
    board.run(UPLOAD_MS)
    assert board.plays(SONG)
    board.drive.rename("output.hex", "delay.hex")
    board.run(UPLOAD_MS)
    assert board.chip.mode == RUN


def test_deleting_the_file_stops_the_program(playing):
    since = playing.note()
    playing.remove("output.hex")
    assert playing.chip.mode == RUN
    assert playing.pixel.color == (0, 0, 0)
    assert since.errors == []
    assert playing.chip.complaints == []


def test_emptying_the_file_stops_the_program(playing):
    since = playing.note()
    playing.drop("output.hex", "")
    assert playing.chip.mode == RUN
    assert since.errors == []
    playing.run(10000)
    assert playing.pixel.color == (0, 0, 0)
    assert since.errors == []


def test_an_empty_file_at_power_up_is_no_program_and_no_error(pedal):
    board = pedal({"output.hex": ""})
    since = board.note()
    board.run(10000)
    assert (since.colours, since.errors, board.chip.mode) == ([], [], RUN)


def test_a_stopped_program_can_be_started_again(playing):
    playing.remove("output.hex")
    playing.drop("output.hex", SONG)
    assert playing.plays(SONG)


def test_a_program_that_the_chip_was_left_playing_is_stopped_when_its_file_is_gone_at_power_up(playing):
    playing.power_off()
    playing.drive.delete("output.hex")
    playing.power_on()
    playing.come_up()
    playing.run(UPLOAD_MS)
    assert playing.chip.mode == RUN


def test_a_charger_without_a_host_is_enough(pedal):
    board = pedal({"output.hex": SONG}, host=False)
    board.run(UPLOAD_MS)
    assert board.plays(SONG)


@pytest.mark.parametrize("before_wrap_ms", [6000, 7300, 7600, 7800, 8000])
def test_the_clock_may_wrap_at_any_moment(pedal, before_wrap_ms):
    board = pedal(ticks_start=(1 << 29) - before_wrap_ms)
    board.run(7000 - board.now_ms)
    board.drop("output.hex", SONG)
    assert board.plays(SONG)
    board.run(5000)
    board.remove("output.hex")
    assert board.chip.mode == RUN


def leaves_ram_run(attempt):
    return attempt.data in (RETURN_0, EXIT_PRG)


@pytest.mark.parametrize("kind", ["nak_data", "timeout"])
def test_a_stop_that_the_bus_did_not_let_through_is_told_and_made_good_later(playing, kind):
    since = playing.note()
    playing.i2c.fault(kind, match=leaves_ram_run, times=math.inf)
    playing.remove("output.hex")
    playing.run(10000)
    assert [line.startswith("error 3: output.hex") for line in since.errors] == [True]
    playing.i2c.clear_faults()
    playing.run(5000)
    assert playing.chip.mode == RUN
    assert len(since.errors) == 1


@pytest.mark.parametrize("kind", ["nak_data", "timeout"])
def test_a_deleted_program_whose_stop_failed_is_not_brought_back_by_a_burn(playing, kind):
    failing = playing.i2c.fault(kind, match=leaves_ram_run, times=math.inf)
    playing.remove("output.hex")
    playing.run_until(lambda b: "error 3" in b.console)
    assert failing.hits
    playing.i2c.clear_faults()
    playing.drop("3.hex", OTHER)
    playing.run(4000)
    assert playing.slot(3) == image(OTHER)
    assert playing.chip.mode == RUN
