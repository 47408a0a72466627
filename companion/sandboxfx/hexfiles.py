# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""HEX files: the board's own reader, and a writer whose files are those of the vendor's assembler, byte for byte."""

import re

from fxcore.hexfile import DATA, END_OF_FILE, HexReader
from fxcore.program import SECTIONS, Program, ProgramBuilder

RECORD = 64  # data bytes in a record


def read_hex(content: bytes) -> Program:
    """Returns the checked program in the bytes of a HEX file.

    :raises fxcore.errors.Fault: with the line, for whatever the board would refuse as well
    """
    builder = ProgramBuilder()
    builder.start()
    reader = HexReader(builder.put)
    reader.feed(bytearray(content), len(content))
    reader.close()
    for _ in builder.finish():
        pass
    return builder.program


def looks_like_hex(content: bytes) -> bool:
    """True if a file begins with a record, as no source does."""
    return re.match(rb"\s*:[0-9A-Fa-f]{10}", content) is not None


def write_hex(program: Program) -> str:
    """Returns the text of a program's HEX file: all four sections with their sums, 64-byte records, upper case, LF."""
    lines = []
    for section in SECTIONS:
        block = bytes(program.block(section))
        for start in range(0, len(block), RECORD):
            lines.append(_record(DATA, section.base + start, block[start : start + RECORD]))
    lines.append(_record(END_OF_FILE, 0, b""))
    return "".join(lines)


def _record(kind: int, address: int, data: bytes) -> str:
    body = bytes((len(data), address >> 8, address & 0xFF, kind)) + data
    return f":{body.hex()}{-sum(body) & 0xFF:02x}\n".upper()
