# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How fast the PC assembles: the longest program that the chip takes, from bytes to the checked program."""

import time
from collections.abc import Iterator

from host_tests.boards.programs.generate import FOLDER
from sandboxfx import assemble

SOURCE = FOLDER / "cloud.fxc"
TIMES = 15


def measure() -> tuple[int, int, float]:
    """(instructions, lines, seconds) of the fastest of a few: what else the computer does only adds to it."""
    source = SOURCE.read_bytes()
    fastest = float("inf")
    for _ in range(TIMES):
        begun = time.perf_counter()
        assembly = assemble(source)
        fastest = min(fastest, time.perf_counter() - begun)
    return assembly.program.instructions, len(assembly.lines), fastest


def report() -> Iterator[str]:
    instructions, lines, seconds = measure()
    speed = f"{seconds * 1000:.0f} ms, {lines / seconds:,.0f} lines a second"
    yield f"Assembling {instructions:,} instructions on this computer: {speed}"
