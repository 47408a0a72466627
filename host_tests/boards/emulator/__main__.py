# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Runs a project folder on the emulated board and prints what it does.

`python -m host_tests.boards.emulator FOLDER`
"""

import argparse
import sys
from typing import Any

from host_tests.boards.emulator.board import Board
from host_tests.boards.emulator.errors import BoardError
from host_tests.boards.terminal import plain
from uf2.files import StageError


class Printer:
    """Prints console lines, I2C transfers, changes of the light, USB and resets, with emulated times."""

    def __init__(self, with_flash: bool) -> None:
        self._kinds = ("usb", "reset", "flash") if with_flash else ("usb", "reset")
        self._line = ""
        self._colour: str | None = None

    def __call__(self, kind: str, t_ms: float, fields: list[Any]) -> None:
        if kind == "console":
            *lines, self._line = plain(self._line + fields[0]).split("\n")
            for line in lines:
                self._say(t_ms, line)
        elif kind == "i2c":
            self._say(t_ms, f"i2c {fields[0]}")
        elif kind == "pixel" and fields[0] != self._colour:
            self._colour = fields[0]
            self._say(t_ms, f"pixel {fields[0]} (wire order)")
        elif kind in self._kinds:
            self._say(t_ms, f"{kind} {' '.join(map(str, fields))}")

    @staticmethod
    def _say(t_ms: float, text: str) -> None:
        print(f"[{t_ms:10.3f}] {text}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m host_tests.boards.emulator", description=__doc__)
    parser.add_argument("folder", help="what is on the drive")
    parser.add_argument("--ms", type=float, default=10000, help="emulated milliseconds to run (default 10000)")
    parser.add_argument("--flash", action="store_true", help="print what is erased and programmed in flash, too")
    parser.add_argument(
        "--no-xip", action="store_true", help="without the flash cache's misses: faster, times too good"
    )
    options = parser.parse_args(arguments)
    try:
        with Board(options.folder, xip_model=not options.no_xip, on_event=Printer(options.flash)) as board:
            board.run(options.ms)
            done = board.stats()
    except (BoardError, StageError) as error:
        print(f"emulator: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    speed = f"{done['emulated'] / done['wall']:.2f} times real time, {done['instructions'] / 1e6:.0f} M instructions"
    print(f"{done['emulated']:.2f} s emulated in {done['wall']:.2f} s ({speed})", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
