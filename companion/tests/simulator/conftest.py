# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Programs as files, and the command line without a process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.boards.programs.generate import to_hex
from host_tests.boards.programs.program import Program as HexProgram
from sandboxfx.cli.main import main
from tests.simulator.words import ACC32, IN0, OUT0, word

Run = Callable[..., tuple[int, str, str]]

# OUT0 is IN0 and an echo after 4,800 samples, half as loud each time; OUT1 is IN1 times pot 0.
ECHO = [
    word("RDDEL", 0, 4800),
    word("MULTRI", 0, 0x4000),
    word("CPY_CS", 1, IN0),
    word("ADDS", ACC32, 1),
    word("WRDEL", 0, ACC32),
    word("CPY_SC", OUT0, ACC32),
    word("CPY_CS", 0, IN0 + 1),
    word("CPY_CS", 1, 22),
    word("MULTRR", 0, 1),
    word("CPY_SC", OUT0 + 1, ACC32),
]


def hex_of(words: list[int]) -> str:
    """The text of a HEX file."""
    return to_hex(HexProgram(words=words))


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    path = tmp_path / "echo.hex"
    path.write_text(hex_of(ECHO))
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line in the test's folder; returns its status, what it printed, and what it complained of."""
    monkeypatch.chdir(tmp_path)

    def run_main(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, " ".join(printed.err.split())

    return run_main
