# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The fault matrix of output.hex: anything at any step of the upload, once or for good, and then the next good file."""

import math

import pytest

from host_tests.matrix import RUN_STEPS, TROUBLES, From, Trouble, cases, is_step, length_of
from host_tests.scenes import OTHER, SONG, THIRD, Pedal
from host_tests.virtual.fxcore_parts import OFF, RUN

ONCE = [
    pytest.param(step, trouble, id=f"{step} {RUN_STEPS[step]}: {trouble.name}") for step, trouble in cases(RUN_STEPS)
]
# A lasting fault knows no difference between the statuses.
LASTING = [
    pytest.param(RUN_STEPS[step], trouble, id=f"{RUN_STEPS[step]}: {trouble.name}")
    for step, trouble in cases(RUN_STEPS)
    if not RUN_STEPS[step].startswith("status after") or RUN_STEPS[step] == "status after MREG"
]
every_step = pytest.mark.parametrize("step", range(len(RUN_STEPS)), ids=[f"{n} {s}" for n, s in enumerate(RUN_STEPS)])


@pytest.fixture
def board(pedal):
    """It plays SONG."""
    board = pedal({"output.hex": SONG})
    board.run_until(lambda b: b.plays(SONG), poll_ms=10)
    board.run(50)
    return board


def wait_for(board: Pedal, text: str) -> None:
    """Until the chip plays that file; three tries with a stall of a second at each step would fit."""
    board.run_until(lambda b: b.plays(text), timeout_ms=15000, poll_ms=10)


def assert_next_good_file_plays(board: Pedal) -> None:
    since = board.note()
    board.drive.write("output.hex", THIRD)
    wait_for(board, THIRD)
    board.run(500)
    assert board.plays(THIRD)
    assert since.errors == []
    assert since.colours[-1] == "red"


# ---- one transfer ----


@pytest.mark.parametrize(("step", "trouble"), ONCE)
def test_what_happens_once_is_made_good_unnoticed(board, step, trouble: Trouble):
    since = board.note()
    trouble.strike(board, RUN_STEPS, step)
    board.drive.write("output.hex", OTHER)
    wait_for(board, OTHER)
    board.run(500)
    assert board.i2c.faults[0].hits == 1
    assert since.errors == []
    assert board.plays(OTHER)
    assert board.chip.complaints == [] or trouble.kind != "nak_address"


@pytest.mark.parametrize(("step", "trouble"), LASTING)
def test_what_lasts_is_told_with_its_class_and_the_next_good_file_plays(board, step, trouble: Trouble):
    since = board.note()
    board.i2c.fault(trouble.kind, match=is_step(step), at_byte=trouble.at_byte(length_of(step)), times=math.inf)
    board.drive.write("output.hex", OTHER)
    if step.startswith("status") and trouble.kind == "nak_address":
        wait_for(board, OTHER)  # without a status it goes on, and says so
        assert "status is not read" in since.text
    else:
        board.run_until(lambda b: since.errors, timeout_ms=20000, poll_ms=10)
        board.run(100)
        assert [line[:8] for line in since.errors] == [f"error {trouble.number}:"]
        assert ("output.hex" if trouble.number == 3 else "0x30") in since.errors[0]
        assert not board.plays(OTHER)
        assert board.chip.mode == RUN or step in ("RETURN_0", "EXIT_PRG", "EXEC_FROM_RAM")
    board.i2c.clear_faults()
    assert_next_good_file_plays(board)


# ---- from one transfer on ----


@every_step
def test_a_chip_that_is_gone_from_a_step_on_is_class_2_and_plays_as_soon_as_it_answers(board, step):
    since = board.note()
    board.i2c.fault("absent", match=From(step))
    board.drive.write("output.hex", OTHER)
    board.run_until(lambda b: since.errors, poll_ms=10)
    board.run(4500)
    assert [line[:8] for line in since.errors] == ["error 2:"]
    assert "0x30" in since.errors[0]
    board.i2c.clear_faults()
    wait_for(board, OTHER)
    assert_next_good_file_plays(board)


@every_step
@pytest.mark.parametrize("passed", [0, 0.5, 1])
def test_a_supply_that_fails_at_a_step_is_class_2_and_the_file_plays_when_it_is_back(board, step, passed):
    since = board.note()
    Trouble("", "no_pull_ups", passed, 2).strike(board, RUN_STEPS, step)
    board.drive.write("output.hex", OTHER)
    board.run_until(lambda b: since.errors, poll_ms=10)
    board.run(2500)
    assert [line[:8] for line in since.errors] == ["error 2:"]
    assert board.chip.mode == OFF
    board.i2c.supply(True)
    wait_for(board, OTHER)
    assert_next_good_file_plays(board)


@every_step
def test_a_line_that_gets_stuck_at_a_step_is_clocked_free_unnoticed(board, step):
    since = board.note()
    board.i2c.fault("stuck_sda", step=step, match=lambda attempt: attempt.length > 0, release_after=5)
    board.drive.write("output.hex", OTHER)
    wait_for(board, OTHER)
    board.run(500)
    assert since.errors == []
    assert_next_good_file_plays(board)


@every_step
@pytest.mark.parametrize("line", ["stuck_sda", "stuck_scl"])
def test_a_line_that_stays_stuck_from_a_step_on_is_class_3_and_the_file_plays_when_it_is_free(board, step, line):
    since = board.note()
    board.i2c.fault(line, step=step, match=lambda attempt: attempt.length > 0)
    board.drive.write("output.hex", OTHER)
    board.run_until(lambda b: since.errors, poll_ms=10)
    board.run(2500)
    assert [error[:8] for error in since.errors] == ["error 3:"]
    assert line[-3:].upper() in since.errors[0]
    board.i2c.stuck()
    wait_for(board, OTHER)
    assert_next_good_file_plays(board)


def test_the_matrix_has_every_step_of_a_real_upload(board):
    since = board.note()
    board.drive.write("output.hex", OTHER)
    wait_for(board, OTHER)
    sent = [done for done in since.transfers if done.data]
    assert [len(done.data) for done in sent] == [length_of(step) for step in RUN_STEPS]
    assert [done.kind == "r" for done in sent] == [step.startswith("status") for step in RUN_STEPS]
    assert {trouble.kind for trouble in TROUBLES} == {"nak_address", "nak_data", "timeout"}
