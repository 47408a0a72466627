# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip is absent or has no power: looked for every two seconds, told once, with who does answer."""

from itertools import pairwise

from host_tests.boards.pedal import SONG, image
from host_tests.scenes.outages import ABSENT, BACK_MS, RETRY_MS, both, give_back

LOOK_MS = 260  # waiting times end at a look at the drive


class Bystander:
    """Another target on the bus."""

    def write(self, data):
        return True

    def read(self, n):
        return b"\x00"


def probes(since, address=0x30):
    """When the address alone was sent."""
    return [t.t_ms for t in since.transfers if t.address == address and t.kind == "w" and not t.data]


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


@both
def test_a_slot_file_is_burnt_as_soon_as_the_chip_answers(pedal, how):
    board = pedal({"3.hex": SONG}, **how)
    board.run(9000)
    give_back(board)
    board.run(BACK_MS)
    assert board.slot(3) == image(SONG)


def test_the_chip_is_looked_for_every_two_seconds(pedal):
    board = pedal({"output.hex": SONG}, **ABSENT)
    board.run(5000)
    since = board.note()
    board.run(20000)
    times = probes(since)
    assert 9 <= len(times) <= 10
    assert all(abs(b - a - RETRY_MS) < LOOK_MS for a, b in pairwise(times))
    assert len(times) == len(since.transfers)


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


def test_while_a_program_runs_the_chip_is_sent_its_address_every_two_seconds_and_nothing_else(playing):
    since = playing.note()
    playing.run(20000)
    times = probes(since)
    assert 9 <= len(times) <= 10
    assert len(times) == len(since.transfers)
    assert all(abs(b - a - RETRY_MS) < LOOK_MS for a, b in pairwise(times))
    assert playing.plays(SONG)
