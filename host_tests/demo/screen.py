# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The live screen: panels stacked so that they fit any terminal, the most important ones first."""

from collections.abc import Callable
from typing import NamedTuple

from rich.text import Text

from host_tests.demo import panels
from host_tests.demo.panels import Lines, View


class Section(NamedTuple):
    """`rows`: how many it needs at least, heading included; `grows`: it can use more."""

    name: str
    importance: int  # 0 is shown first
    rows: int
    grows: bool
    draw: Callable[[View, int, int], Lines]


def compose(view: View, width: int, height: int) -> Text:
    """The whole screen, `height` lines of at most `width` characters."""
    sections = _sections(view)
    rooms = _rooms(sections, height)
    lines: Lines = []
    for section in sections:
        room = rooms[section.name]
        if room:
            lines += panels.fitted(section.draw(view, width, room), room)
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Text("\n", no_wrap=True).join(lines)


def _sections(view: View) -> list[Section]:
    return [
        Section("title", 4, 1, False, panels.title),
        Section("light", 0, 2, False, panels.light),
        Section("chip", 1, 6, False, panels.chip_and_drive),
        Section("console", 2, 4, True, panels.console),
        Section("traffic", 5, 4, True, panels.traffic),
        Section("guide", 3, 1 + len(view.guide[1]) + bool(view.heard), False, panels.guide),
    ]


def _rooms(sections: list[Section], height: int) -> dict[str, int]:
    """What is left over goes to those that grow."""
    rooms = dict.fromkeys((section.name for section in sections), 0)
    for section in sorted(sections, key=lambda s: s.importance):
        if section.rows <= height:
            rooms[section.name] = section.rows
            height -= section.rows
    growing = [section.name for section in sections if section.grows and rooms[section.name]]
    for n in range(height if growing else 0):
        rooms[growing[-1 - n % len(growing)]] += 1
    return rooms
