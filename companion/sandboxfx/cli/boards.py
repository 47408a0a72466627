# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Commands for the board and the chip on it: `list`, `status`, `run`, `stop`."""

import time
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from sandboxfx import sync
from sandboxfx.cli.options import board_option, json_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.errors import BOARD_GONE, SandboxError
from sandboxfx.find import FoundBoard, find_boards
from sandboxfx.programs import load


@click.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """Show the boards at this computer."""
    boards = find_boards()
    if as_json:
        print_json({"ok": True, "boards": [_as_json(board) for board in boards]})
        return
    if not boards:
        raise SandboxError("no-board", "No board found.", "Is it plugged in?", BOARD_GONE)
    table = Table("BOARD", "FIRMWARE", "BRIDGE", "DRIVE", box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for board in boards:
        drive = str(board.drive.path) if board.drive else "-"
        table.add_row(*map(Text, (board.name, board.firmware or "-", str(board.hid or "-"), drive)))
    console().print(table)


def _as_json(board: FoundBoard) -> dict[str, object]:
    return {
        "board": board.uid,
        "firmware": board.firmware or None,
        "bridge": str(board.hid) if board.hid else None,
        "drive": str(board.drive.path) if board.drive else None,
        "boot_loader": not board.uid,
    }


@click.command()
@board_option
@json_option
def status(board: str, as_json: bool) -> None:
    """Ask the chip who it is; what it plays is interrupted for a moment."""
    with sync.find(board) as found:
        chip = found.identify()
    slots = "".join(f"{slot:X}" if slot in chip.slots else "-" for slot in range(16))
    if as_json:
        answer = {"device_id": chip.device_id, "serial": chip.serial, "slots": list(chip.slots)}
        print_json({"ok": True, "chip": answer})
    else:
        console().print(f"chip   device ID {chip.device_id:04X}, serial number {chip.serial}")
        console().print(f"slots  {slots}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@board_option
@json_option
def run(file: Path, board: str, as_json: bool) -> None:
    """Load the program FILE into the chip's RAM, where it runs until the power goes or `stop`."""
    program = load(file)
    began = time.monotonic()
    with sync.find(board) as found:
        found.run(program)
    seconds = time.monotonic() - began
    if as_json:
        print_json({"ok": True, "instructions": program.instructions, "seconds": round(seconds, 3)})
    else:
        console().print(f"{file}: {program.instructions} instructions, running from RAM, verified   {seconds:.1f} s")


@click.command()
@board_option
@json_option
def stop(board: str, as_json: bool) -> None:
    """End a program that runs from RAM: the chip plays the slot that its pins select."""
    with sync.find(board) as found:
        found.stop()
    if as_json:
        print_json({"ok": True})
    else:
        console().print("stopped")
