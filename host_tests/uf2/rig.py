# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""For tests of UF2 files: a base that is none, and what the RP2040's boot ROM does with a file."""

import random
import struct

from uf2.release import BOARD, VERSION

RP2040, RP2350 = 0xE48BFF56, 0xE48BFF59
FLASH_SIZE = 2 << 20
XIP = 0x10000000
# One whose release nobody knows the sum of.
OTHER_VERSION = VERSION + "-test"


def uf2(pages: dict[int, bytes], family: int = RP2040) -> bytes:
    """A UF2 file that writes these pages, flash offset -> 256 bytes."""
    file = b""
    for number, (offset, payload) in enumerate(pages.items()):
        head = (0x0A324655, 0x9E5D5157, 0x2000, XIP + offset, 256, number, len(pages), family)
        file += struct.pack("<8I", *head) + payload.ljust(476, b"\0") + struct.pack("<I", 0x0AB16F30)
    return file


def pages_of(file: bytes) -> dict[int, bytes]:
    """What a UF2 file writes: flash offset -> 256 bytes."""
    blocks = [file[i : i + 512] for i in range(0, len(file), 512)]
    return {struct.unpack_from("<I", block, 12)[0] - XIP: block[32:288] for block in blocks}


def base_file(
    board: str = BOARD,
    version: str = OTHER_VERSION,
    pages: int = 37,
    family: int = RP2040,
    seed: int = 1,
    machine: str = "",
) -> bytes:
    """A UF2 file that looks like CircuitPython from outside and is noise inside; its last sector is not full."""
    banner = f"\0{board}\0\0Adafruit CircuitPython {version} on 2026-01-02; {machine or board} with rp2040\0"
    noise = bytearray(random.Random(seed).randbytes(pages * 256))
    noise[700 : 700 + len(banner)] = banner.encode()
    return uf2({i * 256: bytes(noise[i * 256 : i * 256 + 256]) for i in range(pages)}, family)


def copy_onto_rpi_rp2(file: bytes, flash: bytearray) -> bool:
    """Does to the flash what the boot ROM does; returns whether it starts the program afterwards.

    As in pico-bootrom's virtual_disk.c: a sector is erased with the first block of each 16 numbers, whatever the
    addresses of the others; flash that is not erased can only lose bits.
    """
    done: set[int] = set()
    erased: set[int] = set()
    total = 0
    for at in range(0, len(file), 512):
        _, _, _, address, _, number, total, family = struct.unpack_from("<8I", file, at)
        if family != RP2040 or number in done:
            continue
        offset = address - XIP
        if number // 16 not in erased:
            erased.add(number // 16)
            sector = offset & ~4095
            flash[sector : sector + 4096] = b"\xff" * 4096
        old = int.from_bytes(flash[offset : offset + 256])
        flash[offset : offset + 256] = (old & int.from_bytes(file[at + 32 : at + 288])).to_bytes(256)
        done.add(number)
    return bool(done) and len(done) == total
