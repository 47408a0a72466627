# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What an assembled program uses, as bars."""

from pathlib import Path

from rich.text import Text

from sandboxfx.assembling import Assembly
from sandboxfx.cli.show import drawn
from sandboxfx.memory_map import as_text, taps
from sandboxfx.usage import usage

WIDTH = 32
NEARLY_FULL = 0.9


def bars(assembly: Assembly, output: Path) -> list[Text]:
    """Returns the lines: the HEX file's name, a bar for each thing that the chip has a number of, the delay memory."""
    lines = [Text(str(output), "bold")]
    for use in usage(assembly.program, assembly.delay_words):
        share = use.used / use.available
        full = min(WIDTH, -(-use.used * WIDTH // use.available))
        style = "yellow" if share > NEARLY_FULL else "green"
        line = Text(f"  {use.name:<15} ").append(drawn("█" * full), style).append(drawn("░" * (WIDTH - full)), "dim")
        lines.append(line.append(f" {use.used:>6,} of {use.available:>6,}"))
    if assembly.blocks:
        picture = as_text(assembly.blocks, taps(assembly.program)).splitlines()[1:]  # the bar above has its headline
        lines += [Text(f"  {drawn(line)}") for line in picture if line]
    return lines
