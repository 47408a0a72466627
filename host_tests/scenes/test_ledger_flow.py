# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a slot holds is remembered: nothing is burnt without need, whatever is unplugged and plugged in again."""

import pytest

from host_tests.boards.pedal import OTHER, SONG, THIRD, Pedal, image
from host_tests.boards.programs.generate import Shape, random_program, to_hex

BURN_MS = 3500
HELD = "slot 3 already holds this program"
ALWAYS = {"SANDBOX_REFLASH": "always"}


@pytest.fixture
def burnt(pedal):
    """A board that has burnt SONG into slot 3 and is done with it."""
    board = pedal({"3.hex": SONG})
    board.run(2 * BURN_MS)
    assert board.slot(3) == image(SONG)
    return board


def after_restart(board: Pedal):
    """What happens when USB is plugged in again."""
    since = board.note()
    board.restart()
    board.run(2 * BURN_MS)
    return since


def test_the_same_file_at_power_up_is_not_burnt_again(burnt):
    for _ in range(3):
        since = after_restart(burnt)
        assert since.burns == []
        assert since.text.count(HELD) == 1
        assert since.errors == []


def test_the_same_file_copied_again_is_not_burnt_again(burnt):
    since = burnt.note()
    burnt.touch("3.hex")
    assert since.burns == []
    assert since.text.count(HELD) == 1


def test_it_is_one_short_green_blink(burnt):
    since = burnt.note()
    burnt.touch("3.hex")
    (blink,) = since.lit("green")
    assert 50 <= blink.length <= 500
    assert burnt.pixel.color == (0, 0, 0)


def test_the_program_counts_and_not_the_text_of_its_file(burnt):
    same = to_hex(random_program(1, 3), Shape(record=16, lower_case=True, newline="\r\n", shuffle=5))
    assert image(same) == image(SONG)
    since = burnt.note()
    burnt.drop("3.hex", same)
    assert since.burns == []
    assert HELD in since.text


def test_the_same_program_in_another_slot_is_burnt(burnt):
    burnt.drop("4.hex", SONG)
    assert burnt.slot(4) == image(SONG)


def test_a_program_that_was_burnt_over_is_burnt_when_it_comes_back(burnt):
    since = burnt.note()
    burnt.drop("3.hex", OTHER)
    burnt.drop("3.hex", SONG)
    assert since.burns == [3, 3]
    assert burnt.slot(3) == image(SONG)


def test_a_file_replaced_while_the_board_had_no_power_is_burnt(burnt):
    burnt.power_off()
    burnt.drive.write("3.hex", OTHER)
    burnt.power_on()
    burnt.run(3 * BURN_MS)
    assert burnt.slot(3) == image(OTHER)


def test_a_running_program_is_running_after_a_file_that_is_already_held(burnt):
    burnt.drop("output.hex", THIRD)
    since = burnt.note()
    burnt.touch("3.hex")
    assert since.burns == []
    assert burnt.plays(THIRD)
    assert since.colours in (["red", "green", "red"], ["red", "purple", "green", "red"])


def test_another_chip_gets_its_own_burn_and_the_first_one_is_remembered(burnt):
    first = burnt.chip
    burnt.swap_chip(serial=0xCAFE)
    since = after_restart(burnt)
    assert since.burns == [3]
    assert burnt.slot(3) == image(SONG)
    burnt.unplug_chip()
    burnt.plug_chip(first)
    since = after_restart(burnt)
    assert since.burns == []
    assert HELD in since.text


def test_a_chip_swapped_while_the_board_runs_is_not_taken_for_the_old_one(burnt):
    burnt.swap_chip(serial=0xCAFE)
    since = burnt.note()
    burnt.touch("3.hex")
    assert since.burns == [3]
    assert burnt.slot(3) == image(SONG)


def test_a_slot_whose_bit_the_chip_no_longer_shows_is_burnt_again(burnt):
    burnt.chip.slots[3] = None
    since = after_restart(burnt)
    assert since.burns == [3]
    assert burnt.slot(3) == image(SONG)


def test_a_slot_that_lost_its_program_while_the_board_runs_is_burnt_at_the_next_copy(burnt):
    burnt.chip.slots[3] = None
    burnt.touch("3.hex")
    assert burnt.slot(3) == image(SONG)


@pytest.mark.parametrize("status", ["nak", "ff", "00"])
def test_without_a_readable_status_the_entry_counts_for_the_address_and_that_is_said_once(pedal, status):
    board = pedal({"3.hex": SONG, "4.hex": OTHER}, knobs={"status": status})
    since = board.note()
    board.run(4 * BURN_MS)
    assert since.burns == [3, 4]
    assert board.slot(3) == image(SONG)
    assert [line for line in since.lines if "status" in line][1:] == []
    assert since.errors == []
    since = after_restart(board)
    assert since.burns == []
    assert HELD in since.text
    assert len([line for line in since.lines if "status" in line]) == 1


def test_an_entry_under_the_address_does_not_count_for_a_chip_that_tells_its_serial_number(pedal):
    board = pedal({"3.hex": SONG}, knobs={"status": "ff"})
    board.run(2 * BURN_MS)
    board.chip.knobs.status = "good"
    assert after_restart(board).burns == [3]


def test_an_entry_under_a_serial_number_does_not_count_for_the_address(burnt):
    burnt.chip.knobs.status = "ff"
    assert after_restart(burnt).burns == [3]


def test_the_setting_always_burns_each_time(pedal):
    board = pedal({"3.hex": SONG}, settings=ALWAYS)
    board.run(BURN_MS)
    board.touch("3.hex")
    board.run(BURN_MS)
    assert board.chip.writes[3] == 2
    assert after_restart(board).burns == [3]
    assert HELD not in board.console


def test_the_setting_always_burns_a_file_once_and_not_over_and_over(pedal):
    board = pedal({"3.hex": SONG}, settings=ALWAYS)
    board.run(30000)
    assert board.chip.writes[3] == 1


def test_burning_never_erases_the_memory_of_other_slots(burnt):
    burnt.drop("4.hex", OTHER)
    burnt.drop("3.hex", THIRD)
    assert [kind for _, kind, _, _ in burnt.nvm.log if kind == "erase"] == []


def test_a_full_memory_goes_on_knowing_what_all_slots_hold(pedal):
    board = pedal({"3.hex": SONG, "4.hex": OTHER})
    board.run(3 * BURN_MS)
    cells = bytes(board.nvm.data).rstrip(b"\xff")
    cells = cells.ljust(-(-len(cells) // 16) * 16, b"\xff")
    board.power_off()
    board.nvm.data[:] = (cells * 4096)[-4096:]  # the same again and again, until it is full
    board.power_on()
    board.come_up()
    board.run(2 * BURN_MS)
    board.drop("5.hex", THIRD)
    assert board.slot(5) == image(THIRD)
    assert after_restart(board).burns == []


def test_foreign_bytes_in_the_memory_are_no_knowledge(pedal):
    board = pedal({"3.hex": SONG}, nvm=bytes(range(256)) * 16)
    board.run(2 * BURN_MS)
    assert board.slot(3) == image(SONG)
    assert after_restart(board).burns == []
