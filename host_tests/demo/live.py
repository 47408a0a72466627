# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The demo on a terminal: plays the script, then stays while the user copies and deletes files."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.live import Live

from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.demo.board import ShownBoard
from host_tests.demo.ear import Ear
from host_tests.demo.folder import program_files
from host_tests.demo.hand import FolderHand, Hand
from host_tests.demo.keys import single_keys, typed
from host_tests.demo.panels import View
from host_tests.demo.screen import compose
from host_tests.demo.script import STEPS
from host_tests.demo.tour import Tour, invitation
from host_tests.demo.traffic import Traffic

FRAME_MS = 50
VIRTUAL = "a virtual board"


class Session:
    """Board, screen and keys; `frame` is one turn of them all.

    :param folder: the drive; if it holds programs, they are somebody's own: the script is not played over them
    :param hand: copies and deletes for the script
    :param ear: makes what the chip plays heard
    :param name: what the board is, for the title
    """

    def __init__(
        self, board: ShownBoard, chip: VirtualFXCore, folder: Path, hand: Hand, ear: Ear, name: str = VIRTUAL
    ) -> None:
        self._board, self._ear = board, ear
        self._powered = True
        self.tour = Tour(board, chip, hand, () if program_files(folder) else STEPS)
        self.view = View(board, chip, folder, Traffic(board.i2c.log, chip.address), invitation(folder), name)
        self.leaving = False

    def leave(self, *_: object) -> None:
        self.leaving = True

    def frame(self, keys: str = "") -> None:
        for key in keys.lower():
            self._press(key)
        self._board.run(FRAME_MS)
        self.tour.poll()
        self._ear.poll()
        self.view.heard = self._ear.told[-1] if self._ear.told else ""
        self.view.guide = self.tour.guide() if not self.tour.over else invitation(self.view.folder)

    def _press(self, key: str) -> None:
        if key == "q":
            self.leave()
        elif key == "p":
            self._powered = not self._powered
            self._board.i2c.supply(self._powered)
        elif key == "r":
            self._board.reset()
        elif key in "\r\n ":
            self.tour.skip()


def play(board: ShownBoard, chip: VirtualFXCore, folder: Path, name: str, ear: Ear) -> None:
    """Returns when the user leaves."""
    console = Console()
    session = Session(board, chip, folder, FolderHand(folder), ear, name)
    with signals(session.leave), single_keys(), Live(console=console, screen=True, auto_refresh=False) as live:
        while not session.leaving:
            session.frame(typed())
            live.update(compose(session.view, *console.size), refresh=True)
    ear.leave()


@contextmanager
def signals(leave: Callable[..., None]) -> Iterator[None]:
    """Ctrl-C and the like leave between two frames."""
    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
