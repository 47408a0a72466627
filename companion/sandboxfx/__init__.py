# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The PC's half of FXCore Sandbox.

from sandboxfx import assemble, disassemble, find

program = assemble(Path("echo.fxc").read_bytes()).program
with find() as board:
    board.run(program)
"""

from importlib.metadata import version

from sandboxfx.assembling import Assembly, AssemblyError, Message, assemble, assemble_file
from sandboxfx.board import AsyncBoard
from sandboxfx.errors import SandboxError
from sandboxfx.programs import disassemble, load
from sandboxfx.sync import Board, find

__all__ = [
    "Assembly",
    "AssemblyError",
    "AsyncBoard",
    "Board",
    "Message",
    "SandboxError",
    "assemble",
    "assemble_file",
    "disassemble",
    "find",
    "load",
]
__version__ = version("sandboxfx")
