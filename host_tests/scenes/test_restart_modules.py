# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""An exception planted in any one module of the device: it is told, and the device goes on or rests in good order."""

import pytest

from host_tests.boards.pedal import OTHER, SONG, Pedal
from host_tests.boards.virtual.fxcore.parts import PROGRAMMING
from host_tests.scenes.planting import MODULES
from host_tests.scenes.resting import RESTART_MS, RESTS, assert_at_rest
from host_tests.scenes.unheard import Unheard

AT_WORK_AMID_AN_UPLOAD = """
    ft260.bridge ft260.port fxcore.program fxcore.programmer fxcore.protocol fxcore.sequence fxcore.status
    sandbox.app sandbox.bus sandbox.console sandbox.drive sandbox.light sandbox.ticks sandbox.uploader
""".split()

# code.py's first act uses it, before anything can be told; where it is needed it is made once more.
TRIED_AGAIN = ("ft260.first_answers", "ft260.pace")


def assert_told(text: str) -> None:
    assert "Traceback (most recent call last):" in text
    assert "RuntimeError: planted" in text
    assert "error 5: " in text


@pytest.mark.parametrize("module", MODULES)
def test_a_module_that_cannot_be_imported_leaves_the_device_at_rest(planter, module):
    planter.at_import(module)
    with Unheard({"output.hex": SONG}, clock_look_ms=4) as board:
        board.run(RESTS * RESTART_MS)
        hits_in_boot = int(board.life.boot_exception is not None)
        if planter.hits > hits_in_boot:
            assert_at_rest(board)
            assert_told(board.console)
            assert module.replace(".", "/") + ".py" in board.console
        else:  # nothing needs it to play a file
            assert board.plays(SONG)


@pytest.mark.parametrize("module", MODULES)
def test_an_exception_at_the_first_call_of_a_module_is_survived(planter, module):
    planter.in_calls(module, lambda: True)
    with Unheard({"3.hex": OTHER, "output.hex": SONG}, clock_look_ms=2) as board:
        board.run(RESTART_MS)
        assert board.plays(SONG)
        assert board.chip.writes[3] <= 1
        assert board.chip.complaints == []
        if planter.hits and board.life.boot_exception is None and module not in TRIED_AGAIN:
            assert_told(board.console)


@pytest.mark.parametrize("module", AT_WORK_AMID_AN_UPLOAD)
def test_an_exception_amid_an_upload_is_told_and_after_a_restart_the_program_runs(planter, pedal, module):
    boards: list[Pedal] = []
    planter.in_calls(module, lambda: boards and boards[0].chip.mode == PROGRAMMING)
    boards.append(pedal({"output.hex": SONG}, clock_look_ms=1))
    boards[0].run(2 * RESTART_MS)
    assert planter.hits == 1
    assert boards[0].plays(SONG)
    assert boards[0].chip.complaints == []
    assert_told(boards[0].console)
