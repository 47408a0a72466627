# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Commands for the chip's flash: `burn`, `blank`, `slots`."""

import sys
from pathlib import Path

import click
import platformdirs

from sandboxfx import sync
from sandboxfx.assembling import assemble
from sandboxfx.bank import Entry, load_bank
from sandboxfx.burns import Burns
from sandboxfx.chip import ChipStatus
from sandboxfx.cli.options import board_option, json_option, rounding_option
from sandboxfx.cli.show import console, print_json
from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.programs import load

SLOTS = tuple("0123456789ABCDEF")
SILENCE = "xor r0, r0\n" + "".join(f"cpy_sc out{n}, acc32\n" for n in range(4))
# Nobody can read a slot: the drive or another computer may have burnt something else since.
LEFT_ALONE = "left alone: the last that was burnt from here, --force burns it again"
WRITES = 10_000  # what the chip's flash is made for


def record() -> Burns:
    """What was burnt from here."""
    return Burns(platformdirs.user_state_path("sandboxfx", appauthor=False) / "burns.json")


@click.command()
@click.argument("what", nargs=-1, metavar="SLOT FILE | BANK.toml")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Burn even what a slot holds already.")
@click.option("--dry-run", is_flag=True, help="Say what would be burnt, and burn nothing.")
@rounding_option
@board_option
@json_option
def burn(
    what: tuple[str, ...], yes: bool, force: bool, dry_run: bool, rounding: str, board: str, as_json: bool
) -> None:
    """Burn the program FILE into flash slot SLOT (0 to F), or each program of a bank into its slot, and verify it.

    The flash is made for about 10,000 writes: a slot that holds its program already is left alone. A bank is a TOML
    file with a table [slots] and lines like 3 = "echo.fxc".
    """
    _bring(_entries(what, rounding), yes, force, dry_run, board, as_json)


@click.command()
@click.argument("slot", type=click.Choice(SLOTS, case_sensitive=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@board_option
@json_option
def blank(slot: str, yes: bool, board: str, as_json: bool) -> None:
    """Overwrite flash slot SLOT (0 to F) with a program that is silent: the chip has no command to erase one."""
    entry = Entry(int(slot, 16), Path("silence"), assemble(SILENCE, name="silence").program)
    _bring([entry], yes, False, False, board, as_json)


def _bring(entries: list[Entry], yes: bool, force: bool, dry_run: bool, board: str, as_json: bool) -> None:
    """Burns what is not there yet, and tells of each slot."""
    burns = record()
    results = []
    with sync.find(board) as found:
        chip = found.identify()
        wanted = [entry for entry in entries if force or not _held(burns, chip, entry)]
        if wanted and not dry_run and not (yes or _agreed(wanted, chip, as_json)):
            raise click.Abort
        for entry in entries:
            result = "already there" if entry not in wanted else "to be burnt" if dry_run else "burnt"
            if result == "burnt":
                _burn(found, burns, chip, entry)
            times = burns.of(chip.serial, entry.slot).times
            results.append({"slot": entry.slot, "file": str(entry.path), "result": result, "times": times})
            if not as_json:
                console().print(_line(entry, result, times))
    if as_json:
        print_json({"ok": True, "slots": results})


def _entries(what: tuple[str, ...], rounding: str) -> list[Entry]:
    if len(what) == 1 and what[0].lower().endswith(".toml"):
        return load_bank(Path(what[0]), rounding)
    if len(what) != 2 or what[0].upper() not in SLOTS:
        raise click.UsageError("Say a slot, 0 to F, and a file; or a bank, a file whose name ends with .toml.")
    path = Path(what[1])
    return [Entry(int(what[0], 16), path, load(path, rounding))]


def _held(burns: Burns, chip: ChipStatus, entry: Entry) -> bool:
    return entry.slot in chip.slots and burns.holds(chip.serial, entry.slot, entry.program)


def _agreed(wanted: list[Entry], chip: ChipStatus, as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        raise SandboxError("not-asked", "Burning wears the flash, and nobody can be asked here.", "Add --yes.", USAGE)
    names = ", ".join(f"{entry.slot:X}" for entry in wanted)
    used = any(entry.slot in chip.slots for entry in wanted)
    holds = "Something else is there." if used else "Nothing is there."
    slots = f"slot {names}" if len(wanted) == 1 else f"slots {names}"
    return click.confirm(f"Burn {slots}? {holds} The flash is made for about {WRITES:,} writes.", err=True)


def _burn(board: sync.Board, burns: Burns, chip: ChipStatus, entry: Entry) -> None:
    try:
        board.burn(entry.program, entry.slot)
    except BaseException:
        burns.failed(chip.serial, entry.slot)
        raise
    burns.burnt(chip.serial, entry.slot, entry.program, entry.path.name)


def _line(entry: Entry, result: str, times: int) -> str:
    said = {"burnt": "burnt, verified", "already there": LEFT_ALONE}.get(result, result)
    often = (
        "" if not times else " (burnt from this computer once)" if times == 1 else f" (from this computer {times} x)"
    )
    return f"{entry.slot:X}  {entry.path.name:<24} {said}{often}"


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
