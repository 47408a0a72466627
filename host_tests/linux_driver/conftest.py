# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Fixtures for the checks: the device at a running Linux, one start per module and kernel."""

from collections.abc import Iterator

import pytest

from host_tests.linux_driver.bench import Bench


def _name(request: pytest.FixtureRequest) -> str:
    return request.module.__name__.rpartition(".")[2]


@pytest.fixture(scope="module", params=["6.12", "6.1"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """With both kernels."""
    made = Bench(request.param, _name(request))
    yield made
    made.close()


@pytest.fixture(scope="module")
def bench_6_12(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """With the newer one; a module may set SETTINGS for the board."""
    made = Bench("6.12", _name(request), getattr(request.module, "SETTINGS", None))
    yield made
    made.close()
