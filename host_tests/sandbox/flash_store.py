# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A store like microcontroller.nvm, of any size, whose power can fail at any byte of any write; and ledgers in it."""

from typing import Any

from sandbox.ledger import Ledger, address_key, serial_key

# Programs as the ledger knows them (CRC-32, length), and chips.
SONG, OTHER, THIRD = (0x12345678, 648), (0x9ABCDEF0, 648), (0x5555AAAA, 4726)
CHIP, SECOND = serial_key(b"\x78\x56\x34\x12"), serial_key(b"\x79\x56\x34\x12")
AT_30, AT_31 = address_key(0x30), address_key(0x31)


def burn(ledger: Ledger, chip: bytes, slot: int, program: tuple[int, int]) -> None:
    """A burn that went well."""
    ledger.begin(chip, slot, *program)
    ledger.confirm()


class PowerCut(Exception):
    """The supply failed in the middle of a write."""


class FlashStore:
    """Writing into bytes that are all 0xFF programs them one by one; any other write erases everything first.

    `cut_at`: the power fails in that step from now on (0: the next; None: never); steps are the erase and each byte.
    `torn`: bits which the step under way had not cleared yet (programming) or had set already (erasing); 0xFF or 0
    is a step not begun or done. `erases` and `steps` count.
    """

    def __init__(self, size: int = 4096, content: bytes = b"") -> None:
        self.data = bytearray(content.ljust(size, b"\xff"))
        self.cut_at: int | None = None
        self.torn = 0xFF
        self.erases = self.steps = 0

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: Any) -> Any:
        return self.data[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        if not isinstance(index, slice):
            index, value = slice(index, index + 1), bytes([value])
        start, stop, _ = index.indices(len(self.data))
        if stop - start != len(value):
            raise ValueError("Slice and value different lengths.")
        if any(byte != 0xFF for byte in self.data[start:stop]):
            whole = self.data[:]
            whole[start:stop] = value
            start, value = 0, whole
            self._erase()
        for at, byte in enumerate(value, start):
            self._program(at, byte)

    def _erase(self) -> None:
        self.erases += 1
        if self._is_cut():
            self.data[:] = bytes(byte | self.torn for byte in self.data)
            raise PowerCut
        self.data[:] = b"\xff" * len(self.data)

    def _program(self, at: int, byte: int) -> None:
        if self._is_cut():
            self.data[at] = byte | self.torn
            raise PowerCut
        self.data[at] = byte

    def _is_cut(self) -> bool:
        self.steps += 1
        if self.cut_at is None:
            return False
        self.cut_at -= 1
        if self.cut_at >= 0:
            return False
        self.cut_at = None
        return True
