# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The fault matrix of 3.hex: anything at any step of a burn. WRITE_PRG is never sent twice, the ledger never lies."""

import math

import pytest

from host_tests.boards.pedal import Note, Pedal, image, song
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.scenes.matrix import (
    BURN_STEPS,
    KINDS,
    LEAVE,
    LOOK_MS,
    WRITE_PRG,
    From,
    Trouble,
    each,
    every,
    is_step,
    length_of,
)

# Of different sizes, so that a change is seen at once whatever the time stamp says.
PLAYING, NEW, NEXT = song(1, 4), song(2, 3), song(3, 5)
SOME = (*KINDS, "WRITE_PRG", "status after WRITE_PRG", *LEAVE)
LONG_MS = 15000


@pytest.fixture
def board(pedal):
    """It plays PLAYING."""
    board = pedal({"output.hex": PLAYING}, clock_look_ms=LOOK_MS)
    board.run_until(lambda b: b.plays(PLAYING), poll_ms=50)
    board.run(50)
    return board


def burn(board: Pedal, text: str, until: str) -> Note:
    """Copies the file as 3.hex and runs until the console says that."""
    since = board.note()
    board.drive.write("3.hex", text)
    board.run_until(lambda b: until in since.text, timeout_ms=LONG_MS, poll_ms=50)
    board.run(50)
    return since


def commits(since: Note) -> int:
    """How often WRITE_PRG began to go over the wire."""
    return sum(done.kind == "w" and len(done.data) <= 2 and done.data[:1] == b"\x0c" for done in since.transfers)


def assert_next_good_file_is_burnt(board: Pedal) -> None:
    since = burn(board, NEXT, "burnt into slot 3")
    assert commits(since) == 1
    assert since.errors == []
    assert board.slot(3) == image(NEXT)


# ---- one transfer ----


@every(BURN_STEPS[:WRITE_PRG], KINDS)
def test_what_happens_once_before_write_prg_is_made_good_unnoticed(board, step, trouble):
    trouble.strike(board, BURN_STEPS, step)
    since = burn(board, NEW, "running again")
    assert board.i2c.faults[0].hits == 1
    assert since.errors == []
    assert commits(since) == 1
    assert board.slot(3) == image(NEW)
    assert board.plays(PLAYING)


@every(BURN_STEPS, ("WRITE_PRG",))
def test_write_prg_that_fails_is_told_and_not_sent_again(board, step, trouble):
    name = BURN_STEPS[step]
    fault = board.i2c.fault(trouble.kind, match=is_step(name), at_byte=trouble.at_byte(length_of(name)), times=math.inf)
    since = burn(board, NEW, "running again")
    board.run(3500)
    assert fault.hits == 1
    told = [line[:8] for line in since.errors]
    assert told == (["error 2:", "error 4:"] if trouble.number == 2 else [f"error {trouble.number}:"])
    assert since.errors[-1].startswith(f"{told[-1]} 3.hex: ")
    assert "slot 3 holds is unknown" in since.errors[-1]
    assert board.plays(PLAYING)
    board.i2c.clear_faults()
    assert_next_good_file_is_burnt(board)


@every(BURN_STEPS[WRITE_PRG + 1 :])
def test_what_happens_once_after_write_prg_never_burns_again(board, step, trouble):
    trouble.strike(board, BURN_STEPS, WRITE_PRG + 1 + step)
    since = burn(board, NEW, "running again")
    board.run(100)
    assert commits(since) == 1
    assert board.slot(3) == image(NEW)
    assert board.plays(PLAYING)
    stalled = BURN_STEPS[WRITE_PRG + 1 + step].startswith("status") and trouble.kind == "timeout"
    assert [line[:8] for line in since.errors] == ["error 3:"] * stalled


@every(BURN_STEPS, ("ENTER_PRG", "XFER_SFR", "MREG"))
def test_what_lasts_is_told_with_its_class_and_the_next_good_file_is_burnt(board, step, trouble):
    name = BURN_STEPS[step]
    board.i2c.fault(trouble.kind, match=is_step(name), at_byte=trouble.at_byte(length_of(name)), times=math.inf)
    since = burn(board, NEW, f"error {trouble.number}:")
    assert commits(since) == 0
    if trouble.number == 3:  # the program that played does not come back either, and that is told too
        board.run_until(lambda b: len(since.errors) > 1, timeout_ms=LONG_MS, poll_ms=50)
        assert "output.hex" in since.errors[1]
        board.run(50)
        assert board.chip.mode == RUN
    board.i2c.clear_faults()
    assert_next_good_file_is_burnt(board)


# ---- from one transfer on ----


@each(BURN_STEPS, SOME)
def test_a_chip_that_is_gone_from_a_step_on_is_burnt_later_if_write_prg_was_not_sent(board, step):
    board.i2c.fault("absent", match=From(step))
    since = burn(board, NEW, "error 2:" if step <= WRITE_PRG + 1 else "burnt into")
    board.run(300)
    board.i2c.clear_faults()
    burnt = step != WRITE_PRG
    board.run_until(lambda b: commits(since) == burnt and b.plays(PLAYING), timeout_ms=LONG_MS, poll_ms=50)
    board.run(100)
    lost = step in (WRITE_PRG, WRITE_PRG + 1)
    assert {line[:8] for line in since.errors} == ({"error 2:", "error 4:"} if lost else {"error 2:"})
    assert any("3.hex: a burn of this program did not finish" in line for line in since.errors) == lost
    assert commits(since) == burnt
    assert (board.slot(3) == image(NEW)) == burnt
    assert board.plays(PLAYING)


@each(BURN_STEPS, SOME)
def test_a_supply_that_fails_at_a_step_leaves_no_false_knowledge(board, step):
    Trouble("", "no_pull_ups", 0.5, 2).strike(board, BURN_STEPS, step)
    since = burn(board, NEW, "error 2:" if step <= WRITE_PRG + 1 else "burnt into")
    board.run(300)
    board.i2c.supply(True)
    board.run_until(lambda b: b.plays(PLAYING), timeout_ms=LONG_MS, poll_ms=50)
    board.run(100)
    assert commits(since) <= 1
    again = burn(board, NEW, "slot 3")
    assert ("already holds" in again.text) == (step < WRITE_PRG or BURN_STEPS[step] in LEAVE)
    assert board.slot(3) == image(NEW)


def test_the_matrix_has_every_step_of_a_real_burn(board):
    since = burn(board, NEW, "burnt into slot 3")
    sent = [done for done in since.transfers if done.data][: len(BURN_STEPS)]
    assert [len(done.data) for done in sent] == [length_of(step) for step in BURN_STEPS]
    assert [done.kind == "r" for done in sent] == [step.startswith("status") for step in BURN_STEPS]
