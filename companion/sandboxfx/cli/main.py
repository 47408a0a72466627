# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The entry of the command `sandboxfx`: which commands there are, and how every one of them ends."""

import importlib
import io
import sys
from collections.abc import Sequence

import click

from sandboxfx import __version__
from sandboxfx.assembling import AssemblyError
from sandboxfx.cli.messages import print_messages
from sandboxfx.cli.show import print_json, tell
from sandboxfx.errors import USAGE, SandboxError

# Command -> module of this package that has a click command of that name, with an underscore behind it where Python has
# the name. A module is imported when its command is used; it imports what is large (numpy, sound, plots) inside its
# functions, so that `--help` stays quick.
COMMANDS = {
    "asm": "assemble",
    "dis": "inspect",
    "diff": "inspect",
    "render": "render",
    "listen": "listen",
    "debug": "debug",
    "list": "boards",
    "status": "boards",
    "run": "boards",
    "stop": "boards",
    "watch": "watch",
    "burn": "burn",
    "blank": "burn",
    "slots": "burn",
    "i2c": "bus",
    "setup-linux": "setup",
}

INTERRUPTED = 130


class Commands(click.Group):
    """The commands of COMMANDS, in that order."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names, for the help page."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command, or None where there is none of this name."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"sandboxfx.cli.{COMMANDS[name]}")
        attribute = name.replace("-", "_")
        command: click.Command = getattr(module, attribute, None) or getattr(module, attribute + "_")
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="sandboxfx")
def sandboxfx() -> None:
    """Programs of the FXCore audio DSP, on this computer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit status: 0, 1 (a file or the chip says no), 2 (wrong usage), ...

    :param arguments: without the program's name; None: those of this process
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _never_fail_on_a_character()
    try:
        status = sandboxfx.main(given, prog_name="sandboxfx", standalone_mode=False)
    except SandboxError as error:
        return _end(error, given)
    except click.UsageError as error:
        return _end(SandboxError("usage", error.format_message(), _help_of(error), USAGE), given)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return status if isinstance(status, int) else 0


def _help_of(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "sandboxfx"
    return f"Try: {command} --help"


def _end(error: SandboxError, given: Sequence[str]) -> int:
    if "--json" in given:
        print_json(error.as_json())
    else:
        if isinstance(error, AssemblyError):
            print_messages(error.name, error.lines, error.messages)
        tell(error)
    return error.status


def _never_fail_on_a_character() -> None:
    """A terminal that cannot show a character shows another one."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
