# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The assembler: a source in pieces, twice; a program in the sections of a ProgramBuilder."""

from struct import pack_into

from fxasm.directives import Directives
from fxasm.errors import PAUSE, SPOILT, SourceFault
from fxasm.instructions import Instructions
from fxasm.lines import LINE_ROOM, Lines, columns
from fxasm.names import Names
from fxasm.table import Table
from fxcore.program import MAX_INSTRUCTIONS, PRG, SFR, WORD_LENGTH

MOST_ERRORS = 8
BLANKS = (b" ", b"\t")
# What may be wrong only because something else is missing.
UNKNOWN = ("undefined-symbol", "undefined-label", "unknown-register", "jump-past-end")
# A line of so many bytes cannot be too long.
SHORT = 256


class Assembler:
    """For one source: feed it the file, `end_pass`, the file once more, `end_pass`. These are generators: each step
    does a line or less, and between them somebody else may work.

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
        self.names = Names(Table) if observer is None else observer.names
        self._instructions = Instructions(self.names, nearest, observer)
        builder.start()
        self._image[SFR.offset : SFR.offset + len(SFR.default)] = SFR.default
        self._directives = Directives(self.names, self._image, self._instructions.fields, observer)
        self._second = self._paused = False
        self._rest = 0  # where a paused line goes on, behind its labels
        self._cut = False  # a comment that is not closed has swallowed the rest
        self.errors = []
        self.more = self.count = 0  # instructions are counted, wrong ones too: a jump over one is right

    def feed(self, piece, length):
        """Takes the first `length` bytes of the bytearray (or bytes) `piece`; one line per step."""
        lines = self._lines
        data = lines.open(piece, length)
        at = lines.take(data, 0)
        while at >= 0:
            if lines.text:
                while self._line(lines.text):
                    yield
            yield
            at = lines.take(data, at)

    def end_pass(self):
        """The file is over."""
        lines = self._lines
        if lines.close():
            while self._line(lines.text):
                yield
        if not self._second:
            self._check_end()
            from fxasm.settle import settle

            yield from settle(self.names, self._report)
            self._second = True
            self._instructions.count = self.count
            self.count = 0
            lines.start()
        elif self.errors:
            from fxasm.messages import explain

            for fault in self.errors:
                yield from explain(fault, self.names)
        else:
            from fxasm.seal import seal

            yield from seal(self._builder, self.count)

    def _check_end(self):
        opened = self._lines.opened
        if opened is not None:
            self._cut = True
            self._report(SourceFault("unclosed-comment", b"/*"), opened[0], opened[1] + 1)

    def _line(self, text):
        """Does the line, or begins with it: returns True as long as there is more to do, in the next step."""
        at = 0
        too_long = len(text) > SHORT and self._lines.is_long()
        if too_long:
            text = text[:LINE_ROOM]
        if self._paused:
            at = self._rest
        elif b":" in text:
            at = self._labels(text.upper())
        words = text.split(None, 1) if not at else text[at:].split(None, 1)
        if too_long and not self._second:
            first = words[0] if words else b""
            self._report_at(SourceFault("line-too-long", first), text.find(first, at))
        if not words:
            return False
        if words[0][0] != 0x2E and (too_long or not self._second and self.count < MAX_INSTRUCTIONS):
            self.count += 1
        elif not too_long:
            self._rest = at
            self._paused = self._statement(at, words)
        return self._paused

    def _labels(self, text):
        """Takes the labels, in the first pass; returns where the rest of the line begins."""
        at = 0
        colon = text.find(b":")
        while colon >= 0:
            name = text[at:colon].split(None, 1)
            if len(name) > 1 or text[colon - 1 : colon] in BLANKS:
                self.names.spoil_label(name)
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
                take = self._directives.second if self._second else self._directives.first
                take(first.upper(), rest.upper(), self._lines)
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
        self._report(fault, self._lines.line, columns(text[:offset]) + 1)

    def _report(self, fault, line, column):
        """Keeps the error, if it is among the first ones; `column` is where `at` is counted from."""
        if fault.code == SPOILT or self._cut and fault.code in UNKNOWN:
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
