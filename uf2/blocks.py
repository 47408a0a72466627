# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Reads UF2 files, and knows what the boot ROM of the RP2040 makes of them."""

import struct
from typing import NamedTuple

from uf2.files import StageError
from uf2.flash import END, FAMILY_RP2040, PAGE, SECTOR, XIP_BASE

BLOCK = 512
# Eight words: two magic numbers, flags, address, payload size, number, count, family.
HEADER = struct.Struct("<8I")
MAGIC = (0x0A324655, 0x9E5D5157)
MAGIC_END = struct.pack("<I", 0x0AB16F30)
FAMILY_IS_GIVEN = 0x2000
# Between a page and the end of its block.
UNUSED = bytes(BLOCK - HEADER.size - PAGE - len(MAGIC_END))


class ImageError(StageError):
    """One sentence for the user: what is wrong with a UF2 file, or why none was written."""


class Block(NamedTuple):
    """One page of flash: its offset from the chip's start, and its bytes."""

    offset: int
    payload: bytes


def read_blocks(data: bytes, name: str) -> list[Block]:
    """The blocks of a whole UF2 file for the RP2040, in its order. ImageError tells what is wrong with `name`."""
    if data.lstrip()[:1] == b"<":
        raise ImageError(f"{name} is a web page, not a UF2 file.")
    if len(data) < BLOCK or HEADER.unpack_from(data)[:2] != MAGIC:
        raise ImageError(f"{name} is not a UF2 file.")
    count = HEADER.unpack_from(data)[6]
    if len(data) != count * BLOCK:
        raise ImageError(f"{name} is {len(data)} bytes long, not {count * BLOCK} as its first block says.")
    blocks = [_read_block(data[i * BLOCK : (i + 1) * BLOCK], i, count, name) for i in range(count)]
    if len({block.offset for block in blocks}) != count:
        raise ImageError(f"{name} writes a page of flash twice.")
    return blocks


def _read_block(data: bytes, index: int, count: int, name: str) -> Block:
    magic0, magic1, flags, address, size, number, total, family = HEADER.unpack_from(data)
    offset = address - XIP_BASE
    if (magic0, magic1) != MAGIC or data[HEADER.size + PAGE :] != UNUSED + MAGIC_END:
        cause = "is damaged"
    elif flags != FAMILY_IS_GIVEN or family != FAMILY_RP2040:
        cause = f"is for a chip of family 0x{family:08X}, not the RP2040 (0x{FAMILY_RP2040:08X})"
    elif (number, total) != (index, count):
        cause = f"calls itself {number} of {total}"
    elif size != PAGE or offset % PAGE or not 0 <= offset < END:
        cause = f"is no page of flash: {size} bytes for 0x{address:08X}"
    else:
        return Block(offset, data[HEADER.size : HEADER.size + PAGE])
    raise ImageError(f"{name}: block {index} of {count} {cause}.")


def check_sectors(blocks: list[Block], name: str) -> None:
    """Raise ImageError unless each 16 blocks fill one sector: the boot ROM erases by block number (errata RP2040-E14).

    It erases one sector per group of 16 numbers, that of the group's first block to arrive: what else the group
    writes lands on flash that was not erased, or is erased by the next group.
    """
    for index, block in enumerate(blocks):
        first = blocks[index - index % (SECTOR // PAGE)]
        if block.offset != first.offset + index % (SECTOR // PAGE) * PAGE or first.offset % SECTOR:
            raise ImageError(f"{name}: block {index} of {len(blocks)} is not where its sector of 16 has it.")
    if len(blocks) % (SECTOR // PAGE):
        raise ImageError(f"{name}: the last sector is not whole.")


def join(blocks: list[Block]) -> bytes:
    """What these blocks write, one after the other."""
    return b"".join(block.payload for block in blocks)
