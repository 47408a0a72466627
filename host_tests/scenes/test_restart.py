# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""It never stops by itself: restarts after exceptions, how many of them, and the rest after too many."""

import pytest

from host_tests.boards.pc_program import BUSY, IDLE
from host_tests.boards.pedal import OTHER, SONG, song
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.scenes.resting import PERIOD_MS, RESTART_MS, RESTS, assert_at_rest, assert_class_5
from host_tests.scenes.unheard import Unheard

MINUTE_MS = 60000


class Accidents:
    """`happen()` lets the loop fail at its next turn."""

    def __init__(self, planter) -> None:
        self._due = 0
        planter.in_calls("sandbox.light", self._take, times=1000)

    def happen(self) -> None:
        self._due += 1

    def _take(self) -> bool:
        self._due, due = 0, self._due
        return bool(due)


@pytest.fixture
def accidents(planter) -> Accidents:
    return Accidents(planter)


def test_an_exception_blinks_class_5_and_is_told_with_its_traceback(accidents, pedal):
    board = pedal()
    board.run(1000)
    since = board.note()
    accidents.happen()
    board.run(RESTART_MS)
    assert "Traceback (most recent call last):" in since.text
    assert 'File "code.py"' in since.text
    assert "RuntimeError: planted" in since.text
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 5: ")
    since = board.note()
    board.run(PERIOD_MS)
    assert_class_5(since)


# ---- what a PC program is told meanwhile ----
def test_while_the_program_starts_again_the_status_is_busy(accidents, shared_bus, pc):
    assert pc.write(0x50, b"\x00\x11") == IDLE
    shared_bus.run(20000)
    accidents.happen()
    shared_bus.run_until(lambda b: "Traceback" in b.console or pc.status & BUSY, timeout_ms=100, poll_ms=1)
    pc.report(0x2A, b"\x01", 0x06)
    assert pc.status & BUSY
    assert pc.wait(8000) in (0x26, 0x32)


def test_a_program_that_rests_takes_no_request_and_does_not_say_it_did(accidents, shared_bus, pc):
    for _ in range(RESTS):
        accidents.happen()
        shared_bus.run(RESTART_MS)
    pc.report(0x50, b"\x00\x11", 0x06)
    assert pc.status & BUSY


def test_after_a_restart_clock_and_pins_are_told_as_they_are(accidents, shared_bus, pc):
    pc.set_clock(400)
    shared_bus.hid.set_feature(0xB0, b"\x01\x01\x00\x00")
    shared_bus.run(20)
    accidents.happen()
    shared_bus.run(RESTART_MS)
    pc.wait()
    assert pc.clock_khz == 100
    assert shared_bus.hid.get_feature(0xB0, 4)[1] == 0


def test_the_next_action_takes_the_error_away(accidents, pedal):
    board = pedal()
    accidents.happen()
    board.run(RESTART_MS)
    board.drop("output.hex", SONG)
    assert board.plays(SONG)
    since = board.note()
    board.run(3000)
    assert since.colours == ["red"]
    assert len(since.lit("off")) < 5


def test_the_chip_is_brought_to_run_before_the_restart(accidents, playing):
    since = playing.note()
    accidents.happen()
    playing.run_until(lambda b: b.chip.mode == RUN)
    assert playing.now_ms - since.at_ms < 100
    assert since.steps == ["RETURN_0", "EXIT_PRG"]


def test_the_third_exception_in_a_row_is_the_last(accidents, pedal):
    board = pedal({"output.hex": SONG}, clock_look_ms=1)
    for _ in range(RESTS - 1):
        board.run(RESTART_MS)
        assert board.plays(SONG)
        accidents.happen()
    board.run(RESTART_MS)
    assert board.plays(SONG)
    accidents.happen()
    board.run(RESTART_MS)
    assert_at_rest(board)


def test_one_that_fails_at_each_start_is_started_three_times(planter):
    planter.in_calls("sandbox.drive", lambda: True, times=1000)
    with Unheard(clock_look_ms=4) as board:
        board.run(RESTS * RESTART_MS)
        assert_at_rest(board)
        assert planter.hits == RESTS
        board.run(MINUTE_MS)
        assert_at_rest(board)
        assert planter.hits == RESTS


def test_a_healthy_minute_is_the_end_of_the_row(accidents, pedal):
    """Long enough for the millisecond counter to wrap on the way."""
    board = pedal({"output.hex": SONG}, clock_look_ms=4)
    for _ in range(RESTS - 1):
        board.run(RESTART_MS)
        accidents.happen()
    for _ in range(2):
        board.run(MINUTE_MS + RESTART_MS)
        assert board.plays(SONG)
        accidents.happen()
    board.run(RESTART_MS)
    assert board.plays(SONG)


@pytest.fixture
def rested(accidents, pedal):
    """A device that has given up."""
    board = pedal(clock_look_ms=1)
    for _ in range(RESTS):
        accidents.happen()
        board.run(RESTART_MS)
    assert_at_rest(board)
    return board


def test_at_rest_the_drive_takes_files_and_a_replug_starts_afresh(rested):
    rested.drive.write("output.hex", OTHER)
    rested.run(1500)  # nobody reads the drive now, and its last block is in flash after a second
    assert rested.drive.read("output.hex") == OTHER.encode()
    rested.restart()
    rested.run(RESTART_MS)
    assert rested.plays(OTHER)


def test_at_rest_every_terminal_that_is_opened_is_told_why(rested):
    for _ in range(3):
        rested.set_dtr(False)
        rested.run(100)
        since = rested.note()
        rested.set_dtr(True)
        rested.run(500)
        assert "Traceback (most recent call last):" in since.text
        assert "RuntimeError: planted" in since.text
        assert len(since.errors) == 1


def test_at_rest_a_host_that_does_not_read_changes_nothing(rested):
    rested.cdc.reading = False
    for dtr in (False, True, False, True):
        rested.set_dtr(dtr)
        rested.run(3000)
    assert_at_rest(rested)


def test_an_exception_during_a_burn_burns_nothing_twice_and_breaks_no_slot(accidents, pedal):
    board = pedal(clock_look_ms=1)
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: b.chip.flashing)
    accidents.happen()
    board.run(2 * RESTART_MS)
    assert "RuntimeError: planted" in board.console
    assert board.chip.writes[3] == 1
    assert board.slot(3) is not None
    assert board.chip.mode == RUN
    assert board.chip.complaints == []


@pytest.mark.parametrize("options", [{"host": False}, {"settings": {"SANDBOX_CONSOLE": 0}}, {"dtr": False}])
def test_it_restarts_and_rests_with_nobody_at_the_console_too(accidents, options):
    with Unheard({"output.hex": song(5)}, clock_look_ms=1, **options) as board:
        for _ in range(RESTS):
            assert board.plays(song(5))
            accidents.happen()
            board.run(RESTART_MS)
        assert_at_rest(board)
