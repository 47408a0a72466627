# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Programs, from whatever they are kept in."""

from pathlib import Path

from fxasm import disassembler
from fxcore.errors import Fault
from fxcore.program import Program
from sandboxfx.errors import SandboxError
from sandboxfx.files import read_file
from sandboxfx.hexfiles import read_hex


def load(path: Path) -> Program:
    """Returns the program in a HEX file.

    :raises SandboxError: with the line and the cause
    """
    return _load_hex(path, read_file(path))


def disassemble(program: Program, title: str = "") -> str:
    """Returns source that assembles to this program.

    :param title: what the first line says of it
    :raises SandboxError: for a program that no source can give
    """
    try:
        return disassembler.disassemble(program, title)
    except Fault as fault:
        raise SandboxError(fault.code, f"{title or 'the program'}: {fault.detail}.", NO_SOURCE_CURE) from fault


NO_SOURCE_CURE = "It can still be run, burnt and compared."


def _load_hex(path: Path, content: bytes) -> Program:
    try:
        return read_hex(content)
    except Fault as fault:
        line = f", line {fault.line}" if fault.line else ""
        raise SandboxError(fault.code, f"{path}{line}: {fault.detail}.", HEX_CURE) from fault


HEX_CURE = "Assemble its source again, or copy the file again."
