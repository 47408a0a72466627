# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Makes the emulator ready for `make test-vm` and `make demo VM=1`: `python -m host_tests.emulator.prepare [--older]`.

Installs the emulated chip (npm ci), brings CircuitPython and the boot ROM unless they are named or cached, checks both.
Exit status 2 and one sentence where something is missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from host_tests.emulator import inputs
from host_tests.emulator.errors import Missing
from host_tests.emulator.link import CORE, HERE, NODE_HELP
from uf2.files import StageError, write_whole
from uf2.firmware import download, official

OLDEST_NODE = 18
INSTALLED = HERE / "node_modules" / ".package-lock.json"
GENERATOR = HERE / "src" / "prepare-core.mjs"


def check_node() -> None:
    """Missing unless there is a Node.js that is new enough."""
    node = shutil.which(os.environ.get("NODE", "node"))
    if not node:
        raise Missing(f"{NODE_HELP}.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if not version.startswith("v") or int(version[1:].split(".")[0]) < OLDEST_NODE:
        raise Missing(f"{node} is {version or 'no Node.js'}: {NODE_HELP}.")


def install() -> None:
    """npm ci and the generator of core/, as far as what they made is not there or is older than what it is made of."""
    if not _is_made_from(INSTALLED, HERE / "package-lock.json"):
        print("installing the emulated chip into host_tests/emulator", flush=True)
        npm = shutil.which("npm")
        if not npm:
            raise Missing(f"npm is missing: {NODE_HELP}.")
        patience = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
        command = [npm, "ci", "--ignore-scripts", "--no-progress", *patience]
        _run("npm ci", command, "npm error", " (is there a network?)")
    if not _is_made_from(CORE, INSTALLED) or not _is_made_from(CORE, GENERATOR):
        _run("node", [os.environ.get("NODE", "node"), str(GENERATOR)], "Error:")


def _is_made_from(made: Path, source: Path) -> bool:
    return made.is_file() and made.stat().st_mtime >= source.stat().st_mtime


def _run(name: str, command: list[str], marks_cause: str, hint: str = "") -> None:
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        causes = [line for line in done.stderr.splitlines() if line.startswith(marks_cause)] or ["it failed"]
        cause = causes[0].removeprefix(marks_cause).strip()
        raise Missing(f"{name} in host_tests/emulator: {cause}{hint}")


def bring(check: Callable[[], object], variables: tuple[str, ...], get: Callable[[], object]) -> None:
    """Has `get` fetch what `check` does not find, unless somebody named a file of his own."""
    try:
        check()
    except Missing:
        if inputs.named(variables):
            raise
        get()


def bring_firmware() -> None:
    """CircuitPython, from the cache of `make uf2` or its release store."""

    def get() -> None:
        try:
            official()
        except StageError as error:
            raise Missing(str(error)) from error

    bring(inputs.firmware, inputs.FIRMWARE_VARIABLES, get)


def bring_older_firmware() -> None:
    """The older CircuitPython, from the cache or the release store."""
    release = inputs.OLDER_URL, inputs.OLDER_FILE, inputs.OLDER_SHA256
    bring(inputs.older_firmware, inputs.OLDER_VARIABLES, lambda: fetch(*release, "BASE_9", bytes))


def bring_bootrom() -> None:
    """The boot ROM, from the cache or its maker's release."""
    release = inputs.BOOTROM_URL, inputs.BOOTROM_FILE, inputs.BOOTROM_SHA256
    bring(inputs.bootrom, inputs.BOOTROM_VARIABLES, lambda: fetch(*release, "BOOTROM", inputs.rom_in))


def fetch(url: str, to: Path, sha256: str, variable: str, read: Callable[[bytes], bytes]) -> None:
    """Downloads a file and keeps what `read` makes of it, if that is what was released."""
    try:
        content = read(download(url))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StageError(f"{url} is another file than was released (BASE=path takes a local file).")
        write_whole(to.parent, {to.name: content})
    except StageError as error:
        raise Missing(str(error).replace("BASE=path", f"{variable}=path")) from error


def main(arguments: list[str]) -> int:
    """--older: for the tests, a second CircuitPython too."""
    try:
        check_node()
        install()
        bring_firmware()
        bring_bootrom()
        print(f"CircuitPython: {inputs.firmware()}")
        if "--older" in arguments:
            bring_older_firmware()
            print(f"an older one: {inputs.older_firmware() or 'none (BASE_9=path names it)'}")
        print(f"boot ROM: {inputs.bootrom()}")
    except Missing as missing:
        print(f"emulator: {missing}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
