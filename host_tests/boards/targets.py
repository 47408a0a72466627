# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""I2C targets that any board takes, virtual or emulated, and the addresses that a conversation knows."""

EEPROM, RECORDER, ABSENT = 0x50, 0x30, 0x2A


class Recorder:
    """An I2C target that takes everything; each read starts with 0, 1, 2, ..."""

    read_size = 64

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writes.append(bytes(data))

    def read(self, n: int) -> bytes:
        return bytes(range(n))


class Memory:
    """256 bytes behind an address pointer, as in an EEPROM; refuses writes at 0x80 and above."""

    def __init__(self) -> None:
        self.data, self.at, self.is_busy = bytearray(range(256)), 0, False
        self.writes: list[bytes] = []

    def busy(self) -> bool:
        return self.is_busy

    def ack(self, data: bytes) -> bool:
        return len(data) < 2 or data[0] < 0x80

    def write(self, data: bytes) -> None:
        self.writes.append(data)
        self.at = data[0]
        for value in data[1:]:
            self.data[self.at] = value
            self.at = (self.at + 1) & 255

    def read(self, n: int) -> bytes:
        out = bytes(self.data[(self.at + i) & 255] for i in range(n))
        self.at = (self.at + n) & 255
        return out
