# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What has come of a step, in the words of the script: the chip, what it was sent, a slot, the console, the light."""

from itertools import groupby
from typing import NamedTuple

from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.demo.board import ShownBoard
from host_tests.demo.light import phases
from host_tests.demo.programs import described
from host_tests.demo.script import Step

BLOCKS = ("CREG", "MREG", "SFR", "PRG")  # their transfers are announced by XFER_CREG and so on


class Finding(NamedTuple):
    aspect: str
    expected: str
    seen: str
    right: bool


class Evidence:
    """Everything since it was made, for one step."""

    def __init__(self, step: Step, board: ShownBoard, chip: VirtualFXCore) -> None:
        self._step, self._board, self._chip = step, board, chip
        self._since = board.now_ms
        self._console_from = len(board.console)
        self._history_from, self._complaints_from = len(chip.history), len(chip.complaints)

    @property
    def complete(self) -> bool:
        """The step's time is over."""
        ready = self._step.ready and self._step.ready in self._console
        return bool(ready) or self._board.now_ms >= self._since + self._step.seconds * 1000

    def findings(self) -> list[Finding]:
        return [self._finding(aspect, expected) for aspect, expected in self._step.expected.items()]

    @property
    def _console(self) -> str:
        return self._board.console[self._console_from :]

    def _finding(self, aspect: str, expected: str) -> Finding:
        if aspect == "light":
            seen = phases(self._board.pixel.log, self._since, self._board.now_ms)
            return Finding(aspect, expected, "; ".join(seen), _in_order(expected.split("; "), seen))
        if aspect == "console":
            seen_lines = " | ".join(line for line in self._console.split("\n") if line)
            unasked = "error" in seen_lines and "error" not in expected
            return Finding(aspect, expected, seen_lines, expected in seen_lines and not unasked)
        text = {"chip": self._mode, "sent": self._sent}.get(aspect, lambda: self._slot(int(aspect[-1], 16)))()
        return Finding(aspect, expected, text, text == expected)

    def _mode(self) -> str:
        running = self._chip.running
        text = f"{self._chip.mode}, {described(running)}" if running else self._chip.mode
        complaints = self._chip.complaints[self._complaints_from :]
        return f"{text} (the chip complains: {'; '.join(complaints)})" if complaints else text

    def _sent(self) -> str:
        """The commands that the chip has understood; "program": the blocks of one, with what announces them."""
        names = [self._named(event.step, event.data) for event in self._chip.history[self._history_from :]]
        return ", ".join(name for name, _ in groupby(names)) or "nothing"

    @staticmethod
    def _named(step: str, data: bytes) -> str:
        if step.removeprefix("XFER_") in BLOCKS:
            return "program"
        return f"{step} {data[1]:X}" if step == "WRITE_PRG" else step

    def _slot(self, slot: int) -> str:
        writes = self._chip.writes[slot]
        times = {0: "never burnt", 1: "burnt once"}.get(writes, f"burnt {writes} times")
        return f"{described(self._chip.slots[slot])}, {times}"


def _in_order(wanted: list[str], seen: list[str]) -> bool:
    """Are all of them there, in this order? Others may lie between."""
    rest = iter(seen)
    return all(phase in rest for phase in wanted)
