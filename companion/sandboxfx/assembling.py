# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Source to program, by the assembler that the board has too."""

import re
from dataclasses import dataclass
from pathlib import Path

from fxasm import assemble as assembler
from fxasm.disassembler import Block
from fxasm.errors import SourceFault
from fxasm.names import FIRST, Names
from fxcore.program import Program
from sandboxfx.advice.advise import advise
from sandboxfx.advice.watched import Watched
from sandboxfx.errors import FAILED, SandboxError
from sandboxfx.files import read_file
from sandboxfx.hexfiles import looks_like_hex, write_hex

VENDOR, NEAREST = assembler.ROUNDINGS
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Message:
    """One error or warning of a source.

    :param kind: ERROR or WARNING
    :param code: a short name for programs
    :param line: counted from 1
    :param column: in characters, counted from 1
    :param sentence: what is wrong, with the words it is about, and what to write instead
    :param length: so many characters are wrong
    """

    kind: str
    code: str
    line: int
    column: int
    sentence: str
    length: int


class AssemblyError(SandboxError):
    """A source with errors, or with warnings that are taken for errors.

    :param name: the source's name
    :param lines: the source's lines
    :param messages: all its errors and warnings, by their places; one at least
    """

    def __init__(self, name: str, lines: list[str], messages: list[Message]) -> None:
        kind = ERROR if any(message.kind == ERROR for message in messages) else WARNING
        number = sum(message.kind == kind for message in messages)
        sentence = f"{name}: {number} {kind}{'s' if number > 1 else ''}."
        super().__init__("assembly", sentence, status=FAILED)
        self.name = name
        self.lines = lines
        self.messages = messages

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints: every message beside the error."""
        return super().as_json() | {"messages": [vars(message) for message in self.messages]}


@dataclass(frozen=True)
class Assembly:
    """A source that has been assembled.

    :param name: the source's name
    :param lines: its lines
    :param program: the checked program; it may have no instructions
    :param line_of: for each instruction the line it comes from, counted from 1
    :param labels: name to the place of an instruction, counted from 0
    :param blocks: of delay memory, each with its name, first and last address
    :param warnings: by their places
    """

    name: str
    lines: list[str]
    program: Program
    line_of: list[int]
    labels: dict[str, int]
    blocks: list[Block]
    warnings: list[Message]

    @property
    def hex(self) -> str:
        """The text of the HEX file."""
        return write_hex(self.program)

    @property
    def delay_words(self) -> int:
        """How many words of delay memory the blocks take."""
        return self.blocks[-1][2] + 1 if self.blocks else 0


def assemble(source: str | bytes, rounding: str = VENDOR, name: str = "source") -> Assembly:
    """Assembles a source.

    :param source: the text, or the bytes of a file (ASCII, UTF-8, or UTF-16 with its mark)
    :param rounding: VENDOR: fractions are rounded down, bit for bit as by the vendor's assembler; NEAREST
    :param name: how messages call the source
    :raises AssemblyError: with every error of the source
    """
    data = source.encode() if isinstance(source, str) else source
    watched = Watched()
    result = assembler.assemble(data, rounding, watched)
    lines = source_lines(data)
    if result.errors:
        raise AssemblyError(name, lines, [_message(ERROR, fault) for fault in result.errors])
    return Assembly(
        name=name,
        lines=lines,
        program=result.program,
        line_of=[instruction.line for instruction in watched.instructions],
        labels={_show(label): place for label, place in result.names.labels.items()},
        blocks=_blocks(result.names, lines),
        warnings=[_message(WARNING, fault) for fault in advise(watched, data)],
    )


def assemble_file(path: Path, rounding: str = VENDOR) -> Assembly:
    """Assembles the source in a file; see `assemble`."""
    source = read_file(path)
    if looks_like_hex(source):
        raise SandboxError("is-hex", f"{path} is a HEX file already.", "Name its source.")
    return assemble(source, rounding, str(path))


def source_lines(data: bytes) -> list[str]:
    """Returns the lines of a source as they are shown to people."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    return re.split("\r\n|\r|\n", text)


def _message(kind: str, fault: SourceFault) -> Message:
    return Message(kind, fault.code, fault.line, fault.column, fault.detail, max(1, len(_show(fault.text))))


def _blocks(names: Names, lines: list[str]) -> list[Block]:
    """The blocks in the order of the memory, called as the source calls them."""
    blocks = []
    for i in range(0, len(names.order), 3):
        name, line, column = names.order[i : i + 3]
        first, length = divmod(names.blocks[name], FIRST)
        written = lines[line - 1][column - 1 : column - 1 + len(_show(name))]
        blocks.append((written, first, first + length))
    return blocks


def _show(text: bytes) -> str:
    return text.decode(errors="replace")
