# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The files that the emulator needs and the project does not hold: CircuitPython and the RP2040's boot ROM.

Named in the environment (BASE and BOOTROM, or CIRCUITPY_UF2 and RP2040_BOOTROM) or fetched into the cache of
`make uf2` by host_tests.emulator.prepare. What depends on the version of CircuitPython is tried with an older one too
(BASE_9); it is fetched only if BASE names nothing.
"""

import os
import re
import struct
from pathlib import Path

from host_tests.emulator.errors import Missing
from uf2.base import read_base
from uf2.blocks import ImageError
from uf2.firmware import CACHE
from uf2.release import FILE, URL, VERSION

FIRMWARE_VARIABLES = ("BASE", "CIRCUITPY_UF2")
OLDER_VARIABLES = ("BASE_9",)
BOOTROM_VARIABLES = ("BOOTROM", "RP2040_BOOTROM")
HELP = "make test-vm fetches it; BASE=path and BOOTROM=path name local files"

OLDER_VERSION = "9.2.7"
OLDER_SHA256 = "01a3cddb7ff52ab2801d3b0f7cee38f64b4856e62926aee6b32dadd7ee8a4419"
OLDER_URL = URL.replace(VERSION, OLDER_VERSION)
OLDER_FILE = CACHE / FILE.replace(VERSION, OLDER_VERSION)

BOOTROM_SIZE = 16384
BOOTROM_MAGIC = b"Mu\x01"  # at offset 16 of every RP2040 boot ROM, the revision's number follows
# Revision B1, by the maker's release.
BOOTROM_URL = "https://github.com/raspberrypi/pico-bootrom-rp2040/releases/download/b1/b1.elf"
BOOTROM_SHA256 = "90b31e108faedfa6bbcfcc33ba05dac61e645108cfbbdc385f8dafc71fde44ae"
BOOTROM_FILE = CACHE / "rp2040-bootrom-b1.bin"


def firmware() -> Path:
    """The CircuitPython UF2, checked; Missing says what is wrong in one sentence."""
    return _checked(_named(FIRMWARE_VARIABLES) or CACHE / FILE)


def older_firmware() -> Path | None:
    """The older one; None if only the other one is named."""
    if named(FIRMWARE_VARIABLES) and not named(OLDER_VARIABLES):
        return None
    return _checked(_named(OLDER_VARIABLES) or OLDER_FILE)


def _checked(path: Path) -> Path:
    if not path.is_file():
        raise Missing(f"{path}: there is no CircuitPython for the emulator ({HELP}).")
    try:
        read_base(path)
    except ImageError as error:
        raise Missing(str(error)) from error
    return path


def bootrom() -> Path:
    """The boot ROM's file, checked; Missing says what is wrong in one sentence."""
    path = _named(BOOTROM_VARIABLES) or BOOTROM_FILE
    if not path.is_file():
        raise Missing(f"{path}: there is no boot ROM for the emulator ({HELP}).")
    read_bootrom(path)
    return path


def named(variables: tuple[str, ...]) -> str | None:
    """What one of these variables of the environment says."""
    return next((os.environ[name] for name in variables if os.environ.get(name)), None)


def _named(variables: tuple[str, ...]) -> Path | None:
    found = named(variables)
    return Path(found).expanduser().resolve() if found else None


def read_bootrom(path: Path) -> bytes:
    return parse_bootrom(path.read_bytes(), str(path))


def parse_bootrom(data: bytes, name: str) -> bytes:
    """The 16 KiB: a raw binary, the release's ELF file, or a source file that lists the words."""
    if data.startswith(b"\x7fELF"):
        data = _first_segment(data)
    elif len(data) != BOOTROM_SIZE:
        data = _listed_words(data.decode("latin-1"))
    if len(data) != BOOTROM_SIZE or data[16:19] != BOOTROM_MAGIC:
        raise Missing(f"{name} is not the RP2040's boot ROM, which has {BOOTROM_SIZE} bytes.")
    return data


def _first_segment(elf: bytes) -> bytes:
    """What a 32-bit little-endian ELF file loads at address 0, filled up to the ROM's size."""
    table, size, count = (*struct.unpack_from("<I", elf, 28), *struct.unpack_from("<HH", elf, 42))
    rom = bytearray(BOOTROM_SIZE)
    for at in range(table, table + size * count, size):
        kind, offset, _, address, length = struct.unpack_from("<5I", elf, at)
        if kind == 1 and address + length <= BOOTROM_SIZE:
            rom[address : address + length] = elf[offset : offset + length]
    return bytes(rom)


def _listed_words(text: str) -> bytes:
    found = re.search(r"\[([\s\dxa-fA-F,]+)\]", text)
    words = [int(word, 0) for word in found[1].split(",") if word.strip()] if found else []
    return struct.pack(f"<{len(words)}I", *words)
