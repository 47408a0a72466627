# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Programs for the machine, from whatever they are kept in."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fxasm import contents
from fxcore.program import IMAGE_LENGTH, MAX_INSTRUCTIONS, SFR, SFR_DEFAULT, Program
from sandboxfx import programs
from sandboxfx.assembling import VENDOR, assemble
from sandboxfx.errors import SandboxError
from sandboxfx.files import read_file


@dataclass(frozen=True)
class Loaded:
    """A program and what is known of its source.

    :param words: the instruction words
    :param presets: register name -> raw unsigned value at the start, for all that have a preset
    :param name: what it is called in reports
    :param lines: address -> line of the source, where there is one
    :param source: the lines of the source
    :param blocks: name of a block of delay memory -> its first and last address
    """

    words: tuple[int, ...]
    presets: dict[str, int]
    name: str
    lines: dict[int, int] = field(default_factory=dict)
    source: tuple[str, ...] = ()
    blocks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, address: int) -> str:
        """An instruction as it is named in reports: with its line, or where there is none its address."""
        line = self.lines.get(address)
        return f"line {line}" if line else f"instruction {address}"


# What `Machine` takes as a program.
AnyProgram = Sequence[int] | str | os.PathLike[str] | Program | Loaded


def load(program: AnyProgram, rounding: str = VENDOR) -> Loaded:
    """Returns the program.

    :param program: instruction words, the text of a HEX file or of a source (of more than one line, or beginning
        with ":"), a path, or a checked program
    :param rounding: of a source in a file, see `assembling.assemble`
    :raises SandboxError: what is wrong with it
    """
    if isinstance(program, Loaded):
        return program
    if isinstance(program, Program):
        return _from_program(program, "program")
    if isinstance(program, str) and ("\n" in program or program.lstrip().startswith(":")):
        return _from_content(program.encode(), Path("program"))
    if isinstance(program, (str, os.PathLike)):
        path = Path(program)
        return _from_content(read_file(path), path, rounding)
    return _from_words(program)


def _from_words(words: Sequence[int]) -> Loaded:
    if not len(words):
        raise SandboxError("program-empty", "The program has no instruction.", "Give at least one word.")
    if len(words) > MAX_INSTRUCTIONS:
        raise SandboxError("program-size", f"The program has {len(words)} instructions, the chip takes 1,024.")
    checked = []
    for address, word in enumerate(words):
        if not 0 <= int(word) < 1 << 32:
            raise SandboxError("program-word", f"Instruction {address}, {word}, is no 32-bit word.")
        checked.append(int(word))
    return Loaded(tuple(checked), dict(_RESET_VALUES), "program")


def _from_content(content: bytes, path: Path, rounding: str = VENDOR) -> Loaded:
    """A HEX file or a source."""
    if programs.is_hex(path, content):
        return _from_program(programs.parse_hex(path, content), path.name)
    assembly = assemble(content, rounding, str(path))
    if not assembly.line_of:
        raise SandboxError("program-empty", f"{path} has no instruction.", "Write one.")
    plain = _from_program(assembly.program, path.name)
    return replace(
        plain,
        lines=dict(enumerate(assembly.line_of)),
        source=tuple(assembly.lines),
        blocks={name: (first, last) for name, first, last in assembly.blocks},
    )


def _from_program(program: Program, name: str) -> Loaded:
    return Loaded(tuple(contents.words(program)), contents.start_values(program), name)


def _reset_values() -> dict[str, int]:
    empty = Program(bytearray(IMAGE_LENGTH))
    empty.image[SFR.offset : SFR.offset + len(SFR_DEFAULT)] = SFR_DEFAULT
    return contents.start_values(empty)


_RESET_VALUES = _reset_values()
