# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Reads a file from the drive in short slices, into a checked program."""

import gc
from binascii import crc32

from fxcore.errors import Fault
from fxcore.hexfile import HexReader
from fxcore.program import ProgramBuilder
from sandbox.faults import FILE_UNREADABLE

# Four records of the assembler: a slice takes 4 to 7 ms.
PIECE = 512


class Intake:
    """Both methods are generators that yield after each slice.

    :param open_file: the builtin open
    """

    def __init__(self, open_file):
        self._open_file = open_file
        self._piece = bytearray(PIECE)
        self.builder = ProgramBuilder()
        self._reader = HexReader(self.builder.put)
        self.crc = 0

    def load(self, name):
        """Reads the whole file into `builder.program`; raises Fault. `crc` is the CRC-32 of the file's text."""
        gc.collect()  # what is kept of it must not lie behind garbage, or the free memory falls to pieces
        self._reader.reset()
        self.builder.start()
        for length in self._pieces(name):
            self._reader.feed(self._piece, length)
            yield
        self._reader.close()
        yield from self.builder.finish()

    def checksum(self, name):
        """Reads the whole file only for the CRC-32 of its text, and returns that; None where it cannot be read."""
        try:
            for _ in self._pieces(name):
                yield
        except Fault:
            return None
        return self.crc

    def _pieces(self, name):
        self.crc = 0
        window = memoryview(self._piece)
        try:
            with self._open_file("/" + name, "rb") as file:
                length = file.readinto(self._piece)
                while length:
                    self.crc = crc32(window[:length], self.crc)
                    yield length
                    length = file.readinto(self._piece)
        except OSError as error:
            raise Fault(FILE_UNREADABLE, "errno {}".format(error.errno))
