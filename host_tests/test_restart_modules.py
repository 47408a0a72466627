# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""An exception planted in any one module of the device: it is told, and the device goes on or rests in good order."""

import pytest

from host_tests.planting import MODULES
from host_tests.resting import RESTART_MS, RESTS, assert_at_rest
from host_tests.scenes import SONG, Pedal
from host_tests.unheard import Unheard
from host_tests.virtual.fxcore_parts import PROGRAMMING

TRACEBACK = "Traceback (most recent call last):"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_that_cannot_be_imported_leaves_the_device_at_rest_with_the_reason_on_the_console(planter, module):
    planter.at_import(module)
    with Unheard({"output.hex": SONG}, clock_look_ms=1) as board:
        board.run(RESTS * RESTART_MS)
        if not planter.hits:  # nothing needs it to play a file
            assert board.plays(SONG)
            return
        assert_at_rest(board)
        assert TRACEBACK in board.console
        assert module.replace(".", "/") + ".py" in board.console
        assert "RuntimeError: planted" in board.console
        assert "error 5: " in board.console


@pytest.mark.parametrize("module", MODULES)
def test_an_exception_amid_an_upload_is_told_and_after_a_restart_the_program_runs(planter, pedal, module):
    boards: list[Pedal] = []
    planter.in_calls(module, lambda: boards and boards[0].chip.mode == PROGRAMMING)
    boards.append(pedal({"output.hex": SONG}, clock_look_ms=1))
    board = boards[0]
    board.run(2 * RESTART_MS)
    assert board.plays(SONG)
    assert board.chip.complaints == []
    if planter.hits:
        assert TRACEBACK in board.console
        assert "RuntimeError: planted" in board.console
        assert "error 5: " in board.console
