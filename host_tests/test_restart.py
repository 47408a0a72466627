# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""It never stops by itself: an unforeseen exception in any module, at any time, is told and survived."""

import pytest

from host_tests.planting import MODULES
from host_tests.scenes import OTHER, SONG, Pedal
from host_tests.unheard import Unheard
from host_tests.virtual.fxcore_parts import PROGRAMMING, RUN

RESTART_MS = 6000  # an exception, the start after it, and an upload
ROW_MS = 4 * RESTART_MS


def at_rest(board: Pedal) -> bool:
    """An error light, the drive, the console and USB alive, the chip in RUN; nothing else happens."""
    since = board.note()
    board.run(5000)
    assert since.colours == ["red"]
    assert len(since.lit("red")) > 5
    assert since.transfers == []
    assert board.chip.mode == RUN
    assert board.usb.configured
    assert board.usb.drive_enabled
    assert board.resets == []
    return not board.device.finished


def traceback_shown(text: str) -> bool:
    return "Traceback (most recent call last):" in text and "RuntimeError: planted" in text


@pytest.mark.parametrize("module", MODULES)
def test_an_exception_while_a_module_is_imported_ends_at_rest(planter, module):
    planter.at_import(module)
    with Unheard({"output.hex": SONG}) as board:
        board.run(ROW_MS)
        if planter.hits:
            assert at_rest(board)
            assert traceback_shown(board.console)
            assert module.replace(".", "/") + ".py" in board.console
        else:
            assert board.plays(SONG)


def in_mid_upload(board_list):
    return lambda: board_list and board_list[0].chip.mode == PROGRAMMING


@pytest.mark.parametrize("module", MODULES)
def test_an_exception_in_the_middle_of_an_upload_is_told_and_the_program_runs_all_the_same(planter, pedal, module):
    boards: list[Pedal] = []
    planter.in_calls(module, in_mid_upload(boards))
    boards.append(pedal({"output.hex": SONG}))
    board = boards[0]
    board.run(RESTART_MS)
    assert board.plays(SONG)
    assert board.chip.complaints == []
    if planter.hits:
        assert traceback_shown(board.console)
        assert "error 5: " in board.console
