# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The demo on the real interpreter: the same tour, and the folder that is its drive."""

from pathlib import Path

import pytest

from host_tests.demo.__main__ import main
from host_tests.demo.script import STEPS


def test_the_tour_comes_out_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--text", "--vm"]) == 0
    assert f"{len(STEPS)} of {len(STEPS)} steps came out right" in capsys.readouterr().out
    assert (tmp_path / "boot_out.txt").read_text().endswith("FXCore Sandbox\n")
