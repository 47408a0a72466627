# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The boards at this computer: their bridge and their drive, joined by the board's number.

A board's USB serial number is the UID that CircuitPython writes into boot_out.txt on its drive.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sandboxfx.drives import Drive, find_drives
from sandboxfx.errors import BOARD_GONE, SandboxError

# Vendor and product ID of SANDBOX_USB_ID = sandbox, ft260, devboard. As "board" it has CircuitPython's own, which other
# projects have too: such a board is found by its drive.
IDENTITIES = {(0x1209, 0x3911), (0x0403, 0x6030), (0x0403, 0x71D8)}
SYSTEM = Path("/sys")
DEVICES = Path("/dev")


@dataclass(frozen=True)
class FoundBoard:
    """One board, as far as it can be reached."""

    uid: str
    hid: Path | None
    drive: Drive | None

    @property
    def name(self) -> str:
        """The last four digits of its number: enough to tell boards on a table apart."""
        return self.uid[-4:] or "boot loader"

    @property
    def firmware(self) -> str:
        """The version of FXCore Sandbox, as far as its drive tells."""
        return self.drive.firmware if self.drive else ""


def find_boards(system: Path = SYSTEM, volumes: Iterable[Path] | None = None) -> list[FoundBoard]:
    """Returns the boards at this computer, by their number; drives that wait for a UF2 file come last.

    :param system: where Linux shows its devices
    :param volumes: see find_drives
    """
    nodes = hid_nodes(system) if sys.platform == "linux" else {}
    drives = find_drives(volumes)
    by_uid = {drive.uid: drive for drive in drives if drive.uid and (drive.firmware or drive.uid in nodes)}
    boards = [FoundBoard(uid, nodes.get(uid), by_uid.get(uid)) for uid in sorted({*nodes, *by_uid})]
    return boards + [FoundBoard("", None, drive) for drive in drives if drive.is_boot_loader]


def choose(boards: list[FoundBoard], wanted: str = "") -> FoundBoard:
    """Returns the board that is meant.

    :param wanted: the last digits of its number; empty: the only one there is
    :raises SandboxError: there is none, or more than one
    """
    if not any(board.uid for board in boards):
        if boards:
            sentence = f"No board found, but {boards[0].drive.path if boards[0].drive else ''} waits for firmware."
            raise SandboxError("no-board", sentence, "Copy the UF2 file onto it.", BOARD_GONE)
        raise SandboxError("no-board", "No board found.", "Is it plugged in?", BOARD_GONE)
    meant = [board for board in boards if board.uid and board.uid.endswith(wanted.upper())]
    names = ", ".join(board.name for board in boards if board.uid)
    if not meant:
        raise SandboxError("no-board", f"No board {wanted} found.", f"There are: {names}.", BOARD_GONE)
    if len(meant) > 1:
        cure = f"Name one with --board: {names}."
        raise SandboxError("several-boards", f"{len(meant)} boards found.", cure, BOARD_GONE)
    return meant[0]


def hid_nodes(system: Path = SYSTEM) -> dict[str, Path]:
    """Returns the hidraw nodes of boards on Linux, by the board's number."""
    nodes = {}
    for entry in sorted((system / "class" / "hidraw").glob("hidraw*")):
        try:
            lines = (entry / "device" / "uevent").read_text(errors="replace").splitlines()
        except OSError:
            continue
        facts = dict(line.split("=", 1) for line in lines if "=" in line)
        _, vendor, product = (facts.get("HID_ID", "") + "::").split(":")[:3]
        if facts.get("HID_UNIQ") and (_number(vendor), _number(product)) in IDENTITIES:
            nodes[facts["HID_UNIQ"].upper()] = DEVICES / entry.name
    return nodes


def _number(digits: str) -> int:
    try:
        return int(digits, 16)
    except ValueError:
        return -1
