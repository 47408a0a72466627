# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The assembler: a source in pieces, twice; a program in the sections of a ProgramBuilder."""

from struct import pack_into

from fxasm import settle
from fxasm.directives import Directives
from fxasm.errors import PAUSE, SPOILT, SourceFault
from fxasm.instructions import Instructions
from fxasm.lines import Lines
from fxasm.names import Names
from fxasm.seal import seal
from fxcore.program import MAX_INSTRUCTIONS, PRG, WORD_LENGTH

MOST_ERRORS = 8
BLANKS = (b" ", b"\t")
# A line of so many bytes cannot be too long.
SHORT = 256


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
        self._instructions.start()
        self._lines.start()
        self._second = self._paused = False
        self._rest = 0  # where a paused line goes on, behind its labels
        self.errors = []
        self.more = 0
        self.count = 0  # instructions, wrong ones too: a jump over one is right

    def feed(self, piece, length):
        """Takes the first `length` bytes of the bytearray (or bytes) `piece`; one line per step."""
        lines = self._lines
        piece, length = lines.open(piece, length)
        at = lines.take(piece, 0, length)
        while at >= 0:
            if lines.text:
                while self._line():
                    yield
            yield
            at = lines.take(piece, at, length)

    def end_pass(self):
        """The file is over."""
        lines = self._lines
        if lines.close():
            while self._line():
                yield
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
            yield from seal(self._builder, self.count)

    def _check_end(self):
        lines = self._lines
        if lines.opened is not None:
            self._report(SourceFault("unclosed-comment", b"/*"), lines.opened[0], lines.opened[1] + 1)

    def _line(self):
        """Does the line, or begins with it: returns True as long as there is more to do, in the next step."""
        text = self._lines.text
        if self._paused:
            at = self._rest
        else:
            at = 0
            if len(text) > SHORT:
                self._check_length()
            if b":" in text:
                at = self._labels(text.upper())
        words = text.split(None, 1) if not at else text[at:].split(None, 1)
        if words:
            self._rest = at
            self._paused = self._statement(at, words)
        return self._paused

    def _check_length(self):
        try:
            self._lines.check()
        except SourceFault as fault:
            self._report_at(fault, 0)

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

    def _statement(self, at, words):
        """One instruction or directive: instructions are only counted in the first pass. Returns True if it goes on."""
        first = words[0]
        rest = words[1] if len(words) == 2 else b""
        is_directive = first[0] == 0x2E
        try:
            if is_directive:
                directives = self._directives
                (directives.second if self._second else directives.first)(first.upper(), rest.upper(), self._lines)
            elif self._second:
                self._instruction(first.upper(), rest.upper())
            elif self.count == MAX_INSTRUCTIONS:
                raise SourceFault("program-too-long", first, -1)
        except SourceFault as fault:
            if fault.code == PAUSE:
                return True
            text = self._lines.text
            self._report_at(fault, text.find(first, at) if fault.at < 0 else len(text) - len(rest) + fault.at)
        if not is_directive:
            self.count += 1
        self.names.expression.next_line()
        return False

    def _instruction(self, mnemonic, rest):
        address = self.count
        word = self._instructions.word(mnemonic, rest, address)
        if address < MAX_INSTRUCTIONS:
            pack_into("<I", self._image, PRG.offset + address * WORD_LENGTH, word)
        if self._observer is not None:
            self._observer.instruction(self._lines.line, address, word)

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
