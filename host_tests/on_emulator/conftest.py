# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Everything in this folder needs the emulator."""

from pathlib import Path

import pytest

from host_tests.boards.emulator import Missing, prepare

HERE = Path(__file__).parent
UNASKED = "not emulator"  # how pyproject.toml leaves these tests out


def pytest_configure(config: pytest.Config) -> None:
    """Ends the run with one sentence where the emulator lacks something, before a process is started for the tests."""
    is_worker = hasattr(config, "workerinput")
    if is_worker or config.option.markexpr == UNASKED:
        return
    try:
        prepare.check(older=True)
    except Missing as missing:
        pytest.exit(str(missing), returncode=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.emulator)
