# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The power fails while a slot is burnt: what is remembered afterwards is never wrong, and nothing burns by itself."""

import pytest

from host_tests.boards.note import WRITE_PRG
from host_tests.boards.pedal import OTHER, SONG, image

BURN_MS = 3000
HELD = "slot 3 already holds this program"

# What the cut comes before, counted from the moment the chip has been sent the whole new program: transfers (status,
# WRITE_PRG, status after the flash's silence, RETURN_0, EXIT_PRG), writes of the memory, or ms.
CUTS = (
    *({"i2c": n} for n in range(1, 5)),
    *({"nvm": n} for n in range(2)),
    *({"after_ms": ms} for ms in (60, 205, 230)),
)


@pytest.fixture
def interrupted(pedal):
    """A function: a board that holds SONG in slot 3 loses its power while OTHER is burnt there, and gets it again."""

    def cut(chip_too, when):
        board = pedal({"3.hex": SONG})
        board.run(BURN_MS)

        def begin(transaction):
            if transaction.data == image(OTHER).program:
                board.i2c.on_transaction = None
                board.cut_power(**when)

        board.i2c.on_transaction = begin
        since = board.note()
        board.drive.write("3.hex", OTHER)
        board.run_until(lambda b: not b.powered)
        committed = bool(since.burns)
        if chip_too:
            board.i2c.supply(False)
            board.i2c.supply(True)
        since = board.note()
        board.power_on()
        board.come_up()
        board.run(BURN_MS)
        return board, since, committed

    return cut


@pytest.mark.parametrize("when", CUTS, ids=str)
@pytest.mark.parametrize("chip_too", [False, True])
def test_a_power_cut_while_burning_leaves_no_false_knowledge(interrupted, when, chip_too):
    board, since, committed = interrupted(chip_too, when)
    holds_it = board.slot(3) == image(OTHER)
    assert not committed or since.burns == [], f"{WRITE_PRG:02X} was sent again for a file nobody touched"
    assert HELD not in since.text or holds_it
    board.drop("3.hex", SONG)
    board.run(1000)
    assert board.slot(3) == image(SONG)


def test_an_unfinished_burn_is_told_at_the_next_start(interrupted):
    board, since, committed = interrupted(False, {"after_ms": 100})
    assert committed
    assert len(since.errors) == 1
    assert "3.hex" in since.errors[0]
    assert "amber" in since.colours
    board.run(2000)
    board.drop("3.hex", OTHER)
    assert board.slot(3) == image(OTHER)


def test_a_cut_before_anything_was_sent_to_the_flash_leaves_the_old_truth(interrupted):
    board, since, committed = interrupted(True, {"nvm": 0})
    assert not committed
    assert since.burns == [3]  # the file on the drive is another one than the slot holds
    assert board.slot(3) == image(OTHER)
