# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Fixtures for all tests: boards, and who is plugged into them."""

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from host_tests.boards.pc_program import PcProgram
from host_tests.boards.pedal import SEEN_AGAIN_MS, SONG, Pedal
from host_tests.boards.virtual.board import VirtualBoard
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom

# How fast a machine is says nothing about the device.
settings.register_profile("any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")

WAIT_FOR_TERMINAL = "import supervisor\nwhile not supervisor.runtime.serial_connected: pass\n"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was left out, and what it would need: a line for each cause."""
    skipped = terminalreporter.stats.get("skipped", [])
    causes = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for cause, count in causes.most_common():
        terminalreporter.write_line(f"not run: {count} {'test' if count == 1 else 'tests'}: {cause}")


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


@pytest.fixture
def pedal() -> Iterator[Callable[..., Pedal]]:
    """Pedal(...); switched off at the end of the test."""
    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(Pedal(*args, **options))


@pytest.fixture
def playing(pedal: Callable[..., Pedal]) -> Pedal:
    """A board that plays SONG, the last look at its file being over; the chip complains about shortened pauses."""
    board = pedal({"output.hex": SONG}, knobs={"pause_percent": 100})
    board.run(SEEN_AGAIN_MS)
    assert board.plays(SONG)
    return board


@pytest.fixture
def shared_bus(pedal: Callable[..., Pedal]) -> Pedal:
    """A board with an EEPROM beside the chip, whose clock costs as much as on the real one."""
    board = pedal(clock_look_ms=0.2)
    board.i2c.attach(VirtualEeprom.address, VirtualEeprom(lambda: board.now_ms))
    return board


@pytest.fixture
def pc(shared_bus: Pedal) -> PcProgram:
    """A program on the PC that `shared_bus` is plugged into."""
    shared_bus.run(2500)
    return PcProgram(shared_bus)
