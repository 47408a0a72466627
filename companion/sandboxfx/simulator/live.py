# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A program that is played live: blocks of sound, keys, a source that changes. Knows no sound card and no screen."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sandboxfx.assembling import VENDOR, AssemblyError
from sandboxfx.errors import SandboxError
from sandboxfx.simulator.loading import load
from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.pins import POT_NAMES
from sandboxfx.simulator.samples import as_floats, as_words

BLOCK = 512  # samples
POT_STEP = 0.05
PRESS_SECONDS = 0.1  # a key has no end: how long it keeps a switch down
SWITCH_KEYS = {"q": "SW0", "w": "SW1", "e": "SW2", "r": "SW3", "t": "SW4", " ": "TAP"}
LOUDER, SOFTER = ("+", "=", "\x1b[A", "\x1b[C"), ("-", "_", "\x1b[B", "\x1b[D")
HELP = "1-6 choose a pot, + - turn it, q w e r t press SW0 to SW4, blank taps, b bypass, x ends"
FALL = 0.8  # of a level that is shown, from block to block

Floats = NDArray[np.float32]


@dataclass
class Session:
    """One program that is played.

    `play` is called by the sound card, everything else by the screen; a lock keeps them apart while a program changes.

    :param machine: its program comes from `path`
    :param loop: words that go in, samples x 4, over and over; None: what the sound card brings
    :param clock: seconds
    :param rounding: of the source, see `assembling.assemble`
    """

    machine: Machine
    path: Path
    loop: NDArray[np.int32] | None = None
    clock: Callable[[], float] = time.perf_counter
    rounding: str = VENDOR
    pot: int = 0
    drop_outs: int = 0
    effort: float = 0.0  # the share of the time that the engine needs
    message: str = ""
    is_over: bool = False
    is_bypassed: bool = False
    levels_in: list[float] = field(default_factory=lambda: [0.0, 0.0])
    levels_out: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._at = 0
        self._stamp = self._stamp_now()

    def play(self, given: Floats, has_dropped: bool = False) -> Floats:
        """Takes a block of inputs, samples x 1 or 2, and returns the outputs, samples x 2.

        :param has_dropped: the sound card says that a block came too late
        """
        start = self.clock()
        words = self._next_of_loop(len(given)) if self.loop is not None else _from_card(given)
        try:
            with self._lock:
                heard = self.machine.run(words)[:, :2]
        except SandboxError as error:  # the run has ended at a trap, and every one after it will
            self.message = error.sentence
            heard = np.zeros((len(words), 2), dtype=np.int32)
        spent = self.clock() - start
        room = len(given) / self.machine.rate
        self.effort = 0.9 * self.effort + 0.1 * spent / room
        self.drop_outs += has_dropped or spent > room
        for levels, block in ((self.levels_in, words[:, :2]), (self.levels_out, heard)):
            peaks = np.abs(as_floats(block)).max(axis=0) if len(block) else np.zeros(2)
            levels[:] = [max(FALL * old, float(peak)) for old, peak in zip(levels, peaks, strict=True)]
        return as_floats(heard).astype(np.float32)

    def key(self, key: str) -> None:
        """Does what a key stands for; see HELP. Other keys do nothing."""
        if key in ("x", "X", "\x1b", "\x03"):
            self.is_over = True
        elif key in {"1", "2", "3", "4", "5", "6"}:
            self.pot = int(key) - 1
        elif key in LOUDER or key in SOFTER:
            step = POT_STEP if key in LOUDER else -POT_STEP
            self.machine.move(POT_NAMES[self.pot], min(1.0, max(0.0, self.machine.pots[self.pot] + step)))
        elif key.lower() in SWITCH_KEYS:
            with self._lock:
                self.machine.press(SWITCH_KEYS[key.lower()], round(PRESS_SECONDS * self.machine.rate))
        elif key in ("b", "B"):
            self.is_bypassed = not self.is_bypassed
            self.machine.move("ENABLE", 0 if self.is_bypassed else 1)

    def look(self) -> None:
        """Takes the program anew if its file has changed. One that makes no sense is told, and the old one plays on."""
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            program = load(self.path, self.rounding)
        except AssemblyError as error:
            first = error.messages[0]
            self.message = f"{self.path.name}, line {first.line}: {first.sentence}. The old one plays on."
            return
        except SandboxError as error:
            self.message = f"{error.sentence} The old one plays on."
            return
        with self._lock:
            self.machine.load(program)
        self.message = f"{self.path.name}: {len(program.words)} instructions, playing"

    def _next_of_loop(self, samples: int) -> NDArray[np.int32]:
        assert self.loop is not None
        places = (self._at + np.arange(samples)) % len(self.loop)
        self._at = int((self._at + samples) % len(self.loop))
        return self.loop[places]

    def _stamp_now(self) -> tuple[int, int]:
        try:
            status = self.path.stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_size


def _from_card(block: Floats) -> NDArray[np.int32]:
    """A mono input goes to the left and the right one."""
    return as_words(np.repeat(block, 2, axis=1) if block.shape[1] == 1 else block[:, :2])
