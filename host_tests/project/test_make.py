# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What make says where it cannot install what it needs."""

import os
import subprocess
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
