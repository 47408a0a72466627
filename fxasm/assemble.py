# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A whole source at once, for a PC."""

from fxasm.assembler import Assembler
from fxcore.program import ProgramBuilder

ROUNDINGS = ("vendor", "nearest")


class Result:
    """`program`: the Program, or None where there are `errors` (SourceFaults, in the order of their places).

    `names`: the Names of the source; `count`: its instructions.
    """

    def __init__(self, program, errors, assembler):
        self.program = program
        self.errors = errors
        self.names = assembler.names
        self.count = assembler.count


def assemble(source, rounding="vendor", observer=None):
    """Returns the Result of a source; a program without instructions is one too.

    :param source: str or bytes
    :param str rounding: one of ROUNDINGS
    :param observer: see observer.py
    """
    data = source if isinstance(source, bytes) else source.encode()
    builder = ProgramBuilder()
    assembler = Assembler(builder, rounding == "nearest", most=len(data) + 1, observer=observer)
    for _ in range(2):
        for _ in assembler.feed(data, len(data)):
            pass
        for _ in assembler.end_pass():
            pass
    return Result(None if assembler.errors else builder.program, assembler.errors, assembler)
