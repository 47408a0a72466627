# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Reads a file from the drive in short slices, into a checked program."""

import gc
from binascii import crc32

from fxcore.errors import Fault
from fxcore.hexfile import HexReader
from fxcore.program import ProgramBuilder
from sandbox.faults import FILE_UNREADABLE, SOURCE_TOO_LARGE
from sandbox.watch import SOURCE

# Four records of the assembler: a slice takes 4 to 7 ms.
PIECE = 512


class Intake:
    """`load` and `checksum` are generators that yield after each slice.

    :param open_file: the builtin open
    :param clock: returns the current tick
    :param bool nearest: how sources are rounded, see fxasm's Fields
    """

    def __init__(self, open_file, clock, nearest):
        self._open_file = open_file
        self._clock = clock
        self._nearest = nearest
        self._source = None
        self._piece = bytearray(PIECE)
        self.builder = ProgramBuilder()
        self._reader = HexReader(self.builder.put)
        self.crc = 0

    def load(self, name):
        """Reads the whole file into `builder.program`; raises Fault. `crc` is the CRC-32 of the file's text."""
        gc.collect()  # what is kept of it must not lie behind garbage, or the free memory falls to pieces
        if name.endswith(SOURCE):
            yield from self._assemble(name)
            return
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

    @property
    def prepared(self):
        """True if `prepare` has nothing to do."""
        return self._source is not None and self._source.prepared

    def prepare(self):
        """Generator: loads what a source needs: without one it costs no RAM. `release` drops it, and so does `load`."""
        if self._source is None:
            from sandbox.source import SourceReader

            self._source = SourceReader(self.builder, self._nearest, self._clock)
        yield from self._source.prepare()

    def release(self):
        """No source is to be read now."""
        if self._source is not None:
            from sandbox.source import forget

            self._source = None
            forget()

    def _assemble(self, name):
        try:
            yield from self.prepare()
            source = self._source
            source.start()
            for _ in range(2):
                for length in self._pieces(name, True):
                    yield from source.take(self._piece, length)
                yield from source.end_pass(self.crc)
        except MemoryError:
            raise Fault(SOURCE_TOO_LARGE, "on a PC, sandboxfx asm {} makes a HEX file of it".format(name))
        finally:
            source = None
            self.release()

    def _pieces(self, name, to_the_end=False):
        """Generator of lengths. `to_the_end`: raises Fault unless there is as much as the directory says."""
        self.crc = 0
        window = memoryview(self._piece)
        try:
            with self._open_file("/" + name, "rb") as file:
                missing = 0
                if to_the_end:
                    missing = file.seek(0, 2)
                    file.seek(0)
                length = file.readinto(self._piece)
                while length:
                    self.crc = crc32(window[:length], self.crc)
                    missing -= length
                    yield length
                    length = file.readinto(self._piece)
        except OSError as error:
            raise Fault(FILE_UNREADABLE, "errno {}".format(error.errno))
        if missing > 0:
            raise Fault(FILE_UNREADABLE, "{} bytes at the end are missing".format(missing))
