# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The modules that device code can import: stand-ins made anew for each run of boot.py or code.py."""

import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from host_tests.boards.virtual.interpreter import Interpreter
from host_tests.boards.virtual.modules import chip, firmware, gpio, i2c, light, python, usb

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

COMPILE_MS_PER_BYTE = 0.021  # during which no USB request is served


def interpreter(board: "VirtualBoard", print_text: Callable[[str], None]) -> Interpreter:
    def compiling(size: int) -> None:
        with board.uninterrupted():
            board.spend(size * COMPILE_MS_PER_BYTE, soft=False)

    table: dict[str, Any] = {}
    made = Interpreter(board.roots, python.functions(board, print_text), compiling)
    for part in (python, chip, firmware, gpio, i2c, light, usb):
        for name, content in part.make(board).items():
            table[name] = module = types.ModuleType(name)
            module.__dict__.update(content)
    table["sys"].modules = made.modules
    made.modules.update(table)
    return made
