# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One I2C transfer in the making: bytes held from START until STOP, and room for what is read after them."""

from ft260.reports import HEADER, START

CAPACITY = 4200  # the FXCore's largest block is 4,098 bytes


class Transfer:
    """Collects the chunks of one write; a read puts its bytes behind them. Nothing is allocated but windows."""

    def __init__(self):
        self._room = memoryview(bytearray(CAPACITY + 1))  # one more, to read behind a full write
        self.address = 0
        self.open = False  # a START has been seen and its STOP has not
        self.length = 0

    def start(self, address):
        """Begins a transfer; what was held is forgotten."""
        self.address = address
        self.open = True
        self.length = 0

    def add(self, request):
        """Adds the data of one write request.

        Returns False, and holds nothing any more, if there was no START or is no room: a write is whole or not at all.
        """
        begin, count = self.length, request[3]
        if request[2] & START:
            self.address = request[1]
            self.open = True
            begin = 0
        end = begin + count
        if not self.open or end > CAPACITY:
            self.close()
            return False
        self._room[begin:end] = request[HEADER : HEADER + count]
        self.length = end
        return True

    def close(self):
        """Forgets what was held."""
        self.open = False
        self.length = 0

    def held(self):
        """Returns a window on the bytes held."""
        return self._room[: self.length]

    def space(self, count):
        """Returns a window for up to `count` bytes to be read, behind the bytes held."""
        return self._room[self.length : min(self.length + count, max(CAPACITY, self.length + 1))]
