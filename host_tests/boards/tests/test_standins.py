# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual board's modules, builtins and errors against what the firmware said; `make test-vm` asks it again."""

import pytest

from host_tests.boards.standins import project
from host_tests.boards.virtual.board import VirtualBoard


@pytest.fixture(scope="module")
def said() -> project.Said:
    return project.ask(VirtualBoard)


@pytest.mark.parametrize("expression", project.ANSWERS)
def test_an_answer_is_the_firmwares(said, expression):
    assert said.answers[expression] == project.ANSWERS[expression]


@pytest.mark.parametrize("owner", project.NAMES)
def test_no_name_is_there_that_the_firmware_does_not_have(said, owner):
    assert said.names[owner] <= project.NAMES[owner]
