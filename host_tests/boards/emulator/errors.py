# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What can go wrong with the emulated board."""


class BoardError(Exception):
    """The emulated board, or the request made of it, failed."""


class BoardTimeout(BoardError):
    """Something awaited did not happen in the emulated time allowed."""


class UsbStall(BoardError):
    """The device answered STALL."""


class Missing(BoardError):
    """One sentence: what the emulator needs and does not find, and how to get it."""
