# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What is seen of a source while it is assembled, and what can be asked about it afterwards."""

import re
from dataclasses import dataclass, field

from fxasm.errors import PAUSE, SourceFault
from fxasm.lines import Lines
from fxasm.names import FIRST
from fxasm.observer import Observer

Value = int | tuple[int, int]

LABEL = "label"
EQU, MEM, RN = b".EQU", b".MEM", b".RN"
PRESETS = (b".CREG", b".MREG", b".SREG")
WORD = re.compile(rb"[^\s,()<>|&+*/^-]+")
SUFFIXES = (b".L", b".U", b".I")


@dataclass(frozen=True)
class Number:
    """A number in an operand, or the value of a preset.

    :param kind: the operand's letter in fxasm.isa; "" for a preset
    :param text: as the source has it, in upper case
    :param value: exact: an integer, or (numerator, denominator)
    :param flags: what was in the expression, see fxasm.numbers
    :param bits: what the field holds
    """

    kind: str
    text: bytes
    value: Value
    flags: int
    bits: int


@dataclass(frozen=True)
class Instruction:
    """An instruction with the numbers in its operands."""

    line: int
    word: int
    numbers: list[Number]


@dataclass(frozen=True)
class Preset:
    """A preset; `register` is (bank, number)."""

    line: int
    register: tuple[int, int]
    number: Number


@dataclass(frozen=True)
class Statement:
    """A line's statement, in upper case: its first word, and the rest."""

    line: int
    first: bytes
    rest: bytes

    @property
    def kind(self) -> bytes:
        """A directive without its suffix, or the mnemonic."""
        return self.first.removesuffix(b".I") if self.first[:1] == b"." else self.first

    @property
    def name(self) -> bytes:
        """What a directive gives a name or a value to."""
        return (self.rest.replace(b",", b" ", 1).split(None, 1) or [b""])[0]

    @property
    def value(self) -> bytes:
        """A directive's value, with its suffix."""
        parts = self.rest.replace(b",", b" ", 1).split(None, 1)
        return parts[1].strip() if parts[1:] else b""

    @property
    def operands(self) -> bytes:
        """The text in which names are used, not given."""
        return self.value if self.first[:1] == b"." else self.rest


@dataclass
class Watched(Observer):
    """Observer of one source; `statements`, and `written`, the lines without comments, are there after `read`."""

    instructions: list[Instruction] = field(default_factory=list)
    presets: list[Preset] = field(default_factory=list)
    definitions: list[tuple[object, bytes, int]] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    written: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._numbers: list[Number] = []

    def defined(self, kind: object, name: bytes, line: int) -> None:
        self.definitions.append((kind, name, line))

    def operand(self, kind: int, text: bytes, value: Value, flags: int, bits: int) -> None:
        self._numbers.append(Number(chr(kind).lower(), text, value, flags, bits))

    def instruction(self, line: int, address: int, word: int) -> None:
        self.instructions.append(Instruction(line, word, self._numbers))
        self._numbers = []

    def preset(self, line: int, register: tuple[int, int], text: bytes, value: Value, flags: int, word: int) -> None:
        self.presets.append(Preset(line, register, Number("", text, value, flags, word)))

    def read(self, data: bytes) -> None:
        """Takes the source's lines, without comments, as the assembler does."""
        lines = Lines()
        piece = lines.open(data, len(data))
        at = lines.take(piece, 0)
        while at >= 0:
            self._add(lines)
            at = lines.take(piece, at)
        if lines.close():
            self._add(lines)

    def block(self, name: bytes) -> tuple[int, int] | None:
        """Returns a block's first and last address, or None where there is no block of this name."""
        packed = self.names.blocks.get(name)
        return None if packed is None else (packed // FIRST, packed // FIRST + packed % FIRST)

    def evaluate(self, text: bytes) -> Value:
        """Returns the value that a directive's text has."""
        expression = self.names.expression
        expression.next_line()
        while True:
            try:
                value: Value = expression.evaluate(text.removesuffix(b".I").strip(), True)
                return value
            except SourceFault as fault:
                if fault.code != PAUSE:
                    raise

    def _add(self, lines: Lines) -> None:
        self.written[lines.line] = lines.text
        text = lines.text.upper()
        found = re.match(rb"(?:[^\s:]*:\s*)*", text)
        words = text[found.end() if found else 0 :].split(None, 1)
        if words:
            self.statements.append(Statement(lines.line, words[0], words[1] if words[1:] else b""))


def used(text: bytes) -> set[bytes]:
    """Returns the names in an operand or value, without suffixes, blocks by their plain name."""
    found = set(re.split(rb"[\s,]+", text))  # a label's name may have an operator in it
    for word in WORD.findall(text):
        found.add(word)
        plain = word[:-2] if word[-2:] in SUFFIXES else word
        found |= {plain, plain.rstrip(b"#!")}
    return found
