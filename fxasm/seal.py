# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The last step of assembling: the sums behind the sections."""

from binascii import crc32

from fxcore.program import PRG, REGISTERS, SUM_LENGTH, WORD_LENGTH


def seal(builder, instructions):
    """Generator: completes the builder's program, whose data is in its image already."""
    program = builder.program
    for section in REGISTERS:
        yield from _add(builder, section.offset, section.end - SUM_LENGTH)
    end = PRG.offset + instructions * WORD_LENGTH
    yield from _add(builder, PRG.offset, end)
    program.length = end + SUM_LENGTH
    program.crc = crc32(memoryview(program.image)[: program.length])
    program.instructions = instructions


def _add(builder, start, end):
    total = yield from builder.add_up(start, end)
    builder.program.image[end] = total & 0xFF
    builder.program.image[end + 1] = total >> 8
