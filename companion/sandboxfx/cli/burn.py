# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Commands for the chip's flash: `burn`, `slots`."""

import sys
from pathlib import Path

import click
import platformdirs

from sandboxfx import sync
from sandboxfx.burns import Burns
from sandboxfx.chip import ChipStatus
from sandboxfx.cli.options import board_option, json_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.programs import load

SLOTS = click.Choice("0123456789ABCDEF", case_sensitive=False)
WRITES = 10_000  # what the chip's flash is made for


def record() -> Burns:
    """What was burnt from here."""
    return Burns(platformdirs.user_state_path("sandboxfx", appauthor=False) / "burns.json")


@click.command()
@click.argument("slot", type=SLOTS)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Burn even if the slot holds this program already.")
@board_option
@json_option
def burn(slot: str, file: Path, yes: bool, force: bool, board: str, as_json: bool) -> None:
    """Burn the program FILE into flash slot SLOT (0 to F), and verify it.

    The flash is made for about 10,000 writes: a slot that holds the program already is left alone.
    """
    program = load(file)
    number = int(slot, 16)
    burns = record()
    with sync.find(board) as found:
        chip = found.identify()
        if burns.holds(chip.serial, number, program) and number in chip.slots and not force:
            _tell(as_json, False, f"slot {slot} already holds this program", burns.of(chip.serial, number).times)
            return
        if not (yes or _agreed(number, chip, as_json)):
            raise click.Abort
        try:
            found.burn(program, number)
        except BaseException:
            burns.failed(chip.serial, number)
            raise
        burns.burnt(chip.serial, number, program, file.name)
    _tell(as_json, True, f"burnt into slot {slot}, verified", burns.of(chip.serial, number).times)


def _agreed(slot: int, chip: ChipStatus, as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        raise SandboxError("not-asked", "Burning wears the flash, and nobody can be asked here.", "Add --yes.", USAGE)
    holds = "holds another program" if slot in chip.slots else "is empty"
    return click.confirm(f"Slot {slot:X} {holds}. Burn (the flash is made for about {WRITES:,} writes)?", err=True)


def _tell(as_json: bool, burnt: bool, sentence: str, times: int) -> None:
    if as_json:
        print_json({"ok": True, "burnt": burnt, "times": times})
    else:
        console().print(f"{sentence} (burnt from this computer {'once' if times == 1 else f'{times} times'})")


@click.command()
@board_option
@json_option
def slots(board: str, as_json: bool) -> None:
    """Show the chip's 16 flash slots, and what was burnt into them from this computer."""
    with sync.find(board) as found:
        chip = found.identify()
    burns = record()
    known = [burns.of(chip.serial, slot) for slot in range(16)]
    if as_json:
        entries = [
            {"slot": slot, "used": slot in chip.slots, "program": burnt.name or None, "times": burnt.times}
            for slot, burnt in enumerate(known)
        ]
        print_json({"ok": True, "slots": entries})
        return
    for slot, burnt in enumerate(known):
        holds = burnt.name or "a program" if slot in chip.slots else "-"
        times = f"burnt from here {burnt.times} x" if burnt.times else ""
        console().print(f"{slot:X}  {holds:<24} {times}".rstrip())
