# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A line of the bus is held low: it is freed where that can be done, told where not, and never stops the loop."""

import pytest

from host_tests.boards.pedal import OTHER, SONG, UPLOAD_MS, Note

PULSES = 9
BACK_MS = 5000
STALL_MS = 100  # a stuck bus would cost a second per transfer
SCRIPTED = {"stuck_sda": "SDA", "stuck_scl": "SCL"}


def longest_transfer(since: Note) -> float:
    return max((t.t_end_ms - t.t_ms for t in since.transfers), default=0.0)


@pytest.mark.parametrize("pulses", [1, 4, PULSES])
def test_a_target_that_holds_sda_is_clocked_free_unnoticed(playing, pulses):
    since = playing.note()
    playing.i2c.stuck(sda_low=True, release_after=pulses)
    playing.drop("output.hex", OTHER)
    assert all(playing.i2c.lines)
    assert playing.plays(OTHER)
    assert since.errors == []
    assert longest_transfer(since) < STALL_MS


@pytest.mark.parametrize("pulses", [1, PULSES])
def test_a_target_that_holds_sda_at_power_up_is_clocked_free(pedal, pulses):
    board = pedal({"output.hex": SONG})
    board.power_off()
    board.i2c.stuck(sda_low=True, release_after=pulses)
    since = board.note()
    board.power_on()
    board.come_up()
    board.run(UPLOAD_MS)
    assert board.plays(SONG)
    assert since.errors == []


@pytest.mark.parametrize(("line", "held"), [("SDA", {"sda_low": True}), ("SCL", {"scl_low": True})])
def test_a_line_that_stays_low_is_class_3_and_named(playing, line, held):
    since = playing.note()
    playing.i2c.stuck(**held)
    playing.drop("output.hex", OTHER)
    playing.run(10000)
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 3:")
    assert line in since.errors[0]
    assert longest_transfer(since) < STALL_MS


@pytest.mark.parametrize("held", [{"sda_low": True}, {"scl_low": True}], ids=str)
def test_the_file_runs_when_the_line_is_let_go(playing, held):
    playing.i2c.stuck(**held)
    playing.drop("output.hex", OTHER)
    playing.run(5000)
    playing.i2c.stuck()
    playing.run(BACK_MS)
    assert playing.plays(OTHER)


@pytest.mark.parametrize("held", [{"sda_low": True}, {"scl_low": True}], ids=str)
def test_at_power_up_it_is_class_3_and_the_file_runs_when_the_line_is_let_go(pedal, held):
    board = pedal({"output.hex": SONG})
    board.power_off()
    board.i2c.stuck(**held)
    since = board.note()
    board.power_on()
    board.come_up()
    board.run(8000)
    assert [line.startswith("error 3:") for line in since.errors] == [True]
    board.i2c.stuck()
    board.run(BACK_MS)
    assert board.plays(SONG)


def test_both_lines_low_are_a_bus_without_power(playing):
    since = playing.note()
    playing.i2c.stuck(sda_low=True, scl_low=True)
    playing.run(8000)
    assert [line.startswith("error 2:") for line in since.errors] == [True]
    assert longest_transfer(since) < STALL_MS
    playing.i2c.stuck()
    playing.run(BACK_MS)
    assert playing.plays(SONG)


@pytest.mark.parametrize("kind", SCRIPTED)
def test_a_line_that_gets_stuck_within_a_block_is_told_and_the_file_runs_afterwards(pedal, kind):
    board = pedal()
    board.run(UPLOAD_MS)
    since = board.note()
    board.i2c.fault(kind, match=lambda attempt: attempt.length == 514, at_byte=100)
    board.drop("output.hex", SONG)
    board.run(5000)
    assert [line.startswith("error 3:") and SCRIPTED[kind] in line for line in since.errors] == [True]
    board.i2c.stuck()
    board.run(BACK_MS)
    assert board.plays(SONG)


def test_a_target_that_hangs_within_a_block_is_clocked_free_and_the_upload_repeated(pedal):
    board = pedal()
    board.run(UPLOAD_MS)
    since = board.note()
    board.i2c.fault("stuck_sda", match=lambda attempt: attempt.length == 514, at_byte=100, release_after=PULSES)
    board.drop("output.hex", SONG)
    board.run(2000)
    assert board.plays(SONG)
    assert since.errors == []


@pytest.mark.parametrize("held", [{"sda_low": True}, {"scl_low": True}, {"sda_low": True, "scl_low": True}], ids=str)
def test_the_light_keeps_its_rhythm_on_a_stuck_bus(pedal, held):
    board = pedal({"output.hex": SONG}, clock_look_ms=0.2)
    board.run(5000)
    board.i2c.stuck(**held)
    board.run(5000)
    since = board.note()
    board.run(12000)
    bursts = [phase.start for phase in since.lit("red") if phase.start > since.at_ms]  # one may be under way
    periods = [b - a for a, b in zip(bursts, bursts[5:], strict=False)]
    assert periods
    assert all(abs(period - 3000) < 20 for period in periods)
