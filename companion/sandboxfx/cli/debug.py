# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`debug`: a program step by step, at the keyboard or from a script."""

import importlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sandboxfx.cli.machine import (
    FilePath,
    find_source,
    machine_options,
    make_machine,
    read_script,
    tell_unproven,
    unproven_as_json,
)
from sandboxfx.cli.options import json_option
from sandboxfx.cli.show import console, print_json, tell
from sandboxfx.errors import SandboxError
from sandboxfx.files import read_file

if TYPE_CHECKING:
    from sandboxfx.simulator.debugger import Debugger

PROMPT = "(fxcore) "


@click.command()
@click.argument("program", type=FilePath)
@click.argument("sound", metavar="[IN]", default="pluck")
@click.option("--seconds", type=click.FloatRange(0.001, 3600), help="How long a test signal is.")
@click.option("--commands", type=FilePath, metavar="FILE", help="Do these commands, a line each, and end.")
@json_option
@machine_options
def debug(program: Path, sound: str, commands: Path | None, as_json: bool, **given: Any) -> None:
    """Run PROGRAM (source or HEX) instruction by instruction, with IN as its input.

    IN is a sound file or a test signal, as for render. Write help for the commands. In a script, a command that makes
    no sense ends it.
    """
    import numpy as np

    from sandboxfx.simulator.debugger import Debugger
    from sandboxfx.simulator.render import stereo

    machine = make_machine(program, given)
    for move in read_script(given["script"]):
        machine.move_later(round(move.seconds * machine.rate), move.control, move.value)
    source = find_source(sound, machine.rate, given["seconds"])
    words = np.concatenate([stereo(block) for block in source.blocks(machine.rate)])
    debugger = Debugger(machine, words)
    answers = _session(debugger, _script(commands) if commands else _keyboard(), bool(commands), as_json)
    if as_json:
        print_json({"ok": True, "answers": answers, "unproven": unproven_as_json(machine)})
    else:
        tell_unproven(machine)


def _session(debugger: "Debugger", lines: Iterator[str], is_script: bool, is_quiet: bool) -> list[dict[str, object]]:
    """Does the commands and shows what they say; returns both."""
    answers: list[dict[str, object]] = []
    if not is_quiet:
        click.echo(debugger.where())
    for line in lines:
        if is_script and not is_quiet:
            click.echo(f"{PROMPT}{line}")
        try:
            said = debugger.do(line)
        except SandboxError as error:
            if is_script:
                raise
            tell(error)
            continue
        answers.append({"command": line, "said": said})
        if not is_quiet:
            for text in said:
                console().print(text, markup=False)
        if debugger.is_over:
            break
    return answers


def _script(path: Path) -> Iterator[str]:
    return iter(read_file(path).decode(errors="replace").splitlines())


def _keyboard() -> Iterator[str]:
    """Lines as they are typed, with the history and editing that the system's readline gives; an empty one again."""
    with suppress(ImportError):  # Windows' console edits by itself
        importlib.import_module("readline")
    last = "step"
    while True:
        try:
            line = input(PROMPT).strip()
        except EOFError:
            return
        last = line or last
        yield last
