# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How the command `sandboxfx` begins and ends, whatever it was told to do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandboxfx import __version__, errors
from sandboxfx.cli.main import COMMANDS, main

README = Path(__file__).parents[1] / "README.md"


def test_the_version_is_that_of_the_firmware(capsys: pytest.CaptureFixture[str]) -> None:
    from sandbox.version import VERSION

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sandboxfx, version {VERSION}\n"
    assert __version__ == VERSION


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "sandboxfx: No such command 'fly'. Try: sandboxfx --help\n"


def test_with_json_wrong_usage_is_one_object_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fly", "--json"]) == 2
    shown = capsys.readouterr()
    assert shown.err == ""
    assert json.loads(shown.out) == {
        "ok": False,
        "error": {"code": "usage", "sentence": "No such command 'fly'.", "cure": "Try: sandboxfx --help"},
    }


def test_the_readme_names_every_command_and_every_exit_status() -> None:
    rows = [line.split("|")[1] for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    named = {word.partition(" ")[0] for row in rows for word in row.split("`")[1::2]}
    assert set(COMMANDS) <= named
    statuses = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert {0, *statuses} == {int(row) for row in rows if row.strip().isdigit()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: sandboxfx {name} ")


def test_the_standard_librarys_code_module_is_not_the_boards() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sandboxfx.cli.main, code; print(code.InteractiveConsole.__name__)"],
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert (done.returncode, done.stdout) == (0, "InteractiveConsole\n")
