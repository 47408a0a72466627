# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A fixture for scenes in which the device itself fails."""

import pytest

from host_tests.scenes.planting import Planter


@pytest.fixture
def planter(monkeypatch: pytest.MonkeyPatch) -> Planter:
    return Planter(monkeypatch)
