# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The script played in front of somebody who watches, and what is shown once it is their turn."""

from contextlib import suppress
from pathlib import Path
from shlex import quote

from rich.text import Text

from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.demo.board import ShownBoard
from host_tests.demo.evidence import Evidence
from host_tests.demo.hand import Hand, perform
from host_tests.demo.script import Step

KEYS = "p: pedal's power  r: RESET button  q: quit"
Guide = tuple[str, list[Text]]  # a heading and what stands below it

COMMANDS = (
    ("cp examples/tremolo.fxc output.fxc", "is assembled and runs at once"),
    ("cp examples/cloud.hex 3.hex", "is burnt into flash slot 3"),
    ("head -c 900 examples/swap.hex > output.hex", "half a file: the old one plays"),
    ("rm output.*", "stops"),
)


class Tour:
    """One step after the other as device time passes; `over` when there are none left, or nobody wants more."""

    def __init__(self, board: ShownBoard, chip: VirtualFXCore, hand: Hand, steps: tuple[Step, ...]) -> None:
        self._board, self._chip, self._hand = board, chip, hand
        self._steps = steps
        self._results: list[bool] = []
        self._begin()

    @property
    def over(self) -> bool:
        return len(self._results) >= len(self._steps)

    @property
    def right(self) -> bool:
        return all(self._results)

    def skip(self) -> None:
        self._steps = ()

    def poll(self) -> None:
        """Ends a step whose time is over and begins the next one."""
        if not self.over and self._evidence.complete:
            self._results.append(all(finding.right for finding in self._evidence.findings()))
            self._begin()

    def _begin(self) -> None:
        if self.over:
            return
        step = self._steps[len(self._results)]
        self._evidence = Evidence(step, self._board, self._chip)
        if step.command:
            with suppress(OSError):  # the user took the example away: the step comes out wrong, no more
                perform(step.command, self._hand)

    def guide(self) -> Guide:
        """The step under way, until the tour is over."""
        step = self._steps[len(self._results)]
        command = Text(" $ ").append(step.command or "(plug in the USB cable)", style="bold")
        title = f"Watch {len(self._results) + 1}/{len(self._steps)}  Enter: your turn  {KEYS}"
        return title, [command, Text(f" {step.story}"), self._progress()]

    def _progress(self) -> Text:
        line = Text()
        for n, step in enumerate(self._steps):
            if n < len(self._results):
                mark, style = ("+", "green") if self._results[n] else ("!", "bold red")
            else:
                mark, style = (">", "bold") if n == len(self._results) else (" ", "dim")
            line.append(f" {mark}{step.title}", style=style)
        return line


def invitation(folder: Path) -> Guide:
    """The folder and commands ready to paste."""
    lines = [Text(f" cd {shown_path(folder)}", style="bold")]
    for command, effect in COMMANDS:
        lines.append(Text(f" {command:<44}", style="bold").append(f" {effect}", style="not bold dim"))
    return f"In another terminal  {KEYS}", lines


def shown_path(folder: Path) -> str:
    """As shells take it, with ~ for the home folder."""
    home = Path.home()
    if folder != home and folder.is_relative_to(home):
        return f"~/{quote(str(folder.relative_to(home)))}"
    return quote(str(folder))
