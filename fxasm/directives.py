# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The directives: .EQU, .MEM and .RN in the first pass, presets in the second, when every name is known."""

from fxasm.errors import SourceFault
from fxasm.exact import whole
from fxasm.lines import columns
from fxasm.operands import find_register

NAMING = (b".EQU", b".MEM", b".RN")
PRESETS = (b".CREG", b".MREG", b".SREG")


class Directives:
    """Both passes raise SourceFault, with `at` counted in `rest`, or -1 for the directive itself."""

    def __init__(self, names, image, fields, observer):
        self._names = names
        self._observer = observer
        self._image = image
        self._fields = fields
        self._presets = None

    def first(self, directive, rest, lines):
        """Takes a name; of a preset only the form is looked at."""
        names = self._names
        kind, cut = _kind(directive)
        try:
            if kind not in NAMING and kind not in PRESETS:
                raise SourceFault("unknown-directive", directive, -1)
            name, value, at = _words(directive, rest)
        except SourceFault:
            if kind not in PRESETS:
                names.spoil(rest.replace(b",", b" ").split()[0] if rest.split() else b"")
            raise
        if kind in PRESETS:
            return
        try:
            if kind == b".RN":
                self._alias(name, value)
            else:
                column = columns(lines.text[: len(lines.text) - len(rest)]) + 1
                text, cut = _without_suffix(value, cut)
                definition = (lines.line, column + at, text, cut)
                names.add(names.constants if kind == b".EQU" else names.blocks, name, column, definition)
        except SourceFault as fault:
            if fault.code == "bad-name":
                names.spoil(name)
            fault.at = 0 if fault.at < 0 else fault.at + at
            raise
        if self._observer is not None:
            self._observer.defined(kind, name, lines.line)

    def second(self, directive, rest, lines):
        """Takes a preset; what was wrong with its form has been told."""
        kind, cut = _kind(directive)
        if kind not in PRESETS:
            return
        try:
            name, text, at = _words(directive, rest)
        except SourceFault:
            return
        try:
            register = find_register(self._names, name)
        except SourceFault as fault:
            fault.at = 0
            raise
        try:
            self._preset(kind, name, register, text, cut, lines.line)
        except SourceFault as fault:
            fault.at = 0 if fault.at < 0 else fault.at + at
            raise

    def _alias(self, name, register):
        if len(register.split()) > 1:
            raise SourceFault("operand-count", register, 0, "a name and a register")
        self._names.add_alias(name, register)

    def _preset(self, kind, name, register, text, cut, line):
        plain, cut = _without_suffix(text, cut)
        expression = self._names.expression
        value = expression.evaluate(plain, True)
        flags = expression.flags
        if cut:
            value, flags = whole(value), 0
        if register[0] is None:
            return
        if self._presets is None:
            from fxasm.presets import Presets

            self._presets = Presets(self._image, self._fields)
        word = self._presets.set(kind, name, register, value, flags, text)
        if self._observer is not None:
            self._observer.preset(line, register, plain, value, flags, word)


def _kind(directive):
    """Returns (the directive without .I, whether it has it)."""
    return (directive[:-2], True) if directive[-2:] == b".I" else (directive, False)


def _words(directive, rest):
    """Returns (name, value, where the value begins in `rest`)."""
    words = rest.replace(b",", b" ", 1).split(None, 1)
    if len(words) < 2:
        raise SourceFault("missing-value", directive, -1)
    return words[0], words[1].strip(), len(rest) - len(words[1])


def _without_suffix(text, cut):
    """Returns (the value's text without .I, whether the value is cut off at the point)."""
    if text[-2:] != b".I" or len(text) == 2:
        return text, cut
    return text[:-2].strip(), True
