# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What each kind of error says. Loaded where a source has errors."""

from fxasm import isa, registers, words
from fxasm.errors import show

# Kind and sentence; the words that are wrong come before it, numbers and the nearest names after it.
TABLE = """
unknown-mnemonic unknown instruction
unknown-directive unknown directive
operand-count wrong number of operands
operand-kind this does not belong here
undefined-symbol unknown name
undefined-label unknown label
duplicate-label there is a label of this name already
duplicate-symbol there is a constant or block of this name already
duplicate-alias a register has one alias, and an alias one register
name-is-register the name is that of a register
name-is-reserved the name is a reserved word
bad-name this cannot be a name
circular-definition the value needs itself
unknown-register unknown register
wrong-register-bank wrong kind of register
register-access the register does not allow this
range out of range
preset-range does not fit the register
not-presettable this register has no preset
duplicate-preset the register has a preset already
missing-value something is missing behind it
backward-jump a jump leads forward only
jump-past-end there is no instruction to jump to
memory-size a block of delay memory cannot have this length
memory-total the delay memory is full
expression-syntax the expression is not complete or not well formed
division-by-zero division by zero
bad-number this is no number
program-too-long the program has more than 1024 instructions
unclosed-comment the comment is not closed
line-too-long the line is too long
"""

DIRECTIVES = [b".EQU", b".RN", b".MEM", b".CREG", b".MREG", b".SREG"]
MOST_NEAR = 3
STEP = 16  # so many names are looked at in a step
NOT_NEAR = 3  # so many characters may not differ


def explain(fault, names):
    """Generator: makes `fault.detail` the sentence that the user gets; a step is a few ms."""
    start = TABLE.find("\n" + fault.code + " ") + len(fault.code) + 2
    detail = "`{}`: {}".format(show(fault.text), TABLE[start : TABLE.find("\n", start)])
    if fault.detail:
        detail += "; " + fault.detail
    near = []
    best = NOT_NEAR - 1
    for looked, name in enumerate(_candidates(fault.code, names)):
        cost = _distance(fault.text.upper(), name, best)
        if cost < best:
            near, best = [], cost
        if cost == best and name not in near:
            near.append(name)
        if looked % STEP == STEP - 1:
            yield
    if near:
        near.sort()
        detail += "; " + ", ".join([show(name) for name in near[:MOST_NEAR]]) + "?"
    fault.detail = detail


def _candidates(code, names):
    """Generator: the names that may have been meant."""
    if code == "unknown-mnemonic":
        yield from isa.mnemonics()
        yield from DIRECTIVES
    elif code == "unknown-directive":
        yield from DIRECTIVES
    elif code == "undefined-label":
        yield from names.labels
    elif code == "unknown-register":
        yield from names.aliases
        yield from registers.names()
    elif code == "undefined-symbol":
        yield from names.constants
        for name in names.blocks:
            yield name
            yield name + b"#"
            yield name + b"!"
        yield from words.words()


def _distance(a, b, most):
    """How different two names are: the longer of what is left without the ends that they share."""
    if abs(len(a) - len(b)) > most or a[:1] != b[:1] and a[-1:] != b[-1:]:
        return NOT_NEAR
    start, stop = 0, min(len(a), len(b))
    while start < stop and a[start] == b[start]:
        start += 1
    end = 0
    while end < stop - start and a[len(a) - 1 - end] == b[len(b) - 1 - end]:
        end += 1
    cost = max(len(a), len(b)) - start - end
    return cost if cost < min(len(a), len(b)) else NOT_NEAR
