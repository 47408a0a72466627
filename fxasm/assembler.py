# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The assembler: a source in pieces, twice; a program in the sections of a ProgramBuilder."""

from struct import pack_into

from fxasm import settle
from fxasm.directives import Directives
from fxasm.errors import SPOILT, SourceFault
from fxasm.instructions import Instructions
from fxasm.lines import Lines
from fxasm.names import Names
from fxcore.program import MAX_INSTRUCTIONS, PRG, WORD_LENGTH

MOST_ERRORS = 8
BLANKS = (b" ", b"\t")


class Assembler:
    """Feed it the file, `end_pass`, the same file once more, `end_pass`. All of these are generators: each step does a
    line or less, and between them somebody else may work.

    `errors` are the SourceFaults with the lowest lines, in their order, `more` is how many there are beside them. If
    there is none, the builder's program is ready after the second pass; one without instructions too.

    :param builder: a ProgramBuilder
    :param bool nearest: the numeric policy, see Fields
    :param int most: so many errors are kept
    :param observer: for a PC: told of every definition, operand and word, see observer.py
    """

    def __init__(self, builder, nearest=False, most=MOST_ERRORS, observer=None):
        self._builder = builder
        self._image = builder.program.image
        self._most = most
        self._observer = observer
        self._lines = Lines()
        self.names = Names() if observer is None else observer.names
        self._instructions = Instructions(self.names, nearest, observer)
        self._directives = Directives(self.names, self._image, self._instructions, observer)

    def start(self):
        """Begins a new source, in the buffer of the old program."""
        self._builder.start()
        self._directives.start()
        self._lines.start()
        self._second = False
        self.errors = []
        self.more = 0
        self.count = 0  # instructions, wrong ones too: a jump over one is right

    def feed(self, piece, length):
        """Takes the first `length` bytes of the bytearray (or bytes) `piece`; one line per step."""
        lines = self._lines
        piece, length = lines.open(piece, length)
        at = lines.take(piece, 0, length)
        while at >= 0:
            self._line()
            yield
            at = lines.take(piece, at, length)

    def end_pass(self):
        """The file is over."""
        lines = self._lines
        if lines.close():
            self._line()
            yield
        if not self._second:
            self._check_end()
            yield from settle.settle(self.names, self._report)
            self._second = True
            self._instructions.count = self.count
            self.count = 0
            lines.start()
        elif self.errors:
            from fxasm.messages import explain

            for fault in self.errors:
                yield from explain(fault, self.names)
        else:
            yield from self._builder.seal(self.count)

    def _check_end(self):
        lines = self._lines
        if lines.opened is not None:
            self._report(SourceFault("unclosed-comment", b"/*"), lines.opened[0], lines.opened[1] + 1)

    def _line(self):
        text = self._lines.text
        at = 0
        upper = text.upper()
        try:
            if len(text) > 256:
                self._lines.check()
            at = self._labels(upper)
            words = upper[at:].split(None, 1) if at else upper.split(None, 1)
            if words:
                self._statement(words[0], words[1] if words[1:] else b"")
        except SourceFault as fault:
            words = upper[at:].split(None, 1)
            offset = upper.find(words[0], at) if fault.at < 0 else len(upper) - len(words[1]) + fault.at
            self._report_at(fault, offset)

    def _labels(self, text):
        """Takes the labels, in the first pass; returns where the rest of the line begins."""
        at = 0
        colon = text.find(b":")
        while colon >= 0:
            name = text[at:colon].split(None, 1)
            if len(name) > 1 or text[colon - 1 : colon] in BLANKS:
                break
            if not self._second:
                self._label(name[0] if name else b"", at)
            at = colon + 1
            colon = text.find(b":", at)
        return at

    def _label(self, name, at):
        try:
            self.names.add_label(name, self.count)
        except SourceFault as fault:
            self._report_at(fault, self._lines.text.upper().find(name, at))
        if self._observer is not None:
            self._observer.defined("label", name, self._lines.line)

    def _statement(self, first, rest):
        """One instruction or directive. Instructions are only counted in the first pass."""
        if first[0] == 0x2E:
            if self._second:
                self._directives.second(first, rest, self._lines.line)
            else:
                self._directives.first(first, rest, self._lines)
            return
        address = self.count
        self.count += 1
        if self._second:
            word = self._instructions.word(first, rest, address)
            if address < MAX_INSTRUCTIONS:
                pack_into("<I", self._image, PRG.offset + address * WORD_LENGTH, word)
            if self._observer is not None:
                self._observer.instruction(self._lines.line, address, word)
        elif address == MAX_INSTRUCTIONS:
            raise SourceFault("program-too-long", first, -1)

    def _report_at(self, fault, offset):
        """An error at this byte of the line."""
        text = self._lines.text
        fault.text = text[offset : offset + len(fault.text)]
        fault.at = 0
        column = 1
        for byte in text[:offset]:
            column += byte & 0xC0 != 0x80
        self._report(fault, self._lines.line, column)

    def _report(self, fault, line, column):
        """Keeps the error, if it is among the first ones; `column` is where `at` is counted from."""
        if fault.code == SPOILT:
            return
        fault.line = line
        fault.column = column + max(fault.at, 0)
        errors = self.errors
        place = len(errors)
        while place and (errors[place - 1].line, errors[place - 1].column) > (line, fault.column):
            place -= 1
        errors.insert(place, fault)
        if len(errors) > self._most:
            errors.pop()
            self.more += 1
