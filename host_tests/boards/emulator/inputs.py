# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The files that the emulator needs and the project does not hold: CircuitPython and the RP2040's boot ROM.

Named in the environment (BASE and BOOTROM, or CIRCUITPY_UF2 and RP2040_BOOTROM) or fetched into the cache of
`make uf2` by host_tests.boards.emulator.prepare. What depends on the version of CircuitPython is tried with an older
one too (BASE_9); it is fetched only if BASE names nothing.
"""

import hashlib
import os
import re
import struct
from pathlib import Path

from host_tests.boards.emulator.errors import Missing
from uf2.base import Base, read_base
from uf2.blocks import ImageError
from uf2.firmware import CACHE
from uf2.release import FILE, URL, VERSION

FIRMWARE_VARIABLES = ("BASE", "CIRCUITPY_UF2")
OLDER_VARIABLES = ("BASE_9",)
BOOTROM_VARIABLES = ("BOOTROM", "RP2040_BOOTROM")

# The newest 9.x whose sum could be verified when it was pinned.
OLDER_VERSION = "9.2.7"
OLDER_SHA256 = "01a3cddb7ff52ab2801d3b0f7cee38f64b4856e62926aee6b32dadd7ee8a4419"
OLDER_URL = URL.replace(VERSION, OLDER_VERSION)
OLDER_FILE = CACHE / FILE.replace(VERSION, OLDER_VERSION)

BOOTROM_SIZE = 16384
BOOTROM_MAGIC = b"Mu\x01"  # at offset 16 of every RP2040 boot ROM, the revision's number follows
B0, B1, B2 = 1, 2, 3
# Revision B1, by the maker's release.
BOOTROM_URL = "https://github.com/raspberrypi/pico-bootrom-rp2040/releases/download/b1/b1.elf"
BOOTROM_SHA256 = "90b31e108faedfa6bbcfcc33ba05dac61e645108cfbbdc385f8dafc71fde44ae"
BOOTROM_FILE = CACHE / "rp2040-bootrom-b1.bin"


def firmware() -> Path:
    """The CircuitPython UF2, checked; Missing says what is wrong in one sentence."""
    return _firmware()[0]


def _firmware() -> tuple[Path, Base]:
    return _checked(_named(FIRMWARE_VARIABLES) or CACHE / FILE, FIRMWARE_VARIABLES)


def older_firmware() -> Path | None:
    """The older one, which proves nothing unless it is another one; None if only the other one is named."""
    if named(FIRMWARE_VARIABLES) and not named(OLDER_VARIABLES):
        return None
    path, older = _checked(_named(OLDER_VARIABLES) or OLDER_FILE, OLDER_VARIABLES)
    if older.version == _firmware()[1].version:
        raise Missing(
            f"{path} is CircuitPython {older.version}, which is tried anyway: BASE_9=path must name another version."
        )
    return path


def _checked(path: Path, variables: tuple[str, ...]) -> tuple[Path, Base]:
    if not path.is_file():
        raise Missing(f"{path}: there is no CircuitPython for the emulator ({_help(variables)}).")
    try:
        return path, read_base(path)
    except ImageError as error:
        raise Missing(f"{str(error).rstrip('.')} ({_help(variables)}).") from error


def bootrom() -> Path:
    """The boot ROM's file, checked; Missing says what is wrong in one sentence."""
    path = _named(BOOTROM_VARIABLES) or BOOTROM_FILE
    if not path.is_file():
        raise Missing(f"{path}: there is no boot ROM for the emulator ({_help(BOOTROM_VARIABLES)}).")
    read_bootrom(path)
    return path


def named(variables: tuple[str, ...]) -> str | None:
    """What one of these variables of the environment says."""
    return next((os.environ[name] for name in variables if os.environ.get(name)), None)


def _named(variables: tuple[str, ...]) -> Path | None:
    found = named(variables)
    return Path(found).expanduser().resolve() if found else None


def _help(variables: tuple[str, ...]) -> str:
    return f"make test-vm fetches it unless {variables[0]}=path names a local file"


def read_bootrom(path: Path) -> bytes:
    """The 16 KiB in a file of any form; Missing says what it is instead.

    Revision B1 has to be the one that was released, by its sum. Of B0 and B2 no sum is known here: so that none that is
    genuine is refused, length and magic number have to do.
    """
    try:
        rom = rom_in(path.read_bytes())
    except OSError as error:
        raise Missing(f"{path}: {error.strerror} ({_help(BOOTROM_VARIABLES)}).") from error
    if len(rom) != BOOTROM_SIZE or rom[16:19] != BOOTROM_MAGIC or rom[19] not in (B0, B1, B2):
        kind = f"the RP2040's boot ROM, which has {BOOTROM_SIZE} bytes"
    elif rom[19] == B1 and hashlib.sha256(rom).hexdigest() != BOOTROM_SHA256:
        kind = "the boot ROM of revision B1 as it was released"
    else:
        return rom
    raise Missing(f"{path} is not {kind} ({_help(BOOTROM_VARIABLES)}).")


def rom_in(data: bytes) -> bytes:
    """What a file holds: a raw binary, the release's ELF file, or a source file that lists the words. Nothing if it is
    neither, or has been cut off."""
    try:
        if data.startswith(b"\x7fELF"):
            return _first_segment(data)
        return data if len(data) == BOOTROM_SIZE else _listed_words(data.decode("latin-1"))
    except (ValueError, struct.error):
        return b""


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
