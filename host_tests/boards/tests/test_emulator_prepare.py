# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The emulated chip is installed whole, or one sentence says what is missing. Scripts stand in for node and npm."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.boards.emulator import node, prepare
from host_tests.boards.emulator.errors import Missing
from uf2.files import ROOT

NEEDED = "Node.js 18 or later is needed (https://nodejs.org, or apt install nodejs npm; NODE=path names it)."
NODE = """
if [ "$1" = --version ]; then echo v20.1.0; exit; fi
/bin/mkdir -p "$2"
echo whole > "$2/rp2040.js"
"""
# Made of JavaScript, npm is nothing without the node on PATH.
NPM = "node --version && /bin/mkdir node_modules && echo > node_modules/.package-lock.json"


class Tools:
    """A folder with programs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def add(self, name: str, script: str, shell: str = "#!/bin/sh") -> Path:
        path = self.folder / name
        path.write_text(f"{shell}\n{script}\n")
        path.chmod(0o755)
        return path


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """All that is on PATH."""
    found = Tools(tmp_path / "tools")
    monkeypatch.delenv("NODE", raising=False)
    monkeypatch.setenv("PATH", str(found.folder))
    return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the chip is installed instead of in the source tree."""
    folder = tmp_path / "emulator"
    (folder / "src").mkdir(parents=True)
    for name in ("package-lock.json", "src/prepare-core.mjs"):
        (folder / name).write_text("")
    monkeypatch.setattr(prepare, "HERE", folder)
    monkeypatch.setattr(prepare, "INSTALLED", folder / "node_modules" / ".package-lock.json")
    monkeypatch.setattr(prepare, "GENERATOR", folder / "src" / "prepare-core.mjs")
    monkeypatch.setattr(prepare, "CORE", folder / "core" / "rp2040.js")
    return folder


def test_without_node_one_sentence_says_so(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare.main([]) == 2
    assert capsys.readouterr().err == f"emulator: node is missing: {NEEDED}\n"


@pytest.mark.parametrize(
    ("script", "shell", "cause"),
    [
        ("echo v16.20.2", "#!/bin/sh", "is v16.20.2"),
        ("echo vNext", "#!/bin/sh", "is not Node.js"),
        ("echo 'ls 9.1'; echo; echo Copyright", "#!/bin/sh", "is not Node.js"),
        ("printf 'v20.1.0 \\377'", "#!/bin/sh", "is not Node.js"),
        ("read line", "#!/bin/sh", "is not Node.js"),
        ("", "#!/no/such/shell", ": No such file or directory"),
        ("", "\x7fELF", ": Exec format error"),
    ],
)
def test_what_is_no_usable_node_is_refused(
    tools: Tools, monkeypatch: pytest.MonkeyPatch, script: str, shell: str, cause: str
) -> None:
    path = tools.add("mine", script, shell)
    monkeypatch.setenv("NODE", str(path))
    with pytest.raises(Missing) as caught:
        node.find()
    assert str(caught.value) == f"{path}{'' if cause.startswith(':') else ' '}{cause}: {NEEDED}"


def test_the_chip_is_installed_once(tools: Tools, place: Path) -> None:
    tools.add("node", NODE)
    tools.add("npm", NPM)
    prepare.install(node.find())
    assert (place / "core" / "rp2040.js").read_text() == "whole\n"
    tools.add("npm", "exit 1")
    tools.add("node", "exit 1")
    prepare.install(tools.folder / "node")


@pytest.mark.parametrize("npm_is_beside_it", [False, True])
def test_npm_finds_the_node_that_is_named(
    tools: Tools, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, npm_is_beside_it: bool
) -> None:
    mine = Tools(tmp_path / "mine")
    monkeypatch.setenv("NODE", str(mine.add("node", NODE)))
    (mine if npm_is_beside_it else tools).add("npm", NPM)
    prepare.install(node.find())
    assert (place / "core" / "rp2040.js").exists()


def test_without_npm_one_sentence_says_so(tools: Tools, place: Path) -> None:
    tools.add("node", NODE)
    with pytest.raises(Missing) as caught:
        prepare.install(node.find())
    assert str(caught.value) == f"npm is missing: {NEEDED}"


@pytest.mark.parametrize(
    ("npm", "cause"),
    [
        ("echo 'npm error code ECONNREFUSED\nnpm error errno' >&2; exit 1", "code ECONNREFUSED"),
        ("echo 'npm WARN old\nnpm ERR! code ENOTFOUND' >&2; exit 1", "code ENOTFOUND"),
        ("exit 1", "it failed"),
    ],
)
def test_without_a_network_one_sentence_says_how_to_get_the_chip(
    tools: Tools, place: Path, npm: str, cause: str
) -> None:
    tools.add("node", NODE)
    tools.add("npm", npm)
    with pytest.raises(Missing) as caught:
        prepare.install(node.find())
    hint = "it needs a network, once, or a mirror that npm_config_registry=address names"
    assert str(caught.value) == f"npm ci in host_tests/boards/emulator: {cause} ({hint})."


def test_an_npm_that_cannot_be_run_says_why(tools: Tools, place: Path) -> None:
    tools.add("node", NODE)
    tools.add("npm", "", shell="\x7fELF")
    with pytest.raises(Missing, match=r"npm: Exec format error \(it needs a network"):
        prepare.install(node.find())


def test_a_generator_that_dies_leaves_no_chip_that_counts(tools: Tools, place: Path) -> None:
    tools.add("node", f"{NODE}\necho 'throw new Error(x)\nError: prepare-core: unexpected decoder layout' >&2; exit 1")
    tools.add("npm", NPM)
    for _ in range(2):
        with pytest.raises(Missing, match=r"emulator: prepare-core: unexpected decoder layout \(make clean"):
            prepare.install(node.find())
        assert not (place / "core").exists()
    tools.add("node", NODE)
    prepare.install(node.find())
    assert (place / "core" / "rp2040.js").exists()
    assert not (place / "core.part").exists()


def test_what_is_not_installed_is_missed_before_a_test_runs(tools: Tools, place: Path) -> None:
    tools.add("node", NODE)
    with pytest.raises(
        Missing, match=r"not installed: .venv/bin/python -m host_tests\.boards\.emulator\.prepare installs it\.$"
    ):
        prepare.check(older=True)


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["-m", "emulator"], 2, f"Exit: no-such-node is missing: {NEEDED}\n"),
        (["-m", "emulator", "-n", "2"], 2, f"Exit: no-such-node is missing: {NEEDED}\n"),
        ([], pytest.ExitCode.NO_TESTS_COLLECTED, ""),
    ],
    ids=["by hand", "in two processes", "not asked for"],
)
def test_a_test_that_needs_the_emulator_ends_with_one_sentence(options: list[str], status: int, told: str) -> None:
    command = [sys.executable, "-m", "pytest", *options, "host_tests/on_emulator/test_standins.py"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "NODE": "no-such-node"}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (status, told)
    assert "Traceback" not in done.stdout
