# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A chip that loses its power while a slot is burnt, or before: what that means for the file is told by its name."""

import pytest

from host_tests.boards.pedal import OTHER, OUTAGE_MS, UPLOAD_MS, image
from host_tests.scenes.outages import BACK_MS, both, give_back, take_away

SHORTEST_MS = 20


def lose_power_while_burning(board, away_ms):
    """The chip is away for so long, beginning a moment after WRITE_PRG."""
    since = board.note()
    board.drive.write("3.hex", OTHER)
    board.run_until(lambda _: since.burns, 5000)
    board.run(50)
    board.unplug_chip()
    board.run(away_ms)
    board.plug_chip()
    board.run(2 * BACK_MS)
    return since


@pytest.mark.parametrize("away_ms", [SHORTEST_MS, 100, 400, 900, 3000])
def test_a_burn_that_the_chip_did_not_survive_is_told_by_its_name(playing, away_ms):
    since = lose_power_while_burning(playing, away_ms)
    assert playing.slot(3) is None
    assert "burnt into" not in since.text
    [told] = [line for line in since.errors if "3.hex" in line]
    assert told.startswith("error 4: 3.hex: ")
    assert "slot 3 holds is unknown: copy it again" in told
    assert "green" not in since.colours
    assert playing.plays(playing.drive.read("output.hex").decode())


@pytest.mark.parametrize("away_ms", [400, 3000])
def test_the_light_says_so_until_the_file_is_copied_again(playing, away_ms):
    lose_power_while_burning(playing, away_ms)
    since = playing.note()
    playing.run(7000)
    assert "amber" in since.colours
    since = playing.note()
    playing.touch("3.hex")
    assert since.burns == [3]
    assert playing.slot(3) == image(OTHER)
    since = playing.note()
    playing.run(4000)
    assert "amber" not in since.colours


@both
@pytest.mark.parametrize("name", ["3.hex", "output.hex"])
def test_a_file_that_waits_for_an_absent_chip_says_so(pedal, how, name):
    board = pedal(**how)
    board.run(UPLOAD_MS)
    since = board.note()
    board.drop(name, OTHER)
    board.run(OUTAGE_MS)
    assert since.lines.count(f"{name}: waits for the chip") == 1
    give_back(board)
    board.run(BACK_MS)
    assert image(OTHER) in (board.chip.running, board.slot(3))


@both
def test_a_file_whose_upload_an_outage_cuts_off_says_that_it_waits(pedal, how):
    board = pedal()
    board.run(UPLOAD_MS)
    since = board.note()
    board.drive.write("3.hex", OTHER)
    board.run_until(lambda _: "XFER_MREG" in since.steps)
    take_away(board, how)
    board.run(OUTAGE_MS)
    assert "3.hex: waits for the chip" in since.lines
    assert since.burns == []
