# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command `setup-linux`."""

import shutil
import subprocess
import sys
from pathlib import Path

import click

from sandboxfx.cli.options import json_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.errors import NOT_ALLOWED, USAGE, SandboxError
from sandboxfx.udev import PLACE, rules

RELOAD = (("control", "--reload"), ("trigger", "--subsystem-match=hidraw", "--subsystem-match=tty"))


@click.command(name="setup-linux")
@click.option("--print", "only_print", is_flag=True, help="Print the rules and write nothing.")
@json_option
def setup_linux(only_print: bool, as_json: bool) -> None:
    """Let everybody at this computer use the board: writes a udev rule, as root."""
    if only_print and not as_json:
        click.echo(rules(), nl=False)
        return
    if sys.platform != "linux":
        raise SandboxError("not-linux", "This is not Linux.", "Nothing needs to be set up here.", USAGE)
    if not only_print:
        _write(Path(PLACE))
    if as_json:
        print_json({"ok": True, "file": PLACE, "rules": rules(), "written": not only_print})
    else:
        console().print(f"{PLACE} written. Plug the board out and in again.")


def _write(place: Path) -> None:
    try:
        place.write_text(rules(), encoding="ascii")
    except PermissionError as error:
        cure = f"Run: sudo {Path(sys.argv[0]).absolute()} setup-linux"
        raise SandboxError("not-allowed", f"{place} may not be written.", cure, NOT_ALLOWED) from error
    except OSError as error:
        cure = "With --print the rules are shown: put them where your system wants them."
        raise SandboxError("file-unwritable", f"{place}: {error.strerror}.", cure) from error
    udevadm = shutil.which("udevadm")
    for arguments in RELOAD if udevadm else ():
        subprocess.run([str(udevadm), *arguments], check=False, capture_output=True)
