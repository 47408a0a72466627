# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Single keys from the terminal while the screen is shown."""

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

CHARACTERS = 6  # their place among the attributes


@contextmanager
def single_keys() -> Iterator[None]:
    """Keys come one by one and are not shown; Ctrl-C stays Ctrl-C. Without a terminal to type at: nothing.

    Ctrl-Z is an ordinary key: a program that is stopped leaves the terminal as it is, and what started it goes on.
    """
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        single = termios.tcgetattr(sys.stdin)
        single[CHARACTERS][termios.VSUSP] = bytes([os.fpathconf(sys.stdin.fileno(), "PC_VDISABLE")])
        termios.tcsetattr(sys.stdin, termios.TCSANOW, single)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def typed() -> str:
    """What has been typed since the last look."""
    if not sys.stdin.isatty() or not select.select([sys.stdin], [], [], 0)[0]:
        return ""
    return os.read(sys.stdin.fileno(), 64).decode(errors="replace")
