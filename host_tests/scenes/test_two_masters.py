# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One bus, two masters: the files on the drive and a PC program, in every order."""

import pytest

from host_tests.boards.pc_program import BUSY, IDLE, PcProgram, idle
from host_tests.boards.pedal import LONG, OTHER, SEEN_AGAIN_MS, SONG


@pytest.fixture
def board(shared_bus):
    return shared_bus


def test_a_pc_program_runs_its_own_program(board, pc):
    since = board.note()
    pc.run(OTHER)
    assert board.plays(OTHER)
    board.run(1500)
    assert since.colours[-1] == "red"
    assert "white" in since.colours
    assert since.errors == []


def test_what_a_pc_program_loaded_is_not_pushed_aside_by_the_file_that_ran_before(board, pc):
    board.drop("output.hex", SONG)
    board.run(SEEN_AGAIN_MS)
    pc.stop()
    pc.run(OTHER)
    idle(board)
    board.run(SEEN_AGAIN_MS)
    assert board.plays(OTHER)


def test_deleting_output_hex_stops_what_a_pc_program_runs(board, pc):
    board.drop("output.hex", SONG)
    pc.stop()
    pc.run(OTHER)
    idle(board)
    board.remove("output.hex")
    assert board.chip.mode == "RUN"
    assert board.pixel.color == (0, 0, 0)


def test_a_changed_file_takes_over_from_a_pc_program(board, pc):
    board.drop("output.hex", SONG)
    pc.stop()
    pc.run(OTHER)
    idle(board)
    board.drop("output.hex", LONG)
    assert board.plays(LONG)


def test_a_file_dropped_while_the_bridge_is_active_waits_and_is_noticed_afterwards(board, pc):
    assert pc.write(0x50, b"\x00\x11") == IDLE
    since = board.note()
    board.drop("output.hex", SONG)
    board.run(5000)
    assert since.transfers == []
    board.run(5000)
    assert board.plays(SONG)


def test_the_drive_is_not_looked_at_while_the_bridge_is_active(pedal):
    board = pedal(settings={"SANDBOX_BRIDGE_TIMEOUT": 3})
    pc = PcProgram(board)
    pc.wait()
    assert pc.write(0x30, b"\x0e\x00") == IDLE
    board.drive.write("output.hex", SONG)
    board.run(2900)
    assert board.chip.running is None
    board.run(1500)
    assert board.plays(SONG)


@pytest.mark.parametrize("transfers", range(0, 14, 3))
def test_an_upload_gives_way_at_any_step_and_comes_again(board, pc, transfers):
    board.run(6000)
    since = board.note()
    board.drive.write("output.hex", LONG)
    board.run_until(lambda b: len(since.transfers) > transfers, timeout_ms=3000, poll_ms=0.2)
    assert pc.write(0x50, b"\x00\x42") == IDLE
    *before, eeprom = since.transfers
    assert eeprom.address == 0x50
    assert [bytes(sent.data) for sent in before[-2:]] == [b"\x0e\x00", b"\x5a\xa5"]
    assert board.chip.mode == "RUN"
    idle(board)
    assert board.plays(LONG)
    assert since.errors == []


def test_an_upload_that_gave_way_to_a_pc_program_that_runs_something_does_not_come_again(board, pc):
    since = board.note()
    board.drive.write("output.hex", LONG)
    board.run_until(lambda b: len(since.transfers) > 6, timeout_ms=3000, poll_ms=0.2)
    pc.run(OTHER)
    idle(board)
    assert board.plays(OTHER)


def test_a_flash_write_under_way_is_finished_and_verified_while_the_host_sees_busy(board, pc):
    since = board.note()
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: since.burns, timeout_ms=3000, poll_ms=0.2)
    pc.report(0x50, b"\x00\x42", 0x06)
    board.run(50)
    assert pc.status & BUSY
    pc.wait()
    assert "burnt into slot 3, verified" in since.text
    assert since.transfers[-1].address == 0x50
    assert since.burns == [3]
    assert board.slot(3) is not None


@pytest.mark.parametrize("reset", [b"\x20", b"\x20".ljust(63, b"\0")], ids=["short", "whole"])
def test_an_i2c_reset_does_not_abort_a_flash_write_under_way(board, pc, reset):
    since = board.note()
    board.drive.write("3.hex", SONG)
    board.run_until(lambda b: since.burns, timeout_ms=3000, poll_ms=0.2)
    board.hid.set_feature(0xA1, reset)
    board.run(1000)
    assert "burnt into slot 3, verified" in since.text
    assert since.burns == [3]
    assert pc.status == IDLE
    idle(board)
    assert since.burns == [3]


def test_a_slot_that_a_pc_program_burnt_is_burnt_again_for_its_file(board, pc):
    board.drop("3.hex", SONG)
    pc.burn(OTHER, 3)
    idle(board)
    since = board.note()
    board.touch("3.hex")
    assert since.burns == [3]


def test_a_burn_says_that_the_pc_programs_program_is_gone(board, pc):
    pc.run(OTHER)
    idle(board)
    since = board.note()
    board.drop("3.hex", SONG)
    board.run(3000)
    assert "no longer runs" in since.text
    assert board.pixel.color == (0, 0, 0)


def test_each_master_has_its_own_clock(board, pc):
    pc.set_clock(400)
    assert pc.clock_khz == 400
    since = board.note()
    pc.write(0x50, b"\x00" + bytes(15))
    (sent,) = since.transfers
    at_400 = sent.t_end_ms - sent.t_start_ms
    idle(board)
    since = board.note()
    board.drop("output.hex", SONG)
    mreg = next(sent for sent in since.transfers if len(sent.data) == 514)
    assert 0.3 < at_400 < 0.6
    assert 45 < mreg.t_end_ms - mreg.t_start_ms < 50
    assert board.plays(SONG)


def test_a_pc_program_reads_the_chips_serial_number(board, pc):
    pc.write(0x30, b"\xa5\x5a\x30")
    assert pc.read(0x30, 12)[8:] == bytes((0x78, 0x56, 0x34, 0x12))


def test_an_absent_address_is_told_at_once(pc):
    assert pc.write(0x51, b"\x00") == 0x26
    assert pc.write(0x50, b"\x00") == IDLE


def test_a_burst_flashes_at_most_ten_times_a_second(board, pc):
    since = board.note()
    for _ in range(60):
        pc.report(0x50, b"\x00", 0x06)
        board.run(8)
    seconds = (board.now_ms - since.at_ms) / 1000
    assert 2 <= len(since.lit("white")) <= 10 * seconds + 1
