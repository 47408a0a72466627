# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Whoever copies and deletes: the script's commands, carried out on the drive."""

import shlex
from pathlib import Path
from typing import Protocol

from host_tests.boards.virtual.board import VirtualBoard


class Hand(Protocol):
    def read(self, name: str) -> bytes: ...

    def write(self, name: str, data: bytes) -> None: ...

    def delete(self, name: str) -> None: ...


class FolderHand:
    """Any program of this computer, in the folder that is the drive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        (self._folder / name).write_bytes(data)

    def delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)


class UsbHand:
    """A PC that writes block after block over the virtual board's USB, at the PC's time."""

    def __init__(self, board: VirtualBoard) -> None:
        self._drive = board.drive

    def read(self, name: str) -> bytes:
        return self._drive.read(name)

    def write(self, name: str, data: bytes) -> None:
        self._drive.write(name, data)

    def delete(self, name: str) -> None:
        self._drive.delete(name)


def perform(command: str, hand: Hand) -> None:
    """Does what the shell would: `cp A B`, `rm A`, `head -c N A > B` and `sed s/OLD/NEW/ A > B`."""
    match shlex.split(command):
        case ["cp", source, target]:
            hand.write(target, hand.read(source))
        case ["head", "-c", count, source, ">", target]:
            hand.write(target, hand.read(source)[: int(count)])
        case ["sed", change, source, ">", target]:
            _, old, new, _ = change.encode().split(b"/")
            hand.write(target, b"\n".join(line.replace(old, new, 1) for line in hand.read(source).split(b"\n")))
        case ["rm", target]:
            hand.delete(target)
        case _:
            raise ValueError(f"no command of the script: {command}")
