# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""HEX files with one deliberate fault each: every kind that must be refused, with the line a reader should name.

`damage(kind, program)` gives such a file. KINDS lists the kinds; those of SECTION_KINDS are faults of a whole section,
which no single line is to blame for.
"""

from collections.abc import Callable
from typing import NamedTuple

from host_tests.boards.programs.generate import END_OF_FILE, Shape, record, to_hex
from host_tests.boards.programs.program import BASES, Program

EOF_LINE = record(0, b"", END_OF_FILE)


class Damaged(NamedTuple):
    text: str
    line: int  # 1-based; 0: no single line is to blame


class Record(NamedTuple):
    """A data line taken apart."""

    address: int
    data: bytes

    @staticmethod
    def of(line: str) -> "Record":
        raw = bytes.fromhex(line[1:])
        return Record(raw[1] << 8 | raw[2], raw[4:-1])


def _bad_sum(line: str) -> str:
    return f"{line[:-2]}{int(line[-2:], 16) + 1 & 0xFF:02X}"


def _longer_count(line: str) -> str:
    """The count says one byte more than there is; the record's sum is that of these bytes."""
    raw = bytearray.fromhex(line[1:-2])
    raw[0] += 1
    return f":{raw.hex()}{-sum(raw) & 0xFF:02x}".upper()


def _moved(line: str, address: int) -> str:
    return record(address, Record.of(line).data)


def _of_type(kind: int) -> Callable[[str], str]:
    return lambda line: record(Record.of(line).address, Record.of(line).data, kind)


# Kinds that replace one line by another.
LINE_KINDS: dict[str, Callable[[str], str]] = {
    "bad character": lambda line: line[:12] + "G" + line[13:],
    "erased byte": lambda line: line[:12] + "\0" + line[13:],
    "no colon": lambda line: line[1:],
    "a colon only": lambda line: ":",
    "half a byte": lambda line: line[:-1],
    "cut off": lambda line: line[: len(line) // 4 * 2 + 1],
    "count too large": _longer_count,
    "text behind the record": lambda line: line + " x",
    "record sum": _bad_sum,
    **{f"type {kind:02X}": _of_type(kind) for kind in (*range(2, 6), 6, 0x80)},
    "outside every section": lambda line: _moved(line, 0x0400),
    "before a section": lambda line: _moved(line, BASES["CREG"] - 1),
    "beyond a section": lambda line: _moved(line, 0x1032),
    "beyond the program": lambda line: _moved(line, BASES["PRG"] + 4 * 1024 + 2),
    "over the end of the program": lambda line: _moved(line, BASES["PRG"] + 4 * 1024 + 1),
}


def _edit_sum(name: str) -> Callable[[dict[str, bytes]], None]:
    def edit(sections: dict[str, bytes]) -> None:
        data = sections[name]
        sections[name] = data[:-2] + bytes((data[-2] ^ 0x01, data[-1]))

    return edit


def _one_byte_more(sections: dict[str, bytes]) -> None:
    body = sections["PRG"][:-2] + b"\x00"
    sections["PRG"] = body + (sum(body) & 0xFFFF).to_bytes(2, "little")


def _half_the_sum(sections: dict[str, bytes]) -> None:
    sections["CREG"] = sections["CREG"][:-1]


def _no_instruction(sections: dict[str, bytes]) -> None:
    sections["PRG"] = b"\x00\x00"


def _no_program(sections: dict[str, bytes]) -> None:
    del sections["PRG"]


SECTION_KINDS: dict[str, Callable[[dict[str, bytes]], None]] = {
    **{f"sum of {name}": _edit_sum(name) for name in BASES},
    "no instruction": _no_instruction,
    "no program section": _no_program,
    "not whole instructions": _one_byte_more,
    "half a sum": _half_the_sum,
}
FILE_KINDS = ("no end record", "data after the end", "overlap", "hole", "hole without sum")
KINDS = (*LINE_KINDS, *FILE_KINDS, *SECTION_KINDS)


def damage(kind: str, program: Program, shape: Shape | None = None, at: int = 0) -> Damaged:
    """The program's file with that fault; line kinds hit record `at`. The program needs non-zero data in each bank."""
    shape = shape or Shape()
    if kind in SECTION_KINDS:
        shape.edit = SECTION_KINDS[kind]
        return Damaged(to_hex(program, shape), 0)
    if kind == "hole without sum":
        shape.without_sum = ("MREG", "CREG", "SFR")
    lines = to_hex(program, shape).splitlines()
    if kind in LINE_KINDS:
        lines[at] = LINE_KINDS[kind](lines[at])
        line = at + 1
    else:
        line = _damage_file(kind, lines)
    return Damaged("\n".join(lines) + "\n", line)


def _damage_file(kind: str, lines: list[str]) -> int:
    """Changes the lines; returns the number of the line to blame."""
    with_data = [i for i, line in enumerate(lines) if any(Record.of(line).data)]
    hit = min(with_data, key=lambda i: Record.of(lines[i]).address)
    if kind == "no end record":
        lines.remove(EOF_LINE)
        return 0
    if kind == "data after the end":
        lines.append(lines[hit])
        return len(lines)
    if kind == "overlap":
        address, data = Record.of(lines[hit])
        lines.insert(hit + 1, record(address, bytes((data[0] ^ 0xFF, *data[1:]))))
        return hit + 2
    del lines[hit]
    return 0
