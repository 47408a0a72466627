# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The listing of an assembled source: every line with its address and word, then what has names."""

from fxasm.contents import presets, words
from sandboxfx.assembling import Assembly
from sandboxfx.memory_map import as_text, taps
from sandboxfx.usage import Use, usage

HEAD = " line  place  word      source"


def listing(assembly: Assembly, rounding: str) -> str:
    """Returns the text of the listing.

    :param rounding: as the source was assembled
    """
    places = {line: place for place, line in enumerate(assembly.line_of)}
    all_words = words(assembly.program)
    lines = [
        f"{assembly.name}: {len(all_words)} instructions, rounding {rounding}",
        "",
        " line  place  word      source",
    ]
    sources = assembly.lines if assembly.lines[-1] else assembly.lines[:-1]
    for number, text in enumerate(sources, 1):
        place = places.get(number)
        where = f"{place:>5}  {all_words[place]:08X}" if place is not None else " " * 15
        lines.append(f"{number:>5}  {where}  {text}".rstrip())
    for title, entries in (
        ("presets", [f"{name:<12} {value:08X}" for name, value in presets(assembly.program).items()]),
        ("labels", [f"{name:<24} {place:>5}" for name, place in assembly.labels.items()]),
        ("used", [f"{use.name:<15} {use.used:>6,} of {use.available:>6,}" for use in _used(assembly)]),
        ("delay memory", as_text(assembly.blocks, taps(assembly.program)).splitlines()),
    ):
        if entries:
            lines += ["", f"{title}:", *(f"  {entry}".rstrip() for entry in entries)]
    return "\n".join(lines) + "\n"


def _used(assembly: Assembly) -> list[Use]:
    return usage(assembly.program, assembly.delay_words)
