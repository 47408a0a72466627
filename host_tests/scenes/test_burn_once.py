# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""After WRITE_PRG there is no second one for a file by itself, and a flash error stops all further burning."""

import pytest

from host_tests.boards.note import WRITE_PRG
from host_tests.boards.pedal import OTHER, SONG, THIRD, image

BURN_MS = 3500
LONG_AFTER_MS = 12000
ERASE_ERROR, WRITE_ERROR = 0x1F, 0x27


def is_write_prg(attempt):
    return attempt.kind == "w" and attempt.data[:1] == bytes((WRITE_PRG,))


def fail_after_write_prg(board, kind, **options):
    """Scripts a bus fault for what follows the next WRITE_PRG, and everything after it."""

    def begin(transaction):
        if transaction.kind == "w" and transaction.data[:1] == bytes((WRITE_PRG,)):
            board.i2c.on_transaction = None
            board.i2c.fault(kind, times=options.pop("times", 10000), **options)

    board.i2c.on_transaction = begin


FAILURES = {
    "the slot's bit stays away": lambda board: setattr(board.chip.knobs, "dead_bits", (3,)),
    "an erase error": lambda board: board.chip.flash_error(3, ERASE_ERROR),
    "a write error": lambda board: board.chip.flash_error(3, WRITE_ERROR),
    "WRITE_PRG is refused by the chip": lambda board: board.chip.fail_next("WRITE_PRG", 0xFC),
    "WRITE_PRG is not acknowledged": lambda board: board.i2c.fault("nak_data", match=is_write_prg),
    "the last byte of WRITE_PRG times out": lambda board: board.i2c.fault("timeout", match=is_write_prg, at_byte=2),
    "the chip is gone afterwards": lambda board: fail_after_write_prg(board, "absent"),
    "one transfer times out afterwards": lambda board: fail_after_write_prg(board, "timeout", times=1),
    "SDA is stuck afterwards": lambda board: fail_after_write_prg(board, "stuck_sda", times=1),
    "the supply fails afterwards": lambda board: fail_after_write_prg(board, "no_pull_ups", times=1),
    "the chip does not answer for two seconds": lambda board: setattr(board.chip.knobs, "flash_ms", 2000),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_burn_that_went_wrong_is_not_tried_again_by_itself(pedal, failure):
    board = pedal()
    board.run(BURN_MS)
    FAILURES[failure](board)
    since = board.note()
    board.drop("3.hex", SONG)
    board.run(2000)
    board.i2c.clear_faults()
    board.i2c.stuck()
    board.i2c.supply(True)
    board.run(LONG_AFTER_MS)
    assert since.burns == [3]
    assert len(since.errors) >= 1
    assert "amber" in since.colours


@pytest.mark.parametrize("failure", ["the slot's bit stays away", "an erase error", "the chip is gone afterwards"])
def test_it_is_not_tried_again_after_a_restart_either(pedal, failure):
    board = pedal()
    board.run(BURN_MS)
    FAILURES[failure](board)
    board.drop("3.hex", SONG)
    board.run(2000)
    board.i2c.clear_faults()
    since = board.note()
    board.restart()
    board.run(2 * BURN_MS)
    assert since.burns == []
    assert "already holds" not in since.text


def test_the_same_file_copied_again_is_tried_again(pedal):
    board = pedal()
    board.chip.flash_error(3, WRITE_ERROR)
    board.drop("3.hex", SONG)
    board.run(BURN_MS)
    board.chip.flash_error(3, 0)
    board.touch("3.hex")
    assert board.slot(3) == image(SONG)
    since = board.note()
    board.touch("3.hex")
    assert since.burns == []


def test_a_failed_burn_is_class_4_and_names_the_chips_own_error(pedal):
    board = pedal()
    board.chip.flash_error(3, ERASE_ERROR)
    since = board.note()
    board.drop("3.hex", SONG)
    board.run(BURN_MS)
    assert len(since.errors) == 1
    assert since.errors[0].startswith("error 4: 3.hex")
    assert "1F" in since.errors[0]
    assert "erase" in since.errors[0]


def test_after_a_flash_error_no_further_slot_is_burnt(pedal):
    board = pedal()
    board.chip.flash_error(3, ERASE_ERROR)
    for name in ("2.hex", "3.hex", "4.hex", "5.hex"):
        board.drive.write(name, SONG)
    since = board.note()
    board.run(4 * BURN_MS + LONG_AFTER_MS)
    assert since.burns == [2, 3]


def test_a_restart_is_not_the_user_and_the_other_slots_are_still_not_burnt(pedal):
    board = pedal()
    board.chip.flash_error(3, ERASE_ERROR)
    for name in ("3.hex", "4.hex", "5.hex"):
        board.drive.write(name, SONG)
    board.run(2 * BURN_MS)
    since = board.note()
    board.reset()
    board.run(3 * BURN_MS)
    assert since.burns == []
    board.touch("5.hex")
    assert since.burns == [5]


def test_after_a_flash_error_the_users_next_file_is_burnt(pedal):
    board = pedal()
    board.chip.flash_error(3, ERASE_ERROR)
    board.drop("3.hex", SONG)
    board.run(BURN_MS)
    board.drop("4.hex", OTHER)
    assert board.slot(4) == image(OTHER)


def test_after_a_flash_error_output_hex_still_runs(pedal):
    board = pedal()
    board.chip.flash_error(3, ERASE_ERROR)
    board.drive.write("3.hex", SONG)
    board.drive.write("output.hex", THIRD)
    board.run(2 * BURN_MS)
    assert board.plays(THIRD)


def test_a_program_that_was_running_is_running_again_after_a_failed_burn(playing):
    playing.chip.flash_error(3, ERASE_ERROR)
    since = playing.note()
    playing.drop("3.hex", OTHER)
    playing.run(BURN_MS)
    assert since.errors[0].startswith("error 4: 3.hex")
    assert playing.plays(SONG)


def test_a_program_that_was_running_is_running_again_after_a_burn_that_never_reached_the_flash(playing):
    playing.chip.fail_next("PRG", 0x80)
    since = playing.note()
    playing.drop("3.hex", OTHER)
    playing.run(BURN_MS)
    assert since.burns == []
    assert since.errors[0].startswith("error 4: 3.hex")
    assert playing.plays(SONG)
