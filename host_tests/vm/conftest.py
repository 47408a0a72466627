# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Everything in this folder needs the emulator."""

from pathlib import Path

import pytest

from host_tests.emulator import Missing, inputs

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.emulator)


@pytest.fixture(scope="session", autouse=True)
def emulator_inputs() -> None:
    """Ends the run with one sentence where the emulator lacks something."""
    try:
        inputs.firmware()
        inputs.older_firmware()
        inputs.bootrom()
    except Missing as missing:
        pytest.exit(str(missing), returncode=2)
