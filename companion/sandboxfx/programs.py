# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Programs, from whatever they are kept in."""

from pathlib import Path

from fxasm import disassembler
from fxcore.errors import Fault
from fxcore.program import Program
from sandboxfx.assembling import VENDOR, AssemblyError, assemble
from sandboxfx.errors import SandboxError
from sandboxfx.files import read_file
from sandboxfx.hexfiles import looks_like_hex, read_hex, write_hex


def load(path: Path, rounding: str = VENDOR) -> Program:
    """Returns the program in a HEX file, or in a source, which is assembled.

    :raises SandboxError: with the line and the cause
    """
    content = read_file(path)
    if is_hex(path, content):
        return parse_hex(path, content)
    return assemble(content, rounding, str(path)).program


def is_hex(path: Path, content: bytes) -> bool:
    """True if a file is a HEX file by its name or by how it begins, as no source does."""
    return path.suffix.lower() == ".hex" or looks_like_hex(content)


def disassemble(program: Program | str | bytes, title: str = "") -> str:
    """Returns source that assembles to this program, whatever the rounding.

    :param program: a checked program, or the content of a HEX file
    :param title: what the first line says of it
    :raises SandboxError: for a program that no source can give
    :raises fxcore.errors.Fault: for a HEX file that is broken
    """
    if not isinstance(program, Program):
        program = read_hex(program.encode() if isinstance(program, str) else program)
    subject = title or "the program"
    try:
        source = disassembler.disassemble(program, title)
        again = assemble(source)
    except Fault as fault:
        raise SandboxError(fault.code, f"{subject}: {fault.detail}.", NO_SOURCE_CURE) from fault
    except AssemblyError as error:
        first = error.messages[0]
        text = error.lines[first.line - 1].partition(";")[0].strip()
        raise SandboxError("no-source", f"{subject}: {text}: {first.sentence}.", NO_SOURCE_CURE) from error
    if again.hex != write_hex(program):
        sentence = f"{subject}: a register's preset has bits that no source can set."
        raise SandboxError("no-source", sentence, NO_SOURCE_CURE)
    return source


NO_SOURCE_CURE = "It can still be run, burnt and compared."


def parse_hex(path: Path, content: bytes) -> Program:
    """Returns the program in the content of a HEX file; the path names it in sentences.

    :raises SandboxError: with the line and the cause
    """
    try:
        return read_hex(content)
    except Fault as fault:
        line = f", line {fault.line}" if fault.line else ""
        raise SandboxError(fault.code, f"{path}{line}: {fault.detail}.", HEX_CURE) from fault


HEX_CURE = "Assemble its source again, or copy the file again."
