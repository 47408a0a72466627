# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Ctrl-C, a reload and the watchdog end the program from outside and leave the chip sane; and life without a host."""

import pytest

from host_tests.boards.pedal import SONG, Pedal, song
from host_tests.boards.programs.generate import blocks
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.scenes.unheard import Unheard

UPLOAD = ("ENTER_PRG", "XFER_CREG", "CREG", "XFER_MREG", "MREG", "XFER_SFR", "SFR", "XFER_PRG", "PRG", "EXEC_FROM_RAM")
STOPPED_MS = 2000
START_MS = 6000
WATCHDOG_MS = 8000


def press_ctrl_c(board: Pedal) -> None:
    board.console_write("\x03")


def reload(board: Pedal) -> None:
    """A host writes to the drive while auto-reload is on, as somebody at the REPL may have set it."""
    board.autoreload = True
    board.host_wrote()
    board.autoreload = False


def upload_up_to(board: Pedal, step: str) -> None:
    board.drive.write("output.hex", song(3, 100))
    board.run_until(lambda b: b.chip.history[-1].step == step, poll_ms=0.5)


@pytest.mark.parametrize("step", UPLOAD)
def test_ctrl_c_leaves_the_chip_in_run_at_any_step_of_an_upload(pedal, step):
    board = pedal()
    upload_up_to(board, step)
    press_ctrl_c(board)
    board.run(STOPPED_MS)
    assert board.life.finished
    assert board.chip.mode == RUN
    assert board.chip.complaints == []
    assert board.resets == []


@pytest.mark.parametrize("step", UPLOAD)
def test_a_reload_leaves_the_chip_in_run_at_any_step_of_an_upload_and_starts_it_again(pedal, step):
    board = pedal()
    upload_up_to(board, step)
    since = board.note()
    reload(board)
    board.run_until("soft reboot")
    assert board.chip.mode == RUN
    board.run(START_MS)
    assert board.plays(song(3, 100))
    assert board.chip.complaints == []
    assert since.errors == []


def test_ctrl_c_stops_a_program_that_runs_from_ram_and_ctrl_d_brings_it_back(playing):
    press_ctrl_c(playing)
    playing.run(STOPPED_MS)
    assert playing.chip.mode == RUN
    playing.console_write("\x04")
    playing.run(START_MS)
    assert playing.plays(SONG)


@pytest.mark.parametrize("end", [press_ctrl_c, reload])
def test_a_burn_under_way_is_finished_and_not_repeated(pedal, end):
    board = pedal()
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: b.chip.flashing)
    end(board)
    board.run(STOPPED_MS)
    assert board.chip.mode == RUN
    board.console_write("\x04")
    board.run(START_MS)
    assert board.slot(3) == blocks(SONG)
    assert board.chip.writes[3] == 1
    assert board.chip.complaints == []


def test_after_ctrl_c_the_drive_stays_and_the_watchdog_does_not_bite(playing):
    press_ctrl_c(playing)
    playing.run(3 * WATCHDOG_MS)
    assert playing.resets == []
    playing.drive.write("output.hex", song(8))
    playing.console_write("\x04")
    playing.run(START_MS)
    assert playing.plays(song(8))


@pytest.fixture
def hanging(planter):
    """hanging(board) makes the program spin for ever from its next turn on, without an exception."""
    boards: list[Pedal] = []

    def spin() -> None:
        while boards:
            boards[-1].time.spend(1.0)
            if boards[-1].resets:
                boards.clear()

    planter.before_calls("sandbox.light", spin)
    return boards.append


def test_the_watchdog_ends_a_program_that_hangs_and_it_starts_anew(hanging, playing):
    hung_at = playing.now_ms
    hanging(playing)
    playing.run_until(lambda b: b.resets, timeout_ms=2 * WATCHDOG_MS)
    [(bitten_at, reason)] = playing.resets
    assert reason == "watchdog"
    assert WATCHDOG_MS - 100 < bitten_at - hung_at < WATCHDOG_MS + 500
    playing.run(START_MS)
    assert playing.plays(SONG)
    assert playing.chip.complaints == []


def test_the_watchdog_leaves_the_slowest_work_alone(pedal):
    board = pedal(settings={"SANDBOX_I2C_HZ": 40000, "SANDBOX_PAUSE_PERCENT": 1000})
    board.drive.write("output.hex", song(1, 1024))
    board.drive.write("f.hex", song(2, 1024))
    board.run(20000)
    assert board.plays(song(1, 1024))
    assert board.slot(15) == blocks(song(2, 1024))
    assert board.resets == []


def test_the_watchdog_leaves_a_bus_alone_on_which_every_transfer_times_out(playing):
    playing.i2c.fault("timeout", times=100)
    playing.drop("output.hex", song(9))
    press_ctrl_c(playing)
    playing.run(2 * WATCHDOG_MS)
    assert playing.resets == []


def test_on_a_charger_it_plays_burns_and_survives_just_the_same():
    with Unheard({"output.hex": SONG, "3.hex": song(4)}, host=False) as board:
        assert board.plays(SONG)
        assert board.slot(3) == blocks(song(4))
        board.unplug_chip()
        board.run(5000)
        board.plug_chip()
        board.run(5000)
        assert board.plays(SONG)
        assert board.resets == []
