# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The warnings of a source, at their places."""

from fxasm.errors import SourceFault, show
from fxasm.lines import columns
from sandboxfx.advice.rules import RULES, Advice
from sandboxfx.advice.watched import Watched


def advise(watched: Watched, data: bytes) -> list[SourceFault]:
    """Returns the warnings of a source that has no errors, by their places.

    :param watched: the observer that was there when it was assembled
    :param data: the source
    """
    watched.read(data)
    warnings = [_fault(advice, watched.written[advice.line]) for rule in RULES for advice in rule(watched)]
    return sorted(warnings, key=lambda warning: (warning.line, warning.column))


def _fault(advice: Advice, line: bytes) -> SourceFault:
    text = line.upper()
    at = max(0, text.find(advice.text) if advice.begins else text.rfind(advice.text))
    written = line[at : at + len(advice.text)]
    fault = SourceFault(advice.code, written, 0, f"`{show(written)}`: {advice.sentence}")
    fault.line, fault.column = advice.line, columns(line[:at]) + 1
    return fault
