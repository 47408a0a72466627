# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What an FXCore program consists of: instruction words and the presets of its three register banks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

BASES = {"MREG": 0x0000, "CREG": 0x0800, "SFR": 0x1000, "PRG": 0x1800}  # section: where it begins in the HEX file
MAX_INSTRUCTIONS = 1024

# Presettable special function registers: first byte in the SFR section, bytes. POTn_K are 5-bit fields of the first
# four bytes, USRn bits of byte 46.
SFR_LAYOUT = {
    **{f"LFO{n}_F": (4 + 4 * n, 4) for n in range(4)},
    **{f"RAMP{n}_F": (20 + 4 * n, 4) for n in range(2)},
    "MAXTEMPO": (28, 4),
    "TAPTEMPO": (32, 4),
    **{name: (36 + 2 * n, 2) for n, name in enumerate(("TAPSTKRLD", "TAPDBRLD", "SWDBRLD", "PRGDBRLD", "OFLRLD"))},
}
SFR_FIELDS = {**{f"POT{n}_K": (0, 5 * n, 5) for n in range(6)}, "USR0": (46, 0, 1), "USR1": (46, 1, 1)}
SFR_RESET_VALUES = {
    **{f"POT{n}_K": 10 for n in range(6)},
    "MAXTEMPO": 0x7FFF,
    "TAPSTKRLD": 0x8CA0,
    "TAPDBRLD": 0x01E0,
    "SWDBRLD": 0x01E0,
    "PRGDBRLD": 0x0960,
    "OFLRLD": 0x03C0,
}


def word(base: int, r: int = 0, m: int = 0) -> int:
    """An instruction word: even top byte, R field (8 bits), M field (16 bits, a negative one as two's complement)."""
    if base & 1 or not 0 <= base <= 0xFE or not 0 <= r <= 0xFF or not -0x8000 <= m <= 0xFFFF:
        raise ValueError(f"no instruction word: base {base:#x}, R {r:#x}, M {m:#x}")
    return base << 24 | r << 16 | m & 0xFFFF


def block_sum(data: bytes) -> bytes:
    """The 16-bit sum of a section's bytes, low byte first."""
    return (sum(data) % 0x10000).to_bytes(2, "little")


@dataclass
class Program:
    """`words`: the instructions; `creg`, `mreg` (by number) and `sfr` (by name): presets where not the reset value."""

    words: list[int] = field(default_factory=list)
    creg: dict[int, int] = field(default_factory=dict)
    mreg: dict[int, int] = field(default_factory=dict)
    sfr: dict[str, int] = field(default_factory=dict)

    def sections(self) -> Iterator[tuple[str, bytes]]:
        """Name and data of each section, without its sum, in the order of the HEX file."""
        yield "MREG", _words(self.mreg.get(n, 0) for n in range(128))
        yield "CREG", _words(self.creg.get(n, 0) for n in range(16))
        yield "SFR", self._sfr()
        yield "PRG", _words(self.words)

    def _sfr(self) -> bytes:
        section = bytearray(48)
        for name, value in {**SFR_RESET_VALUES, **self.sfr}.items():
            if name in SFR_LAYOUT:
                start, length = SFR_LAYOUT[name]
                section[start : start + length] = value.to_bytes(length, "little")
            else:
                start, shift, bits = SFR_FIELDS[name]
                if not 0 <= value < 1 << bits:
                    raise ValueError(f"{name} has {bits} bits, not room for {value}")
                whole = int.from_bytes(section[start:], "little") | value << shift
                section[start:] = whole.to_bytes(48 - start, "little")
        return bytes(section)


def _words(values: Iterable[int]) -> bytes:
    return b"".join((value & 0xFFFFFFFF).to_bytes(4, "little") for value in values)
