# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the virtual board's stand-ins are held to is what the firmware says."""

from host_tests.emulator import Board
from host_tests.standins import project
from host_tests.virtual.board import VirtualBoard


def test_the_firmware_says_what_is_written_down_of_it() -> None:
    said = project.ask(Board)
    assert said.answers == project.ANSWERS
    assert said.names == project.NAMES
    assert said.colours == project.ask(VirtualBoard).colours
