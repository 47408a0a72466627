# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One stage for two boards: the virtual one, and the emulated one with the real interpreter on it.

A scenario is a function that acts on a Scene. Both boards get the same drive, the same chip and the same actions, and
`Trace` holds what must then be the same.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple

from host_tests.boards.emulator import Board
from host_tests.boards.virtual.board import VirtualBoard
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.on_emulator.trace import Trace, require_same, trace_of
from uf2.files import SETTINGS, device_files, set_values

Files = Mapping[str, bytes | str]
SETTLED_MS = 1500
SHOWN_MS = 3000  # the green of a burn is over, and the light has shown what runs
PATTERN_MS = 3500  # an error has been shown whole


class Scene:
    """`board` is a VirtualBoard or an emulated Board; their names are the same. `chip` sits at 0x30 unless `absent`."""

    def __init__(self, board: Any, chip: VirtualFXCore) -> None:
        self.board, self.chip = board, chip
        self._heard = 0
        self._starts = [board.now_ms]

    def until(self, text: str, timeout_ms: float = 12000) -> None:
        """Runs until the console says this after what was awaited last."""
        self.board.run_until(text, timeout_ms, start=self._heard)
        self._heard = self.board.console.index(text, self._heard) + len(text)

    def run(self, ms: float) -> None:
        self.board.run(ms)

    def write(self, name: str, data: bytes | str, **options: Any) -> Any:
        return self.board.drive.write(name, data, **options)

    def delete(self, name: str) -> None:
        self.board.drive.delete(name)

    def restart(self) -> None:
        """Takes USB off and plugs it in again; the chip keeps its power."""
        self._heard = len(self.board.console)
        self._starts.append(self.board.now_ms)
        self.board.power_cycle()

    def cut_power(self, nvm: int, action: Callable[[], object] = lambda: None) -> None:
        """The power fails before the n-th step (0: the first) of writing the ledger that the action leads to, and comes
        back. A step is the erase of its sector, or a page programmed."""
        self.board.cut_power(nvm=nvm)
        resets = len(self.board.resets)
        action()
        self.board.run_until(lambda board: not is_up(board) or len(board.resets) > resets, 12000, poll_ms=20)
        self._heard = len(self.board.console)
        self._starts.append(self.board.now_ms)
        if not is_up(self.board):
            self.board.power_on()

    def open_terminal(self) -> None:
        """What is said from now on counts, and that is what was said before."""
        self._heard = len(self.board.console)
        self.board.set_dtr(True)

    def close_terminal(self) -> None:
        self.board.set_dtr(False)

    def unplug_chip(self) -> None:
        self.board.i2c.detach(self.chip.address)
        self.chip.power_off()

    def plug_chip(self, chip: VirtualFXCore | None = None) -> None:
        """The chip, or another one, is there again."""
        self.chip = chip or self.chip
        self.chip.now_ms = lambda: self.board.now_ms
        self.chip.power_on()
        self.board.i2c.attach(self.chip.address, self.chip)

    def trace(self) -> Trace:
        return trace_of(self.board, self.chip, self._starts)


def is_up(board: Any) -> bool:
    """The emulated board is plugged in again as soon as its power has failed."""
    return not isinstance(board, VirtualBoard) or board.powered


Scenario = Callable[[Scene], object]


class Play(NamedTuple):
    """How the boards are made: files beside the device's own, settings, the chip's knobs, options of both boards."""

    variant: str = "disk"
    files: Files = {}
    settings: Mapping[str, int | str] = {}
    knobs: Mapping[str, Any] = {}
    absent: bool = False
    options: Mapping[str, Any] = {}

    def drive(self) -> dict[str, bytes | str]:
        files: dict[str, bytes | str] = {**device_files(self.variant)}
        files[SETTINGS] = set_values(device_files(self.variant)[SETTINGS].decode(), dict(self.settings))
        return {**files, **self.files}

    def on(self, make_board: Callable[..., Any], scenario: Scenario) -> Trace:
        """The scenario's Trace on one board."""
        chip = VirtualFXCore(**{"pause_percent": 100, **self.knobs})
        with ExitStack() as stack:
            board = stack.enter_context(make_board(self.drive(), **self.options))
            scene = Scene(board, chip)
            if self.absent:
                chip.power_off()
            else:
                scene.plug_chip()
            scenario(scene)
            board.run(SETTLED_MS)
            return scene.trace()


def compare(scenario: Scenario, play: Play, aspects: tuple[str, ...] = Trace._fields) -> Trace:
    """Plays the scenario on both boards and requires the same of both; returns the real one's Trace."""
    expected = play.on(VirtualBoard, scenario)
    real = play.on(Board, scenario)
    require_same(expected, real, aspects)
    return real
