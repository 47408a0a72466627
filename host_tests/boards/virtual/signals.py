# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What can go wrong on the host's side, and what can end a program on the device."""


class BoardError(Exception):
    """The virtual board, or the request made of it, failed."""


class BoardTimeout(BoardError):
    """Something awaited did not happen in the device time allowed."""


class UsbStall(BoardError):
    """The device answered STALL."""


class DeviceHang(BoardError):
    """The device would never come back: it spins without using the board, or waits for a host that does not read."""


class PowerLost(BaseException):
    """The supply is gone. Nothing the program still does (finally clauses included) has any effect."""


class HardReset(BaseException):
    """The chip restarts: microcontroller.reset(), watchdog, RESET button. As abrupt as a power cut."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ReloadException(BaseException):
    """The firmware's own exception of this name: ends the program, finally clauses run, code.py starts again.

    str() is the name of the RunReason that follows.
    """
