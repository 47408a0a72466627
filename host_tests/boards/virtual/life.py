# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What becomes of the device's program: what is about to end it, and what has."""

import threading

from host_tests.boards.virtual.signals import HardReset, PowerLost


class Life:
    """From power-on to power-off.

    `pending` is the exception to raise at the device's next chance; hard ones at any hardware access, soft ones only
    where the interpreter looks (not inside a transfer). `exception` ended code.py last, `finished` tells that it ended.
    `over`: the power is gone, whether or not the thread has noticed that it may end.
    """

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self.begin()

    def begin(self) -> None:
        """The power comes on."""
        self.pending: BaseException | None = None
        self.dead: BaseException | None = None
        self.over = False
        self.failure: BaseException | None = None  # to be raised on the host's side
        self.exception: BaseException | None = None
        self.boot_exception: BaseException | None = None
        self.boot_out = ""
        self.finished = False
        self.in_boot = False
        self.next_file: str | None = None
        self.run_reason = "STARTUP"
        self.last_words: str | None = None  # the traceback of the program before this one

    def check(self, soft: bool = True) -> None:
        """Raises what is due."""
        if self.dead is not None:
            raise self.dead
        if isinstance(self.pending, (PowerLost, HardReset)):
            self.dead = self.pending
            raise self.dead
        if soft and self.pending is not None:
            error, self.pending = self.pending, None
            raise error

    def fail(self, error: BaseException) -> None:
        """Ends the device; the host's call raises the error."""
        self.failure, self.dead = error, PowerLost()
        raise self.dead
