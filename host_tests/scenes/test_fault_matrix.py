# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The fault matrix of output.hex: anything at any step of the upload, once or for good, and then the next good file."""

import math

import pytest

from host_tests.boards.pedal import Pedal, song
from host_tests.boards.virtual.fxcore.parts import OFF, RUN
from host_tests.scenes.matrix import KINDS, LOOK_MS, RUN_STEPS, From, Trouble, each, every, has_data, is_step, length_of

# Of different sizes, so that a change is seen at once whatever the time stamp says.
OLD, NEW, NEXT = song(1, 4), song(2, 3), song(3, 5)
LASTING = ("RETURN_0", "ENTER_PRG", "XFER_MREG", "MREG", "status after MREG", "EXEC_FROM_RAM")
SOME = (*KINDS, "EXEC_FROM_RAM")


@pytest.fixture
def board(pedal):
    """It plays OLD."""
    board = pedal({"output.hex": OLD}, clock_look_ms=LOOK_MS)
    wait_for(board, OLD)
    board.run(50)
    return board


def wait_for(board: Pedal, text: str) -> None:
    """Until the chip plays that file; three tries with a stall of a second at each step would fit."""
    board.run_until(lambda _: board.plays(text), timeout_ms=15000, poll_ms=50)


def assert_next_good_file_plays(board: Pedal) -> None:
    since = board.note()
    board.drive.write("output.hex", NEXT)
    wait_for(board, NEXT)
    assert since.errors == []
    board.run(400)
    assert since.colours[-1] == "red"


# ---- one transfer ----


@every(RUN_STEPS)
def test_what_happens_once_is_made_good_unnoticed(board, step, trouble):
    since = board.note()
    trouble.strike(board, RUN_STEPS, step)
    board.drive.write("output.hex", NEW)
    wait_for(board, NEW)
    board.run(50)
    assert board.i2c.faults[0].hits == 1
    assert since.errors == []
    assert board.plays(NEW)


@every(RUN_STEPS, LASTING)
def test_what_lasts_is_told_with_its_class_and_the_next_good_file_plays(board, step, trouble):
    name = RUN_STEPS[step]
    since = board.note()
    board.i2c.fault(trouble.kind, match=is_step(name), at_byte=trouble.at_byte(length_of(name)), times=math.inf)
    board.drive.write("output.hex", NEW)
    if name.startswith("status") and trouble.kind == "nak_address":
        wait_for(board, NEW)  # without a status it goes on, and says so
        board.run(50)
        assert "status is not read" in since.text
    else:
        board.run_until(lambda b: since.errors, timeout_ms=20000, poll_ms=50)
        board.run(50)
        assert [line[:8] for line in since.errors] == [f"error {trouble.number}:"]
        assert ("output.hex" if trouble.number == 3 else "0x30") in since.errors[0]
        assert not board.plays(NEW)
        assert board.chip.mode == RUN or name == "RETURN_0"
    board.i2c.clear_faults()
    assert_next_good_file_plays(board)


def test_a_file_changed_unseen_after_a_failed_upload_is_uploaded(board):
    """Same size, and within the two seconds that are one to a FAT time stamp."""
    fault = board.i2c.fault("nak_data", match=is_step("XFER_CREG"), times=math.inf)
    since = board.note()
    board.run(2020 - board.now_ms % 2000)
    board.drive.write("output.hex", NEW)
    board.run_until(lambda b: since.errors, poll_ms=50)
    board.i2c.faults.remove(fault)
    board.drive.write("output.hex", song(4, 3))
    assert len(song(4, 3)) == len(NEW)
    wait_for(board, song(4, 3))


# ---- from one transfer on ----


@each(RUN_STEPS, SOME)
def test_a_chip_that_is_gone_from_a_step_on_is_class_2_and_plays_as_soon_as_it_answers(board, step):
    since = board.note()
    board.i2c.fault("absent", match=From(step))
    board.drive.write("output.hex", NEW)
    board.run_until(lambda b: since.errors, poll_ms=50)
    board.run(300)
    assert [line[:8] for line in since.errors] == ["error 2:"]
    assert "0x30" in since.errors[0]
    board.i2c.clear_faults()
    wait_for(board, NEW)


@each(RUN_STEPS, SOME)
def test_a_supply_that_fails_at_a_step_is_class_2_and_the_file_plays_when_it_is_back(board, step):
    since = board.note()
    Trouble("", "no_pull_ups", 0.5, 2).strike(board, RUN_STEPS, step)
    board.drive.write("output.hex", NEW)
    board.run_until(lambda b: since.errors, poll_ms=50)
    board.run(300)
    assert [line[:8] for line in since.errors] == ["error 2:"]
    assert board.chip.mode == OFF
    board.i2c.supply(True)
    wait_for(board, NEW)


@each(RUN_STEPS, SOME)
def test_a_line_that_gets_stuck_at_a_step_is_clocked_free_unnoticed(board, step):
    since = board.note()
    board.i2c.fault("stuck_sda", step=step, match=has_data, release_after=5)
    board.drive.write("output.hex", NEW)
    wait_for(board, NEW)
    board.run(50)
    assert since.errors == []


@each(RUN_STEPS, SOME)
def test_a_line_that_stays_stuck_from_a_step_on_is_class_3_and_the_file_plays_when_it_is_free(board, step):
    since = board.note()
    board.i2c.fault("stuck_sda", step=step, match=has_data)
    board.drive.write("output.hex", NEW)
    board.run_until(lambda b: since.errors, poll_ms=50)
    board.run(300)
    assert [error[:8] for error in since.errors] == ["error 3:"]
    assert "SDA" in since.errors[0]
    board.i2c.stuck()
    wait_for(board, NEW)


def test_the_matrix_has_every_step_of_a_real_upload(board):
    since = board.note()
    board.drive.write("output.hex", NEW)
    wait_for(board, NEW)
    sent = [done for done in since.transfers if done.data]
    assert [len(done.data) for done in sent] == [length_of(step) for step in RUN_STEPS]
    assert [done.kind == "r" for done in sent] == [step.startswith("status") for step in RUN_STEPS]
