# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""FXCore HEX files of any shape for the tests, and the committed ones: `python -m host_tests.boards.programs.generate`.

Sources are the .fxc files beside this one; `cloud` has its source written by cloud_source(). `blocks()` reads a HEX
file with the intelhex library and gives what must arrive at the chip.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from intelhex import IntelHex

from host_tests.boards.programs.assemble import assemble_file
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


def cloud_source() -> str:
    """The source of `cloud`: a thousand echoes, spread over 0.7 s at 32 kHz, other ones on each side."""
    lines = [*CLOUD_HEAD.splitlines()]
    for side in range(2):
        lines += ["", f"; side {side}", "        clracc64"]
        for tap in range(TAPS[side]):
            place = 900 + 42 * tap + (side * 17 + tap * tap * 13) % 41
            upside_down = (tap * 37 + side * 11) % 64 % 3 == 1
            lines.append(f"        machid  {LOUDNESS[tap * 4 // TAPS[side]][upside_down]}, cloud+{place}")
        lines += ["        sat64   acc32", f"        cpy_sc  out{side}, acc32"]
    return "\n".join(lines) + "\n"


TAPS = (506, 505)  # with the rest: 1,024 instructions
# Of the four quarters of the cloud, upright and upside down: 3, 2, 2 and 1 128ths. All together stay below the
# eightfold headroom of MACHID.
LOUDNESS = (("0.025", "-0.022"), ("0.017", "-0.014"), ("0.017", "-0.014"), ("0.009", "-0.006"))
CLOUD_HEAD = """\
; SPDX-License-Identifier: MIT
; SPDX-FileCopyrightText: FXCore Sandbox contributors
;
; cloud: a sound goes in, and a cloud of about a thousand quiet echoes comes out, some of them upside down; it grows
; thinner for two thirds of a second (at 32 kHz) and is gone. Nothing of the sound itself is heard. The left and the
; right side have different echoes. Written by generate.py; as many instructions as the chip can hold.

        .mem    cloud   24000

        cpy_cs  r0, in0
        cpy_cs  r1, in1
        sra     r0, 1
        cpy_cc  r0, acc32
        sra     r1, 1
        adds    r0, acc32
        wrdel   cloud, acc32"""


def committed() -> dict[Path, str]:
    """The files this folder must hold, with their content; needs the .fxc sources."""
    return {FOLDER / f"{name}.hex": to_hex(assemble_file(FOLDER / f"{name}.fxc")) for name in NAMES}


def main() -> None:
    (FOLDER / "cloud.fxc").write_text(cloud_source(), encoding="ascii")
    for path, text in committed().items():
        path.write_text(text, encoding="ascii")
        print(f"{path.name}: {(len(blocks(text).program) - 2) // 4} instructions")


if __name__ == "__main__":
    main()
