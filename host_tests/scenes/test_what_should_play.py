# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What should play plays, and the light says what plays, whatever PC programs and outages have left behind."""

import pytest

from host_tests.boards.pc_program import PcProgram, idle
from host_tests.boards.pedal import LONG, OTHER, SONG, UPLOAD_MS, broken, image
from host_tests.boards.virtual.fxcore.parts import PROGRAMMING, RUN
from host_tests.scenes.outages import BACK_MS, both, give_back, take_away

ENTER_PRG, RETURN_0 = b"\xa5\x5a\x30", b"\x0e\x00"
NOT_LEFT = "a PC program did not bring it back to RUN"
LOST = "what a PC program had loaded no longer runs"


@pytest.fixture
def board(shared_bus):
    return shared_bus


@pytest.fixture
def song_plays(board, pc):
    """A board that plays SONG, with a PC that has not said anything yet."""
    board.drop("output.hex", SONG)
    board.run(2 * UPLOAD_MS)
    assert board.plays(SONG)
    return board


FLASH_OVER_MS = 100.0  # the white flash of a PC's last request is over by then


def assert_light(board, colours):
    board.run(FLASH_OVER_MS)
    since = board.note()
    board.run(3500)
    assert since.colours == colours


# ---- a PC program that ends in programming mode, or only looks ----
def test_a_pc_program_that_dies_in_programming_mode_does_not_leave_the_chip_there(board, pc):
    since = board.note()
    pc.write(0x30, ENTER_PRG)
    idle(board)
    assert board.chip.mode == RUN
    assert since.text.count(NOT_LEFT) == 1
    assert since.errors == []
    assert board.chip.complaints == []


@pytest.mark.parametrize("accepts", [False, True])
@pytest.mark.parametrize("last", [(ENTER_PRG,), (RETURN_0,), (RETURN_0, b"\x5a\xa5", ENTER_PRG)])
def test_what_a_pc_program_left_in_programming_mode_plays_again(song_plays, pc, last, accepts):
    song_plays.chip.knobs.enter_during_ram_run = accepts
    since = song_plays.note()
    for command in last:
        pc.write(0x30, command)
    idle(song_plays)
    assert song_plays.plays(SONG)
    assert [line for line in since.lines if NOT_LEFT in line or "running again" in line] == [
        f"FXCore 0x30: {NOT_LEFT}: that is done now",
        "output.hex: running again",
    ]
    assert_light(song_plays, ["red"])


def test_after_a_tool_that_only_read_the_status_output_hex_plays_again(song_plays, pc):
    since = song_plays.note()
    pc.stop()
    pc.write(0x30, ENTER_PRG)
    pc.read(0x30, 12)
    pc.stop()
    assert_light(song_plays, [])
    idle(song_plays)
    assert song_plays.plays(SONG)
    assert since.lines == ["output.hex: running again"]
    assert_light(song_plays, ["red"])


def test_after_a_tool_that_burnt_a_slot_output_hex_plays_again(song_plays, pc):
    pc.stop()
    pc.burn(OTHER, 3)
    idle(song_plays)
    assert song_plays.plays(SONG)


def test_a_program_that_the_pc_itself_has_stopped_stays_stopped(song_plays, pc):
    pc.stop()
    pc.run(OTHER)
    pc.stop()
    idle(song_plays)
    assert song_plays.chip.mode == RUN
    assert_light(song_plays, [])


# ---- ENTER_PRG while a PC's program plays from RAM ----
def test_a_pc_program_plays_on_if_the_chip_ignores_programming_mode(board, pc):
    pc.run(OTHER)
    pc.write(0x30, ENTER_PRG)
    assert board.plays(OTHER)
    assert_light(board, ["red"])
    idle(board)
    assert board.plays(OTHER)
    assert_light(board, ["red"])


def test_a_pc_program_that_was_left_for_programming_mode_is_told_as_lost(board, pc):
    board.chip.knobs.enter_during_ram_run = True
    since = board.note()
    pc.run(OTHER)
    pc.write(0x30, ENTER_PRG)
    assert board.chip.mode == PROGRAMMING
    idle(board)
    assert board.chip.mode == RUN
    assert LOST in since.text
    assert since.text.count(NOT_LEFT) == 1
    assert_light(board, [])


# ---- outages that nobody looked for ----
@both
def test_an_outage_while_the_bridge_is_active_is_told_and_the_light_follows(board, pc, how):
    pc.run(OTHER)
    board.run(500)
    since = board.note()
    take_away(board, how)
    board.run(5000)
    assert [line[:8] for line in since.errors] == ["error 2:"]
    give_back(board)
    idle(board)
    board.run(BACK_MS)
    assert LOST in since.text
    assert board.chip.mode == RUN
    assert_light(board, [])


@both
def test_output_hex_plays_again_after_an_outage_while_a_pc_program_talked_to_others(song_plays, pc, how):
    pc.write(0x50, b"\x00\x11")
    since = song_plays.note()
    take_away(song_plays, how)
    song_plays.run(4000)
    give_back(song_plays)
    idle(song_plays)
    song_plays.run(BACK_MS)
    assert [line[:8] for line in since.errors] == ["error 2:"]
    assert song_plays.plays(SONG)


def test_requests_that_follow_each_other_closely_leave_no_room_for_a_probe(board, pc):
    pc.run(OTHER)
    since = board.note()
    for _ in range(200):
        pc.write(0x50, b"\x00\x11")
    assert {sent.address for sent in since.transfers} == {0x50}


def test_a_chip_that_is_looked_for_is_not_disturbed_while_a_pc_program_burns(board, pc):
    board.unplug_chip()
    board.drop("output.hex", SONG)
    board.plug_chip()
    since = board.note()
    pc.load(OTHER)
    pc.write(0x30, b"\x0c\x03")
    board.run(3000)
    assert [sent for sent in since.transfers if not sent.data] == []
    assert board.slot(3) == image(OTHER)


# ---- a deleted program ----
@both
@pytest.mark.parametrize("next_file", [None, broken(OTHER)], ids=["nothing", "a broken file"])
def test_a_program_deleted_while_the_chip_was_away_does_not_play_again(playing, how, next_file):
    take_away(playing, how)
    playing.drive.delete("output.hex")
    playing.run(900)
    if next_file:
        playing.drive.write("output.hex", next_file)
    playing.run(1200)
    give_back(playing)
    playing.run(2 * BACK_MS)
    assert playing.chip.mode == RUN


@both
def test_a_file_that_was_to_replace_it_and_breaks_leaves_the_old_one_playing(playing, how):
    since = playing.note()
    playing.drive.write("output.hex", LONG)
    playing.run_until(lambda _: "XFER_MREG" in since.steps)
    take_away(playing, how)
    playing.run(1000)
    playing.drive.write("output.hex", broken(OTHER))
    playing.run(1200)
    give_back(playing)
    playing.run(2 * BACK_MS)
    assert playing.plays(SONG)


# ---- an address that is not the chip's ----
def test_where_another_address_answers_the_setting_to_change_is_named(pedal):
    board = pedal({"output.hex": SONG}, settings={"SANDBOX_I2C_ADDRESS": 0x31})
    since = board.note()
    board.run(6000)
    [told] = [line for line in since.lines if "0x30" in line]
    assert "SANDBOX_I2C_ADDRESS" in told


def test_what_is_on_the_pc_first_is_not_lost_when_the_board_starts(pedal):
    board = pedal({"output.hex": ""}, clock_look_ms=0.2)
    pc = PcProgram(board)
    pc.wait()
    pc.run(OTHER)
    idle(board)
    assert board.plays(OTHER)
