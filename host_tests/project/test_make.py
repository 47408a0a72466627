# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What make installs, and what is said where something cannot be had."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from uf2.files import ROOT


@pytest.mark.parametrize(
    ("ready", "listed"), [(".ready", "host_tests/requirements.txt"), ("lib-ready", "lib/requirements.txt")]
)
def test_without_a_network_the_last_sentence_says_how_to_get_the_packages(
    tmp_path: Path, ready: str, listed: str
) -> None:
    (tmp_path / "bin").mkdir()
    for name in ("pip", "python"):
        (tmp_path / "bin" / name).write_text("#!/bin/sh\necho 'ERROR: no matching distribution' >&2; exit 1\n")
        (tmp_path / "bin" / name).chmod(0o755)
    command = ["make", f"VENV={tmp_path}", f"LIB_READY={tmp_path}/lib-ready", f"{tmp_path}/{ready}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    pip, sentence, status = done.stderr.splitlines()
    assert pip.startswith("ERROR")
    assert sentence == (
        f"make: pip cannot install what {listed} lists: it needs a network, once, or a mirror of the package index"
        " (make PIP_INDEX_URL=address)"
    )
    assert status.startswith("make: ***")
    assert not (tmp_path / ready).exists()


def test_code_py_is_not_taken_for_the_module_of_that_name_even_where_pythonpath_names_the_project() -> None:
    program = "import code, pdb, sysconfig; print(code.__file__.startswith(sysconfig.get_path('stdlib')))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_the_end_of_a_run_says_what_was_left_out_and_what_that_needs() -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "host_tests/uf2/test_official.py"]
    environment = {name: text for name, text in os.environ.items() if name not in ("BASE", "CIRCUITPY_UF2")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "not run: 6 tests: BASE or CIRCUITPY_UF2 names no CircuitPython" in done.stdout.splitlines()
