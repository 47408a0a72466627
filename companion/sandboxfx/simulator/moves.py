# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A script of movements: at which time which control goes where."""

from pathlib import Path
from typing import NamedTuple

from sandboxfx.errors import SandboxError
from sandboxfx.files import read_file
from sandboxfx.simulator.pins import PINS, POT_NAMES

WORDS = {"DOWN": 1.0, "UP": 0.0, "ON": 1.0, "OFF": 0.0}
TAP_SECONDS = 0.06  # how long a value of "tap" keeps a switch down
CURE = "A line is time in seconds, control, value: 1.5 POT0 0.3, or 2.0, SW1, down, or 3.0 TAP tap."


class Move(NamedTuple):
    """One movement."""

    seconds: float
    control: str
    value: float


def read_moves(path: Path) -> list[Move]:
    """Returns a script's movements, each line three fields with blanks or commas between; # begins a comment.

    :raises SandboxError: with the line, for whatever it cannot mean
    """
    try:
        text = read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SandboxError("script", f"{path} is no text file.", CURE) from error
    moves: list[Move] = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.partition("#")[0].replace(",", " ").replace(";", " ").split()
        if fields and not (not moves and fields[0].lower() in ("time", "seconds")):  # the head of a CSV file
            moves += _line(f"{path}, line {number}", fields)
    return moves


def _line(where: str, fields: list[str]) -> list[Move]:
    if len(fields) != 3:
        raise SandboxError("script", f"{where}: it has {len(fields)} fields, not 3.", CURE)
    time, control, value = fields[0], fields[1].upper(), fields[2].upper()
    seconds = _number(time)
    if seconds is None or not 0 <= seconds < 1e6:
        raise SandboxError("script", f"{where}: {time} is no time in seconds.", CURE)
    if control in PINS:
        if value == "TAP" and control != "ENABLE":
            return [Move(seconds, control, 1.0), Move(seconds + TAP_SECONDS, control, 0.0)]
        position = WORDS.get(value, _number(value))
        if position not in (0.0, 1.0):
            raise SandboxError("script", f"{where}: {control} cannot be {fields[2]}.", CURE)
        return [Move(seconds, control, position)]
    if control not in POT_NAMES:
        raise SandboxError(
            "script", f"{where}: there is no control {fields[1]}.", f"There are {', '.join((*POT_NAMES, *PINS))}."
        )
    position = _number(value)
    if position is None or not 0.0 <= position <= 1.0:
        raise SandboxError("script", f"{where}: {control} cannot be {fields[2]}; a pot goes from 0.0 to 1.0.", CURE)
    return [Move(seconds, control, position)]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
