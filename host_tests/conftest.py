# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Fixtures for tests on the virtual board."""

import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from host_tests.boards.pc_program import pc as pc
from host_tests.boards.pc_program import shared_bus as shared_bus
from host_tests.boards.pedal import pedal as pedal
from host_tests.boards.pedal import playing as playing
from host_tests.boards.virtual.board import VirtualBoard
from host_tests.scenes.planting import planter as planter

# How fast a machine is says nothing about the device.
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")

WAIT_FOR_TERMINAL = "import supervisor\nwhile not supervisor.runtime.serial_connected: pass\n"


@pytest.fixture
def make_board() -> Iterator[Callable[..., VirtualBoard]]:
    """VirtualBoard(...); switched off at the end of the test."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(VirtualBoard(*args, **options))


@pytest.fixture
def run_code(make_board: Callable[..., VirtualBoard]) -> Callable[..., VirtualBoard]:
    """A board with this code.py, which starts when the terminal is open, and other files as keywords (boot_py=...)."""

    def start(code: str, files: dict[str, bytes | str] | None = None, boot: str = "", **options: Any) -> VirtualBoard:
        drive: dict[str, bytes | str] = {"code.py": WAIT_FOR_TERMINAL + textwrap.dedent(code), **(files or {})}
        if boot:
            drive["boot.py"] = textwrap.dedent(boot)
        return make_board(drive, **options)

    return start
