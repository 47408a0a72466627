# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Makes the emulator ready: `python -m host_tests.emulator.prepare`, part of `make test-vm`.

Installs the emulated chip (npm ci), brings CircuitPython and the boot ROM unless they are named or cached, checks both.
Exit status 2 and one sentence where something is missing.
"""

import os
import shutil
import subprocess
import sys

from host_tests.emulator import inputs
from host_tests.emulator.errors import Missing
from host_tests.emulator.link import CORE, HERE, NODE_HELP
from uf2.files import StageError
from uf2.firmware import download, official

OLDEST_NODE = 18
INSTALLED = HERE / "node_modules" / ".package-lock.json"


def check_node() -> None:
    """Missing unless there is a Node.js that is new enough."""
    node = shutil.which(os.environ.get("NODE", "node"))
    if not node:
        raise Missing(f"{NODE_HELP}.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if not version.startswith("v") or int(version[1:].split(".")[0]) < OLDEST_NODE:
        raise Missing(f"{node} is {version or 'no Node.js'}: {NODE_HELP}.")


def install() -> None:
    """npm ci, unless what the lock file names is there."""
    lock = HERE / "package-lock.json"
    if CORE.is_file() and INSTALLED.is_file() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm = shutil.which("npm")
    if not npm:
        raise Missing(f"npm is missing: {NODE_HELP}.")
    print("installing the emulated chip into host_tests/emulator", flush=True)
    done = subprocess.run([npm, "ci", "--no-progress"], cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("npm error")] or ["npm ci failed"]
        raise Missing(
            f"npm ci in host_tests/emulator: {lines[0].removeprefix('npm error').strip()} (is there a network?)"
        )


def bring_firmware() -> None:
    """CircuitPython, from the cache of `make uf2` or its release store."""
    try:
        inputs.firmware()
    except Missing:
        if any(os.environ.get(name) for name in inputs.FIRMWARE_VARIABLES):
            raise
        try:
            official()
        except StageError as error:
            raise Missing(str(error)) from error


def bring_bootrom() -> None:
    """The boot ROM, from the cache or its maker's release."""
    try:
        inputs.bootrom()
    except Missing:
        if any(os.environ.get(name) for name in inputs.BOOTROM_VARIABLES):
            raise
        fetch_bootrom()


def fetch_bootrom() -> None:
    part = inputs.BOOTROM_FILE.with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        part.write_bytes(download(inputs.BOOTROM_URL))
        rom = inputs.read_bootrom(part)
    except StageError as error:
        sentence = str(error).replace("BASE=path", "BOOTROM=path")
        raise Missing(sentence) from error
    finally:
        part.unlink(missing_ok=True)
    if not inputs.is_official(rom):
        raise Missing(f"{inputs.BOOTROM_URL} is another boot ROM than was released (BOOTROM=path takes a local file).")
    part.write_bytes(rom)
    part.replace(inputs.BOOTROM_FILE)


def main() -> int:
    try:
        check_node()
        install()
        bring_firmware()
        bring_bootrom()
        print(f"CircuitPython: {inputs.firmware()}\nboot ROM: {inputs.bootrom()}")
    except Missing as missing:
        print(f"make test-vm: {missing}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
