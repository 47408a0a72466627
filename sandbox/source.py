# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A source from the drive, read in steps. Loaded, as fxasm is, only while there is one to read."""

import gc
import sys

from fxcore.errors import HEX_UNWRITTEN, PROGRAM_EMPTY, Fault
from sandbox import ticks
from sandbox.faults import FILE_UNREADABLE

# A step ends when it has taken so long, and a line takes up to 3 ms.
STEP_MS = 2
# So much is taken in one piece: after a while there is no larger one in the memory that is free.
BITE = 128
# What flash holds where the host has not written yet; no text has two of them.
UNWRITTEN = (b"\x00\x00", b"\xff\xff")
# So much memory is left for everything else.
RESERVE = 2500


class SourceReader:
    """Call `prepare`, `start`, then twice `take` with every piece and `end_pass`: all but `start` are generators; they
    raise Fault. `prepared`: the assembler is loaded.

    :param builder: a ProgramBuilder
    :param bool nearest: how it is rounded
    :param clock: returns the current tick
    """

    def __init__(self, builder, nearest, clock):
        self._builder = builder
        self._nearest = nearest
        self._clock = clock
        self.prepared = False
        self._assembler = None
        self._crc = None

    def prepare(self):
        """Loads the assembler."""
        if self.prepared:
            return
        self._builder.reserve()  # where there is still room in one piece
        gc.collect()
        yield
        yield from _modules()
        self.prepared = True

    def start(self):
        """Begins with a source."""
        from fxasm.assembler import Assembler

        self._assembler = Assembler(self._builder, self._nearest)

    def take(self, piece, length):
        """Takes the first `length` bytes of the piece."""
        for mark in UNWRITTEN:
            if piece.find(mark, 0, length) >= 0:
                raise Fault(HEX_UNWRITTEN, "bytes {:02X} in a row".format(mark[0]))
        window = memoryview(piece)
        for at in range(0, length, BITE):
            size = min(BITE, length - at)
            yield from self._steps(self._assembler.feed(window[at : at + size], size))
        if _mem_free() < RESERVE:
            gc.collect()
            if _mem_free() < RESERVE:
                raise MemoryError
            yield

    def end_pass(self, crc):
        """The file is over; `crc` is that of its text."""
        assembler = self._assembler
        yield from self._steps(assembler.end_pass())
        if self._crc is None:
            self._crc = crc
            return
        if crc != self._crc:
            raise Fault(FILE_UNREADABLE, "it changed meanwhile")
        if assembler.errors:
            fault = assembler.errors[0]
            fault.others = assembler.errors[1:]
            fault.more = assembler.more
            raise fault
        if not assembler.count:
            raise Fault(PROGRAM_EMPTY, "the source has no instruction")

    def _steps(self, steps):
        begun = self._clock()
        for _ in steps:
            if ticks.age(self._clock(), begun) >= STEP_MS:
                yield
                begun = self._clock()


def _modules():
    """Generator: loads a module in each step; each one uses only those before it."""
    import fxasm.errors

    yield
    import fxasm.exact

    yield
    import fxasm.tokens

    yield
    import fxasm.numbers

    yield
    import fxasm.expression

    yield
    import fxasm.registers

    yield
    import fxasm.words

    yield
    import fxasm.names

    yield
    import fxasm.table  # noqa: F401

    yield
    yield from _more_modules()


def _more_modules():
    import fxasm.fields

    yield
    import fxasm.isa

    yield
    import fxasm.operands

    yield
    import fxasm.instructions

    yield
    import fxasm.lines

    yield
    import fxasm.directives

    yield
    import fxasm.assembler  # noqa: F401

    yield


def _mem_free():
    return getattr(gc, "mem_free")()  # noqa: B009 - CPython has none


def forget():
    """Drops the assembler, and this module."""
    for name in list(sys.modules):
        if name == "fxasm" or name.startswith("fxasm."):
            del sys.modules[name]
    import sandbox

    if sys.modules.pop("sandbox.source", None) is not None:
        del sandbox.source
