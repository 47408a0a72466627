# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A virtual EEPROM of 256 bytes (24C02 type): one address byte, pages, and no acknowledge while it writes."""

from collections.abc import Callable

SIZE = 256


class VirtualEeprom:
    """I2C target. `memory`: its content, FF when new; `writes`: finished write cycles; `pointer`: next address read.

    A write is the address byte and up to a page of data, which wraps within its page; then it does not answer
    for `write_ms` (ACK polling). Reading goes on from the pointer and wraps at the end of the memory.
    """

    address = 0x50

    def __init__(
        self, now_ms: Callable[[], float] = lambda: 0.0, content: bytes = b"", write_ms: float = 5.0, page: int = 8
    ) -> None:
        if len(content) > SIZE:
            raise ValueError(f"content of {len(content)} bytes does not fit into {SIZE}")
        self.now_ms, self.write_ms, self.page = now_ms, write_ms, page
        self.memory = bytearray(content.ljust(SIZE, b"\xff"))
        self.pointer = 0
        self.writes = 0
        self._ready_at = 0.0

    def busy(self) -> bool:
        return self.now_ms() < self._ready_at

    def write(self, data: bytes) -> None:
        self.pointer = data[0]
        for byte in data[1:]:
            self.memory[self.pointer] = byte
            first = self.pointer - self.pointer % self.page
            self.pointer = first + (self.pointer + 1 - first) % self.page
        if len(data) > 1:
            self.writes += 1
            self._ready_at = self.now_ms() + self.write_ms

    def read(self, n: int) -> bytes:
        """n is 1 on both buses; the pointer moves by what is handed out."""
        got = bytes(self.memory[(self.pointer + i) % SIZE] for i in range(n))
        self.pointer = (self.pointer + n) % SIZE
        return got
