# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip is absent or has no power, at the start or later: waited for, told once, and loaded again."""

import pytest

from host_tests.programs.generate import blocks
from host_tests.scenes import OTHER, OUTAGE_MS, SONG, UPLOAD_MS
from host_tests.virtual.fxcore_parts import RUN

RETRY_MS = 2000
BACK_MS = OUTAGE_MS + UPLOAD_MS
ABSENT = {"present": False}
UNPOWERED = {"supplied": False}


class Bystander:
    """Another target on the bus."""

    def write(self, data):
        return True

    def read(self, n):
        return b"\x00"


def give_back(board):
    """The chip is plugged in, and the pedal switched on."""
    board.i2c.supply(True)
    if board.chip.address not in board.i2c.targets:
        board.plug_chip()


def take_away(board, how):
    if how == ABSENT:
        board.unplug_chip()
    else:
        board.i2c.supply(False)


def probes(since, address=0x30):
    """When the address alone was sent."""
    return [t.t_ms for t in since.transfers if t.address == address and t.kind == "w" and not t.data]


both = pytest.mark.parametrize("how", [ABSENT, UNPOWERED], ids=["absent", "unpowered"])


@both
def test_at_the_start_it_is_class_2_once_a_file_wants_to_run(pedal, how):
    board = pedal({"output.hex": SONG}, **how)
    since = board.note()
    board.run(10000)
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 2:")
    assert "0x30" in since.errors[0]
    assert since.colours[:2] == ["red", "amber"]


@both
def test_at_the_start_it_is_no_error_when_there_is_nothing_to_run(pedal, how):
    board = pedal(**how)
    since = board.note()
    board.run(10000)
    assert since.errors == []
    assert since.colours == []


@both
def test_the_program_runs_as_soon_as_the_chip_answers(pedal, how):
    board = pedal({"output.hex": SONG}, **how)
    board.run(9000)
    since = board.note()
    give_back(board)
    board.run_until(lambda b: b.plays(SONG), timeout_ms=RETRY_MS + 700)
    board.run(3000)
    assert since.errors == []
    assert since.colours[-2:] == ["blue", "red"]
    assert board.pixel.color != (0, 0, 0)


@both
def test_a_slot_file_is_burnt_as_soon_as_the_chip_answers(pedal, how):
    board = pedal({"3.hex": SONG}, **how)
    board.run(9000)
    give_back(board)
    board.run(BACK_MS)
    assert board.slot(3) == blocks(SONG)


def test_the_chip_is_looked_for_every_two_seconds(pedal):
    board = pedal({"output.hex": SONG}, **ABSENT)
    board.run(5000)
    since = board.note()
    board.run(20000)
    times = probes(since)
    assert len(times) in (9, 10)
    assert all(abs(b - a - RETRY_MS) < 50 for a, b in zip(times, times[1:], strict=False))
    assert len(times) == len(since.transfers)


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


def test_which_addresses_do_answer_is_told_once_per_outage(playing):
    playing.i2c.attach(0x18, Bystander())
    playing.i2c.attach(0x50, Bystander())
    for _ in range(2):
        since = playing.note()
        playing.unplug_chip()
        playing.run(12000)
        (told,) = [line for line in since.lines if "0x18" in line]
        assert "0x50" in told
        playing.plug_chip()
        playing.run(BACK_MS)


def test_that_nobody_answers_is_told_too(playing):
    since = playing.note()
    playing.unplug_chip()
    playing.run(12000)
    assert len(since.lines) == 2
    assert len({t.address for t in since.transfers}) > 100


def test_a_bus_without_power_is_not_scanned(playing):
    since = playing.note()
    playing.i2c.supply(False)
    playing.run(12000)
    assert len(since.lines) == 1
    assert since.transfers == []


def test_the_configured_address_is_used_and_named(pedal):
    board = pedal({"output.hex": SONG}, settings={"SANDBOX_I2C_ADDRESS": 0x42})
    since = board.note()
    board.run(6000)
    assert "0x42" in since.errors[0]
    (told,) = [line for line in since.lines if "0x30" in line]
    assert told not in since.errors
    board.chip.address = 0x42
    board.i2c.attach(0x42, board.chip)
    board.run(BACK_MS)
    assert board.plays(SONG)


@pytest.mark.parametrize("name", ["output.hex", "3.hex"])
def test_a_file_dropped_during_the_outage_does_not_silence_the_light(playing, name):
    playing.unplug_chip()
    playing.run(OUTAGE_MS)
    playing.drop(name, OTHER)
    since = playing.note()
    playing.run(4000)
    assert "amber" in since.colours


def test_while_a_program_runs_the_chip_is_sent_its_address_every_two_seconds_and_nothing_else(playing):
    since = playing.note()
    playing.run(20000)
    times = probes(since)
    assert len(times) in (9, 10)
    assert len(times) == len(since.transfers)
    assert all(abs(b - a - RETRY_MS) < 50 for a, b in zip(times, times[1:], strict=False))
    assert playing.plays(SONG)


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
    assert board.slot(3) == blocks(SONG)
