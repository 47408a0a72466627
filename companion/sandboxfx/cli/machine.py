# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the commands that make a machine have in common."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sandboxfx.cli.options import rounding_option
from sandboxfx.cli.show import console, error_console
from sandboxfx.errors import USAGE, SandboxError

if TYPE_CHECKING:
    from sandboxfx.simulator.machine import Machine
    from sandboxfx.simulator.moves import Move
    from sandboxfx.simulator.soundfile_io import Source

FilePath = click.Path(path_type=Path)


def machine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that makes a machine."""
    for i in reversed(range(6)):
        command = click.option(f"--pot{i}", type=float, default=0.5, metavar="0..1", help=f"Where pot {i} is.")(command)
    for option in (
        rounding_option,
        click.option("--choose", multiple=True, metavar="RULE=CHOICE", help="Decide an unproven rule otherwise."),
        click.option("--engine", type=click.Choice(["auto", "compiled", "plain"]), default="auto", show_default=True),
        click.option("--seed", type=int, default=0x2F6E2B1, help="Of the register NOISE."),
        click.option("--bypass", is_flag=True, help="ENABLE low: inputs go to outputs."),
        click.option("--script", type=FilePath, metavar="MOVES", help="Movements: lines of time, control, value."),
        click.option("--rate", type=float, default=48000, show_default=True, help="Samples a second of the chip."),
    ):
        command = option(command)
    return command


def make_machine(program: Path, given: dict[str, Any]) -> "Machine":
    """The machine of a command line."""
    from sandboxfx.simulator.compiled import is_cached
    from sandboxfx.simulator.loading import load
    from sandboxfx.simulator.machine import Machine

    loaded = load(program, given["rounding"])
    chosen = dict(_pair(text) for text in given["choose"])
    machine = Machine(loaded, given["rate"], engine=given["engine"], seed=given["seed"], **chosen)
    if machine.is_compiled and not is_cached():
        error_console().print("numba compiles the engine, once on this computer: about ten seconds")
    for i in range(6):
        machine.move(f"POT{i}", given[f"pot{i}"])
    if given["bypass"]:
        machine.bypass()
    return machine


def find_source(sound: str, rate: float, seconds: float | None) -> "Source":
    """The file, or where there is none of that name the test signal."""
    from sandboxfx.simulator.signals import is_signal
    from sandboxfx.simulator.soundfile_io import FileSource, SignalSource

    if is_signal(sound) and not Path(sound).exists():
        return SignalSource(sound, rate, seconds)
    return FileSource(Path(sound))


def read_script(path: Path | None) -> "list[Move]":
    """The movements of a script, if there is one."""
    from sandboxfx.simulator.moves import read_moves

    return read_moves(path) if path else []


def _pair(text: str) -> tuple[str, str]:
    name, sign, choice = text.partition("=")
    if not sign:
        raise SandboxError("option", f"--choose {text}: there is no =.", "Write RULE=CHOICE.", USAGE)
    return name, choice


def tell_unproven(machine: "Machine") -> None:
    """Prints which rules that nobody has checked on silicon the run depended on."""
    from sandboxfx.simulator.unproven import unproven

    for one in unproven(machine):
        console().print(f"unproven  {one}", markup=False)


def unproven_as_json(machine: "Machine") -> list[dict[str, Any]]:
    """The same for `--json`."""
    from sandboxfx.simulator.unproven import unproven

    return [asdict(one) for one in unproven(machine)]
