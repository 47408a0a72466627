# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One stage for two boards: the virtual one, and the emulated one with the real interpreter on it.

A scenario is a function that acts on a Scene. Both boards get the same drive, the same chip and the same actions, and
`Trace` holds what must then be the same.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from difflib import unified_diff
from typing import Any, NamedTuple

from host_tests.emulator import Board
from host_tests.virtual.board import VirtualBoard
from host_tests.virtual.fxcore_chip import VirtualFXCore
from uf2.files import SETTINGS, device_files, set_values
from uf2.flash import NVM, SECTOR

Files = Mapping[str, bytes | str]
# What CircuitPython says by itself around the program.
FIRMWARE_SAYS = (
    "Auto-reload is",
    "code.py output:",
    "]0;",
    "soft reboot",
    "Adafruit CircuitPython",
    "Board ID:",
    "UID:",
)
SETTLED_MS = 1500


Colours = frozenset[tuple[int, int, int]]


class Trace(NamedTuple):
    """What a scenario left behind. Repetitions count once: how often something is polled depends on the clock."""

    bus: list[str]  # transfers with data
    colours: list[Colours]  # of the light, dark phases left out; an error's pattern is one entry
    lines: list[str]  # sentences on the console
    chip: list[object]  # mode, program that runs, slots, burns per slot, complaints
    nvm: bytes  # the slot ledger

    @property
    def sentences(self) -> list[str]:
        """The lines, where their order says nothing."""
        return sorted(self.lines)


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
        chip = self.chip
        return Trace(
            _once([str_of(done) for done in self.board.i2c.log if done.data]),
            _patterns([rgb for t_ms, rgb in self.board.pixel.log if any(rgb) and not self._is_starting(t_ms)]),
            [line for line in self.board.console.splitlines() if line and not line.startswith(FIRMWARE_SAYS)],
            [chip.mode, chip.running, chip.slots, chip.writes, chip.complaints],
            nvm_of(self.board),
        )

    def _is_starting(self, t_ms: float) -> bool:
        """Until the program first turns to the chip, the light is CircuitPython's own."""
        start = max(start for start in self._starts if start <= t_ms)
        return not any(start <= done.t_start_ms <= t_ms for done in self.board.i2c.log)


def str_of(done: Any) -> str:
    """A transfer, however the two boards name its parts."""
    refused = "" if done.acked == len(done.data) or done.kind == "r" else f" refused after {done.acked}"
    return f"{done.kind} {done.addr:02x} {done.data.hex(' ')}{refused}{'' if done.stop else ' no stop'}"


def _patterns(shown: list[tuple[int, int, int]]) -> list[Colours]:
    """One entry per colour shown; what blinks red and amber is an error's pattern, wherever it is cut off."""
    found: list[Colours] = []
    for rgb in shown:
        red, green, blue = rgb
        if found and red and not blue and (green or len(found[-1]) > 1) and all(r and not b for r, _, b in found[-1]):
            found[-1] |= {rgb}
        elif not found or found[-1] != {rgb}:
            found.append(frozenset({rgb}))
    return found


def is_up(board: Any) -> bool:
    """The emulated board is plugged in again as soon as its power has failed."""
    return not isinstance(board, VirtualBoard) or board.powered


def nvm_of(board: Any) -> bytes:
    return bytes(board.nvm.data) if isinstance(board, VirtualBoard) else board.flash_image()[NVM : NVM + SECTOR]


def _once(events: list[Any]) -> list[Any]:
    return [event for n, event in enumerate(events) if n == 0 or events[n - 1] != event]


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
        chip = VirtualFXCore(**self.knobs)
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
    for aspect in aspects:
        seen, wanted = getattr(real, aspect), getattr(expected, aspect)
        difference = unified_diff(_shown(wanted), _shown(seen), "virtual", "real", lineterm="")
        assert seen == wanted, "\n".join((aspect, *difference))
    return real


def _shown(aspect: Any) -> list[str]:
    """As lines of text."""
    return aspect.hex(" ", 16).split(" ") if isinstance(aspect, bytes) else [str(each) for each in aspect]
