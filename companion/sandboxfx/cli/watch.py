# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command `watch`."""

import time
from pathlib import Path

import click

from sandboxfx import sync
from sandboxfx.assembling import AssemblyError
from sandboxfx.cli.messages import print_messages
from sandboxfx.cli.options import board_option, json_option, rounding_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.errors import BOARD_GONE, SandboxError
from sandboxfx.programs import load
from sandboxfx.watching import saves


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@rounding_option
@board_option
@json_option
def watch(file: Path, rounding: str, board: str, as_json: bool) -> None:
    """Run the program FILE, source or HEX, at each save, until Ctrl-C.

    An error is shown with its line, and the old program plays on. With --json each save is one object on its own line.
    """
    if not file.exists():
        raise SandboxError("file-unreadable", f"{file}: No such file.", "Check the name.")
    with sync.find(board) as found:
        for _ in saves(file):
            try:
                program = load(file, rounding)
                found.run(program)
            except SandboxError as error:
                _tell(error, as_json)
                if error.status == BOARD_GONE:
                    raise
                continue
            if as_json:
                print_json({"ok": True, "instructions": program.instructions})
            else:
                console().print(f"{_now()} {file}: running, {program.instructions} instructions")


def _tell(error: SandboxError, as_json: bool) -> None:
    if as_json:
        print_json(error.as_json())
        return
    if isinstance(error, AssemblyError):
        print_messages(error.name, error.lines, error.messages)
    console().print(f"{_now()} {error.sentence} The old one plays on.")


def _now() -> str:
    return time.strftime("%H:%M:%S")
