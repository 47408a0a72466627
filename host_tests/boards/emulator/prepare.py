# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Makes the emulator ready for `make test-vm`, `make bench` and `make demo VM=1`:
`python -m host_tests.boards.emulator.prepare [--older]`.

Installs the emulated chip (npm ci), brings CircuitPython and the boot ROM unless they are named or cached, checks both.
Exit status 2 and one sentence where something is missing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from host_tests.boards.emulator import inputs, node
from host_tests.boards.emulator.errors import Missing
from host_tests.boards.emulator.link import CORE, HERE, NOT_INSTALLED
from uf2.files import StageError, write_whole
from uf2.firmware import download, official

INSTALLED = HERE / "node_modules" / ".package-lock.json"
GENERATOR = HERE / "src" / "prepare-core.mjs"


def check(older: bool) -> None:
    """Missing unless everything is there already, for the tests a second CircuitPython too."""
    node.find()
    if not CORE.is_file():
        raise Missing(NOT_INSTALLED)
    inputs.firmware()
    inputs.bootrom()
    if older:
        inputs.older_firmware()


def bring_all(older: bool) -> None:
    """Gets what is not there, and checks all of it."""
    install(node.find())
    bring_firmware()
    bring_bootrom()
    if older:
        bring_older_firmware()
    check(older)


def install(program: Path) -> None:
    """npm ci and the generator of core/, as far as what they made is not there or is older than what it is made of."""
    if not _is_made_from(INSTALLED, HERE / "package-lock.json"):
        print("installing the emulated chip into host_tests/boards/emulator", flush=True)
        _install_packages(program)
    if not _is_made_from(CORE, INSTALLED) or not _is_made_from(CORE, GENERATOR):
        _generate_core(program)


def _is_made_from(made: Path, source: Path) -> bool:
    return made.is_file() and made.stat().st_mtime >= source.stat().st_mtime


def _install_packages(program: Path) -> None:
    """npm is a program for Node.js, and looks for it on PATH."""
    path = f"{program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npm = shutil.which("npm", path=path)
    if not npm:
        raise Missing(f"npm is missing: {node.HELP}.")
    patience = ("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")
    command = [npm, "ci", "--ignore-scripts", "--no-progress", *patience]
    hint = "it needs a network, once, or a mirror that npm_config_registry=address names"
    _run("npm ci", command, {**os.environ, "PATH": path}, r"npm (?:error|ERR!) (.+)", hint)


def _generate_core(program: Path) -> None:
    """Beside the old one, and put in its place when it is whole."""
    part = CORE.parent.with_name("core.part")
    hint = "make clean, and the same again, installs it anew"
    _run("node", [str(program), str(GENERATOR), str(part)], os.environ, r"Error: (.+)", hint)
    shutil.rmtree(CORE.parent, ignore_errors=True)
    part.rename(CORE.parent)


def _run(name: str, command: list[str], environment: Mapping[str, str], marks_cause: str, hint: str) -> None:
    try:
        done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, check=False)
    except OSError as error:
        raise Missing(f"{command[0]}: {error.strerror} ({hint}).") from error
    if done.returncode:
        cause = re.search(f"^{marks_cause}$", done.stderr.decode(errors="replace"), re.MULTILINE)
        raise Missing(f"{name} in host_tests/boards/emulator: {cause[1] if cause else 'it failed'} ({hint}).")


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
    older = "--older" in arguments
    try:
        bring_all(older)
        print(f"CircuitPython: {inputs.firmware()}")
        if older:
            print(f"an older one: {inputs.older_firmware() or 'none (BASE_9=path names it)'}")
        print(f"boot ROM: {inputs.bootrom()}")
    except Missing as missing:
        print(f"emulator: {missing}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
