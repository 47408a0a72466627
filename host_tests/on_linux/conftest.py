# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Fixtures for the checks: the device at a running Linux, one start per module and kernel.

A module may set SETTINGS, the board's, and BOUND = False if the driver does not know the identity these give it.
"""

from collections.abc import Iterator

import pytest

from host_tests.on_linux.bench import Bench
from host_tests.on_linux.machine import BUILD, KERNELS, images


def _start(request: pytest.FixtureRequest, kernel: str) -> Iterator[Bench]:
    if not any((BUILD / images(each)[0]).exists() for each in KERNELS):
        pytest.fail("there is no guest: make test-linux builds it", pytrace=False)
    if not (BUILD / images(kernel)[0]).exists():
        pytest.skip(f"kernel {kernel} could not be had")
    module = request.module
    name = module.__name__.rpartition(".")[2]
    made = Bench(kernel, name, getattr(module, "SETTINGS", None), getattr(module, "BOUND", True))
    yield made
    made.close()


@pytest.fixture(scope="module", params=KERNELS)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """With both kernels."""
    yield from _start(request, request.param)


@pytest.fixture(scope="module")
def bench_6_12(request: pytest.FixtureRequest) -> Iterator[Bench]:
    yield from _start(request, "6.12")


@pytest.fixture(scope="module")
def bench_6_1(request: pytest.FixtureRequest) -> Iterator[Bench]:
    yield from _start(request, "6.1")
