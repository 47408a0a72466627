# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the virtual board's stand-ins are held to is what the firmware says."""

import pytest

from host_tests.boards.emulator import Board, inputs
from host_tests.boards.standins import project
from host_tests.boards.virtual.board import VirtualBoard
from uf2.base import read_base
from uf2.release import VERSION


def test_the_firmware_says_what_is_written_down_of_it() -> None:
    if read_base(inputs.firmware()).version != VERSION:
        pytest.skip(f"it is that of {VERSION}")
    said = project.ask(Board)
    assert said.answers == project.ANSWERS
    assert said.names == project.NAMES
    assert said.colours == project.ask(VirtualBoard).colours
