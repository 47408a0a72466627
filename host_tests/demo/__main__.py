# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`python -m host_tests.demo [FOLDER] [--text] [--vm]`; `make demo` is this, with DIR for the folder."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path

from host_tests.boards.emulator.errors import BoardError as EmulatorError
from host_tests.boards.virtual.board import REPOSITORY, VirtualBoard
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.signals import BoardError
from host_tests.demo import text
from host_tests.demo.ear import Ear
from host_tests.demo.folder import prepare, program_files
from host_tests.demo.hand import FolderHand, UsbHand

FAILED, REFUSED = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit code: 0, 1 when a step or the board failed, 2 when nothing was begun."""
    parser = argparse.ArgumentParser(prog="python -m host_tests.demo", description="The device on a virtual board.")
    parser.add_argument("folder", nargs="?", type=Path, help="is the drive, and is kept (default: a temporary one)")
    parser.add_argument("--text", action="store_true", help="play the script as text, as without a terminal")
    parser.add_argument("--sound", action="store_true", help="play over the sound card what the chip plays")
    parser.add_argument("--vm", action="store_true", help="on the real CircuitPython, in an emulator")
    options = parser.parse_args(arguments)
    live = not options.text and on_a_terminal()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # for a terminal that has no box characters
    try:
        with drive(options.folder) as folder:
            refused = refusal(folder, live)
            if refused:
                print(f"{folder} {refused}", file=sys.stderr)
                return REFUSED
            code = (play_on_real if options.vm else play)(folder, live, options.sound)
        if live:
            print(f"The board is off. Its drive {fate(folder, options.folder is not None)}")
        return code
    except (BoardError, EmulatorError, OSError) as error:
        print(f"the demo failed: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    return FAILED


def refusal(folder: Path, live: bool) -> str:
    """Why this folder cannot be the drive, or ""."""
    if folder == REPOSITORY:
        return "is the source tree, not a drive"
    programs = program_files(folder)
    return f"holds {programs[0]}: the script needs a drive without programs" if programs and not live else ""


def fate(folder: Path, kept: bool) -> str:
    """What becomes of the folder, as the end of a sentence."""
    return f"stays: {folder}" if kept else f"was temporary and is deleted: {folder} (make demo DIR=path keeps yours)"


def on_a_terminal() -> bool:
    """Is somebody there to watch? CI services say so in the environment, some of them on a terminal."""
    dumb = os.environ.get("TERM", "dumb") == "dumb" or bool(os.environ.get("CI"))
    return sys.stdout.isatty() and not dumb and find_spec("termios") is not None


@contextmanager
def drive(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="CIRCUITPY-") as temporary:
        yield Path(temporary)


def play(folder: Path, live: bool, is_loud: bool = False) -> int:
    prepare(folder)
    chip = VirtualFXCore(pause_percent=100)
    with VirtualBoard(folder, chip=chip, clock="real" if live else "virtual") as board:
        if not live:
            return 0 if text.play(board, chip, UsbHand(board), Ear(chip, folder, is_loud)) else FAILED
        from host_tests.demo import live as screen  # needs a terminal's modules

        screen.play(board, chip, folder, screen.VIRTUAL, Ear(chip, folder, is_loud))
    return 0


def play_on_real(folder: Path, live: bool, is_loud: bool = False) -> int:
    from host_tests.demo.real import RealBoard

    prepare(folder)
    chip = VirtualFXCore(pause_percent=100)
    with RealBoard(folder, chip, paced=live) as board:
        if not live:
            return 0 if text.play(board, chip, FolderHand(folder), Ear(chip, folder, is_loud)) else FAILED
        from host_tests.demo import live as screen

        screen.play(board, chip, folder, board.name, Ear(chip, folder, is_loud))
    return 0


if __name__ == "__main__":
    sys.exit(main())
