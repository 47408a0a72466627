# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""FXCore HEX files of any shape for the tests.

The committed programs are the .fxc and .hex files beside this one, see committed.py. `blocks()` reads a HEX file with
the intelhex library and gives what must arrive at the chip.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from intelhex import IntelHex

from host_tests.boards.programs.program import BASES, MAX_INSTRUCTIONS, SFR_LAYOUT, Program, block_sum, word
from host_tests.boards.virtual.fxcore.parts import Image

FOLDER = Path(__file__).parent
NAMES = ("swap", "sway", "cloud")
DATA, END_OF_FILE = 0, 1


@dataclass
class Shape:
    """How a file is written. The default is what the vendor's assembler writes."""

    record: int = 64  # data bytes per record, 1..255
    shuffle: int | None = None  # seed of another order of the records; None: by address
    lower_case: bool = False
    newline: str = "\n"
    trailing: str = ""  # at the end of each line, before the newline
    blank_lines: bool = False  # one after each record
    last_newline: bool = True
    missing: Iterable[str] = ()  # sections left out
    without_sum: Iterable[str] = ()  # sections without their sum
    zeros_left_out: bool = False  # holes: records of zeros only are not written
    edit: Callable[[dict[str, bytes]], None] = field(default=lambda sections: None)  # on sections with their sums


def to_hex(program: Program, shape: Shape | None = None) -> str:
    """The text of the HEX file; the one blemish it may have is what `shape.edit` did."""
    shape = shape or Shape()
    sections = {
        name: data if name in shape.without_sum else data + block_sum(data)
        for name, data in program.sections()
        if name not in shape.missing
    }
    shape.edit(sections)
    lines = [line for name, data in sections.items() for line in _records(BASES[name], data, shape)]
    if shape.shuffle is not None:
        Random(shape.shuffle).shuffle(lines)
    lines.append(record(0, b"", END_OF_FILE))
    cased = [line.lower() if shape.lower_case else line for line in lines]
    end = shape.trailing + shape.newline * (2 if shape.blank_lines else 1)
    text = end.join(cased) + shape.trailing
    return text + shape.newline if shape.last_newline else text


def record(address: int, data: bytes, kind: int = DATA) -> str:
    """One line of Intel HEX, without its end."""
    head = bytes((len(data), address >> 8, address & 0xFF, kind)) + data
    return f":{head.hex()}{-sum(head) & 0xFF:02x}".upper()


def _records(base: int, data: bytes, shape: Shape) -> Iterable[str]:
    for start in range(0, len(data), shape.record):
        part = data[start : start + shape.record]
        if not shape.zeros_left_out or any(part):
            yield record(base + start, part)


def random_program(seed: int, n: int, presets: bool = True) -> Program:
    """`n` random instruction words and, if wanted, random presets in every bank. They need not make sense."""
    random = Random(seed)
    program = Program(
        [word(random.randrange(0, 256, 2), random.randrange(256), random.randrange(65536)) for _ in range(n)]
    )
    if presets:
        program.creg = {number: random.getrandbits(32) for number in random.sample(range(16), 8)}
        program.mreg = {number: random.getrandbits(32) for number in random.sample(range(128), 40)}
        program.sfr = {name: random.getrandbits(8 * length) for name, (_, length) in SFR_LAYOUT.items()}
        program.sfr.update({f"POT{n}_K": random.randrange(32) for n in range(6)}, USR0=1)
    return program


def blocks(hex_text: str) -> Image:
    """The four I2C blocks of a valid file: reset values for a missing register section, a missing sum computed."""
    reader = IntelHex(io.StringIO("".join(f"{line.strip()}\n" for line in hex_text.splitlines() if line.strip())))
    reader.padding = 0
    found = {}
    for name, reset in Program().sections():
        base, room = BASES[name], len(reset) + 2 if reset else 4 * MAX_INSTRUCTIONS + 2
        inside = [address for address in reader.addresses() if base <= address < base + room]
        length = max(inside) + 1 - base if inside else 0
        if not inside:
            reset += block_sum(reset)
        data = reader.tobinstr(start=base, size=length) if inside else reset
        found[name] = data if name == "PRG" or len(data) == room else _completed(data, room - 2)
    return Image(found["CREG"], found["MREG"], found["SFR"], found["PRG"])


def _completed(data: bytes, length: int) -> bytes:
    whole = data.ljust(length, b"\x00")
    return whole + block_sum(whole)
