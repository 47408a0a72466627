# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The pytest plugin: the fixture `play`, and `--update-golden`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sandboxfx.testing import Heard


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    group = parser.getgroup("sandboxfx", "tests of FXCore programs")
    group.addoption("--update-golden", action="store_true", help="write golden sounds instead of comparing with them")


@pytest.fixture
def play(request: pytest.FixtureRequest) -> "Callable[..., Heard]":
    """`sandboxfx.testing.play`, with programs, sounds and golden sounds in the folder of the test's file."""
    from sandboxfx import testing

    folder = Path(request.path).parent

    def play_here(program: Any, *arguments: Any, **options: Any) -> "Heard":
        is_name = isinstance(program, (str, Path)) and "\n" not in str(program)
        options = {"folder": folder, "update_golden": request.config.getoption("--update-golden"), **options}
        return testing.play(folder / program if is_name else program, *arguments, **options)

    return play_here
