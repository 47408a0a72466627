# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The parts of the live screen: each draws one thing into so many columns and rows, its heading included."""

from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from rich.color import Color
from rich.style import Style
from rich.text import Text

from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import LOCKED_UP, OFF, PROGRAMMING, RUN, RUNNING_FROM_RAM
from host_tests.demo.board import ShownBoard
from host_tests.demo.folder import Listed, listing
from host_tests.demo.light import Colour, colour_name, history, on_screen
from host_tests.demo.programs import described, name_of
from host_tests.demo.tour import Guide, shown_path
from host_tests.demo.traffic import Traffic

Lines = list[Text]
SAMPLE_MS = 50  # of the light's history; two samples per character
DARK = (90, 90, 90)
LEGEND = "blue: upload  red: runs  purple: burn  green: burnt  amber: error"
MODES = {
    OFF: ("bold red", "no power"),
    LOCKED_UP: ("bold red", "no valid slot: it does not answer"),
    RUN: ("bold", "plays the flash slot that its pins select"),
    PROGRAMMING: ("bold yellow", "is being programmed"),
    RUNNING_FROM_RAM: ("bold green", ""),
}
BESIDE = 72  # from this width on the drive has room beside the chip


@dataclass
class View:
    """What there is to show."""

    board: ShownBoard
    chip: VirtualFXCore
    folder: Path
    traffic: Traffic
    guide: Guide
    name: str
    heard: str = ""  # the last sound that was rendered


def fitted(lines: Lines, rows: int) -> Lines:
    return [*lines, *(Text() for _ in range(rows - len(lines)))][:rows]


def heading(name: str, note: str, width: int) -> Text:
    line = Text("\u2500\u2500 ", style="cyan")
    line.append(name, style="bold cyan")
    line.append(f" {note} " if note else " ")
    return line.append("\u2500" * max(0, width - len(line)))


def title(view: View, width: int, rows: int) -> Lines:
    seconds = int(view.board.now_ms / 1000)
    clock = f"{seconds // 60}:{seconds % 60:02} "
    name = f" FXCore Sandbox on {view.name}    drive: {shown_path(view.folder)}"
    return [Text(name[: width - len(clock)].ljust(width - len(clock)) + clock, style="reverse")]


# ---- light ----
def light(view: View, width: int, rows: int) -> Lines:
    pixel = view.board.pixel
    cells = max(1, width - 21)
    now = view.board.now_ms
    whole = now if now // SAMPLE_MS % 2 else now - SAMPLE_MS  # until the end of a character
    samples = history(pixel.log, whole, 2 * cells, SAMPLE_MS)
    line = Text(" ").append("\u2588" * 4, style=_ink(pixel.color)).append(f" {colour_name(pixel.color):<7}")
    for left, right in zip(samples[::2], samples[1::2], strict=True):
        line.append_text(_cell(left, right))
    line.append(f" {2 * cells * SAMPLE_MS / 1000:.0f} s", style="dim")
    return [heading("Light", LEGEND, width), line]


def _cell(left: Colour, right: Colour) -> Text:
    """Two samples in one character, whose shape tells light from dark where there are no colours."""
    if left == right:
        return Text("\u2588" if any(left) else "\u00b7", style=_ink(left))
    if not any(left):
        return Text("\u2590", style=_ink(right))
    return Text("\u258c", style=_ink(left) + (Style(bgcolor=_ink(right).color) if any(right) else Style()))


def _ink(colour: Colour) -> Style:
    return Style(color=Color.from_rgb(*(on_screen(colour) if any(colour) else DARK)))


# ---- chip and drive ----
def chip_and_drive(view: View, width: int, rows: int) -> Lines:
    if width < BESIDE:
        return _chip(view, width, rows)
    left = (width - 1) * 2 // 3
    chip, drive = _chip(view, left, rows), _drive(view, width - left - 1, rows)
    for line in chip:
        line.truncate(left, overflow="ellipsis", pad=True)
    return [a + Text(" ") + b for a, b in zip(fitted(chip, rows), fitted(drive, rows), strict=True)]


def _chip(view: View, width: int, rows: int) -> Lines:
    chip = view.chip
    style, meaning = MODES[chip.mode]
    state = Text(" ").append(chip.mode, style=style).append("  ")
    state.append(described(chip.running) if chip.running else "burns its flash" if chip.flashing else meaning)
    slots = [
        Text("").join(_slot(chip, slot, (width - 1) // 4) for slot in range(row, row + 4)) for row in (0, 4, 8, 12)
    ]
    note = f"complains: {chip.complaints[-1]}" if chip.complaints else "and its 16 flash slots"
    return [heading(f"FXCore at 0x{chip.address:02X}", note, width), state, *slots]


def _slot(chip: VirtualFXCore, slot: int, width: int) -> Text:
    """Number, program, and how often it was burnt."""
    writes = chip.writes[slot]
    text = Text(f" {slot:X} ", style="cyan")
    text.append(name_of(chip.slots[slot]), style="bold magenta" if writes else "dim")
    text.append(f" x{writes}" if writes else "")
    text.truncate(width, pad=True)
    return text


def _drive(view: View, width: int, rows: int) -> Lines:
    entries = listing(view.folder)
    files = [_file(entry, width) for entry in entries if entry.size is not None]
    folders = Text(" " + " ".join(entry.name for entry in entries if entry.size is None), style="dim")
    room = rows - 2
    if len(files) > room:
        files[room - 1 :] = [Text(f" and {len(files) - room + 1} more", style="dim")]
    return [heading("Drive", "", width), *files, folders]


def _file(entry: Listed, width: int) -> Text:
    line = Text(" ").append(entry.name, style="bold" if entry.name.lower().endswith(".hex") else "")
    line.append(f" {entry.program}" if entry.program else "", style="magenta")
    size = f" {entry.size:,}"
    line.truncate(max(1, width - len(size)), pad=True)
    return line.append(size, style="dim")


# ---- console and traffic ----
def console(view: View, width: int, rows: int) -> Lines:
    """The last lines, long ones on several rows."""
    said = [line for line in view.board.console[-4000:].split("\n") if line][-rows:]
    shown = [row for line in said for row in _wrapped(line, width)]
    return [heading("Console", "" if view.board.usb.configured else "the board is starting", width), *shown[1 - rows :]]


def _wrapped(line: str, width: int) -> Lines:
    style = "bold red" if line.startswith("error") else ""
    parts = wrap(line, width, initial_indent=" ", subsequent_indent="   ", break_on_hyphens=False)
    return [Text(part, style=style) for part in parts]


def traffic(view: View, width: int, rows: int) -> Lines:
    lines = [heading("I2C", "seconds, direction, first bytes, meaning", width)]
    for t_ms, meaning in view.traffic.last(rows - 1):
        style = "red" if any(word in meaning for word in ("NAK", "timeout", "ERROR", "WRONG")) else ""
        lines.append(Text(f"{t_ms / 1000:9.3f} ", style="dim").append(meaning, style=style))
    return lines


def guide(view: View, width: int, rows: int) -> Lines:
    lines = [heading(view.guide[0], "", width), *(line.copy() for line in view.guide[1])]
    return [*lines, Text(f" heard: {view.heard}", style="magenta")] if view.heard else lines
