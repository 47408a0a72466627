# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""HEX text through the device's parser, in pieces as the drive may give them."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat

from fxcore.errors import Fault
from fxcore.hexfile import HexReader
from fxcore.program import CREG, MREG, PRG, SFR, Program, ProgramBuilder
from host_tests.boards.virtual.fxcore.parts import Image

PIECE = 128  # what the device reads from the drive at a time


def feed(reader: HexReader, text: bytes | str, sizes: Iterable[int] = ()) -> None:
    """A whole file: pieces of these sizes, the rest in pieces of 128 bytes, all in the same buffer; then its end."""
    data = text.encode("latin-1") if isinstance(text, str) else text
    buffer = bytearray(max([PIECE, *sizes]))
    for piece in _pieces(data, chain(sizes, repeat(PIECE))):
        buffer[: len(piece)] = piece
        reader.feed(buffer, len(piece))
    reader.close()


def _pieces(data: bytes, sizes: Iterator[int]) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        size = next(sizes)
        yield data[at : at + size]
        at += size


class Parser:
    """Reader and builder as the device has them: made once, used for every file."""

    def __init__(self) -> None:
        self.builder = ProgramBuilder()
        self.reader = HexReader(self.builder.put)

    def read(self, text: bytes | str, sizes: Iterable[int] = ()) -> Program:
        """Raises Fault."""
        self.reader.reset()
        self.builder.start()
        feed(self.reader, text, sizes)
        for _ in self.builder.finish():
            pass
        return self.builder.program

    def outcome(self, text: bytes | str, sizes: Iterable[int] = ()) -> "Image | Fault":
        """What would go to the chip, or why not."""
        try:
            return image_of(self.read(text, sizes))
        except Fault as fault:
            return fault


def image_of(program: Program) -> Image:
    """The four blocks that would go to the chip."""
    return Image(*(bytes(program.block(section)) for section in (CREG, MREG, SFR, PRG)))


def program_of(text: bytes | str) -> Program:
    """The checked program of a file."""
    return Parser().read(text)


def fault_of(action: Callable[[], object]) -> Fault:
    """The Fault that the action ends with."""
    try:
        action()
    except Fault as fault:
        return fault
    raise AssertionError("there was no fault")
