# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""UTF-16, as some editors write it: each character becomes one byte."""


class Wide:
    """Reads the mark, which gives the order of the bytes, and then characters; pieces may be cut within one."""

    def __init__(self):
        self._first = -1  # the first byte of a character whose second one has not come yet
        self._high_first = None

    def narrow(self, piece, length):
        """Returns the characters of the piece. One that is not ASCII becomes a question mark."""
        out = bytearray()
        for i in range(length):
            byte = piece[i]
            if self._first < 0:
                self._first = byte
                continue
            if self._high_first is None:
                self._high_first = self._first == 0xFE
            elif self._high_first:
                out.append(byte if not self._first and byte < 0x80 else 0x3F)
            else:
                out.append(self._first if not byte and self._first < 0x80 else 0x3F)
            self._first = -1
        return bytes(out)
