# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Node.js, which runs the emulated chip: the one that NODE names, else the one on PATH."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from host_tests.boards.emulator.errors import Missing

OLDEST = 18
HELP = f"Node.js {OLDEST} or later is needed (https://nodejs.org, or apt install nodejs npm; NODE=path names it)"


def name() -> str:
    return os.environ.get("NODE") or "node"


def find() -> Path:
    """The program, tried out; Missing says what is wrong with it in one sentence."""
    path = shutil.which(name())
    if not path:
        raise Missing(f"{name()} is missing: {HELP}.")
    try:
        # Whatever else it may be, it is not waited for: it has nothing to read.
        told = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False).stdout
    except OSError as error:
        raise Missing(f"{path}: {error.strerror}: {HELP}.") from error
    version = re.fullmatch(rb"(v(\d+)\.\d+\.\d+\S*)\s*", told)
    if not version:
        raise Missing(f"{path} is not Node.js: {HELP}.")
    if int(version[2]) < OLDEST:
        raise Missing(f"{path} is {version[1].decode('ascii', 'replace')}: {HELP}.")
    return Path(path).absolute()
