# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Commands that look into programs: `dis`, `diff`."""

import dataclasses
from pathlib import Path

import click
from rich.text import Text

from sandboxfx.cli.options import json_option, rounding_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.comparison import Difference, InstructionChange, compare
from sandboxfx.errors import FAILED
from sandboxfx.files import write_files
from sandboxfx.programs import disassemble, load

REMOVED, ADDED = "red", "green"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "output", type=click.Path(path_type=Path), metavar="OUT.fxc", help="Write it there, not here.")
@json_option
def dis(file: Path, output: Path | None, as_json: bool) -> None:
    """Turn the HEX file FILE back into source.

    The source assembles to the same program, whatever the rounding. Names of labels and of blocks of delay memory are
    made up; a JZ that may have been written as JZC is marked.
    """
    program = load(file)
    source = disassemble(program, title=file.name)
    if output:
        write_files({output: source})
    if as_json:
        answer: dict[str, object] = {"ok": True, "instructions": program.instructions}
        print_json(answer | ({"output": str(output)} if output else {"source": source}))
    elif output:
        console().print(f"{output}: {program.instructions} instructions")
    else:
        click.echo(source, nl=False)


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@rounding_option
@json_option
def diff(old: Path, new: Path, rounding: str, as_json: bool) -> int:
    """Compare two programs, HEX or source, by what they mean.

    Presets by name, blocks of delay memory by their length, instructions one by one; a jump is the same if it goes to
    the same instruction. Exit status 0: they are the same, 1: they are not.
    """
    difference = compare(load(old, rounding), load(new, rounding))
    if as_json:
        print_json({"ok": True, "same": difference.same, **dataclasses.asdict(difference)})
    elif difference.same:
        console().print(f"{old} and {new} are the same program")
    else:
        for line in _lines(difference, old, new):
            console().print(line)
    return 0 if difference.same else FAILED


def _lines(difference: Difference, old: Path, new: Path) -> list[Text]:
    lines = [Text(f"--- {old}", REMOVED), Text(f"+++ {new}", ADDED)]
    for title, changes in (
        ("presets", [_changed(c.name, f"0x{c.old:X}", f"0x{c.new:X}") for c in difference.presets]),
        ("delay memory", [_changed(c.name, _length(c.old), _length(c.new)) for c in difference.blocks]),
        ("instructions", [line for change in difference.instructions for line in _instruction_lines(change)]),
    ):
        if changes:
            lines += [Text(title, "bold"), *changes]
    return lines


def _changed(name: str, old: str, new: str) -> Text:
    return Text.assemble(f"  {name:<10}", (old, REMOVED), " -> ", (new, ADDED))


def _length(words: int) -> str:
    return f"{words:,} words" if words else "not there"


def _instruction_lines(change: InstructionChange) -> list[Text]:
    lines = []
    if change.old_place is not None:
        lines.append(Text(f"- {change.old_place:>4}  {change.old_text}", REMOVED))
    if change.new_place is not None:
        lines.append(Text(f"+ {change.new_place:>4}  {change.new_text}", ADDED))
    return lines
