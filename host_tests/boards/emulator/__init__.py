# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The real CircuitPython on an emulated board; see README.md."""

from host_tests.boards.emulator.board import Board as Board
from host_tests.boards.emulator.errors import BoardError as BoardError
from host_tests.boards.emulator.errors import BoardTimeout as BoardTimeout
from host_tests.boards.emulator.errors import Missing as Missing
from host_tests.boards.emulator.errors import UsbStall as UsbStall
from host_tests.boards.emulator.i2c import Transaction as Transaction
