# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The modules that device code can import: stand-ins made anew for each run of boot.py or code.py."""

import types
from collections.abc import Callable
from typing import Any

from host_tests.boards.virtual.interpreter import Interpreter
from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.modules import chip, firmware, gpio, i2c, light, python, usb

COMPILE_MS_PER_BYTE = 0.021  # during which no USB request is served


def interpreter(machine: Machine, print_text: Callable[[str], None]) -> Interpreter:
    def compiling(size: int) -> None:
        with machine.time.uninterrupted():
            machine.time.spend(size * COMPILE_MS_PER_BYTE, soft=False)

    table: dict[str, Any] = {}
    made = Interpreter(machine.roots, python.functions(machine, print_text), compiling)
    for part in (python, chip, firmware, gpio, i2c, light, usb):
        for name, content in part.make(machine).items():
            table[name] = module = types.ModuleType(name)
            module.__dict__.update(content)
    table["sys"].modules = made.modules
    made.modules.update(table)
    return made
