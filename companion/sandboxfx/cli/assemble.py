# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command `asm`."""

from pathlib import Path

import click

from sandboxfx.assembling import Assembly, AssemblyError, assemble_file
from sandboxfx.cli.messages import print_messages
from sandboxfx.cli.options import json_option, rounding_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.cli.used import bars
from sandboxfx.errors import SandboxError
from sandboxfx.files import write_files
from sandboxfx.listing import listing
from sandboxfx.memory_map import as_svg, as_text, taps
from sandboxfx.usage import usage

HEX, SVG = ".hex", ".svg"
FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "output", type=FILE, metavar="OUT.hex", help="The HEX file. [default: beside FILE]")
@click.option("--listing", "listing_file", type=FILE, metavar="FILE", help="Write each line with its address and word.")
@click.option("--map", "map_file", type=FILE, metavar="FILE", help="Write the delay memory as text, or as SVG (.svg).")
@rounding_option
@click.option("--werror", is_flag=True, help="Take warnings for errors.")
@json_option
def asm(
    file: Path,
    output: Path | None,
    listing_file: Path | None,
    map_file: Path | None,
    rounding: str,
    werror: bool,
    as_json: bool,
) -> None:
    """Assemble the source FILE into a HEX file.

    Every error and warning is shown with its line. Exit status 0: done, 1: the source has errors and nothing was
    written.
    """
    output = output or file.with_suffix(HEX)
    if output == file:
        raise SandboxError("same-file", f"{file} would be written over.", "Name the HEX file with -o.")
    assembly = assemble_file(file, rounding)
    if werror and assembly.warnings:
        raise AssemblyError(assembly.name, assembly.lines, assembly.warnings)
    texts = {output: assembly.hex}
    if listing_file:
        texts[listing_file] = listing(assembly, rounding)
    if map_file:
        texts[map_file] = _map(assembly, file, map_file.suffix.lower() == SVG)
    write_files(texts)
    if as_json:
        print_json(_answer(assembly, output))
    else:
        print_messages(assembly.name, assembly.lines, assembly.warnings)
        for line in bars(assembly, output):
            console().print(line)


def _map(assembly: Assembly, file: Path, svg: bool) -> str:
    places = taps(assembly.program)
    return as_svg(assembly.blocks, places, file.name) if svg else as_text(assembly.blocks, places)


def _answer(assembly: Assembly, output: Path) -> dict[str, object]:
    return {
        "ok": True,
        "output": str(output),
        "used": {use.name: use.used for use in usage(assembly.program, assembly.delay_words)},
        "blocks": [{"name": name, "first": first, "last": last} for name, first, last in assembly.blocks],
        "messages": [vars(message) for message in assembly.warnings],
    }
