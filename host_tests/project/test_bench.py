# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bench brings what the emulator needs, and measures what it can."""

import pytest

from host_tests.bench import __main__ as bench
from host_tests.boards.emulator import Missing


@pytest.fixture(autouse=True)
def short_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (bench.assembling, bench.virtual, bench.simulator, bench.startup, bench.emulator, bench.bridge):
        name = module.__name__.rpartition(".")[2]
        monkeypatch.setattr(module, "report", lambda name=name: iter((f"figures: {name}",)))


def test_what_is_missing_is_brought_first(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench.prepare, "bring_all", lambda older: print("bringing"))
    assert bench.main() == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line]
    assert said == [
        "bringing",
        "figures: assembling",
        "figures: virtual",
        "figures: simulator",
        "figures: startup",
        "figures: emulator",
        "figures: bridge",
        "measured in 0 s",
    ]


def test_without_the_emulator_only_the_virtual_board_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(older: bool) -> None:
        raise Missing("node is missing.")

    monkeypatch.setattr(bench.prepare, "bring_all", fail)
    assert bench.main() == 0
    said = [line for line in capsys.readouterr().out.splitlines() if line]
    assert said[1:4] == [
        "figures: virtual",
        "figures: simulator",
        "Not measured on the real interpreter: node is missing.",
    ]
    assert "figures: emulator" not in said
