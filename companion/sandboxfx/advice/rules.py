# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The rules: each looks at a source that assembles, and yields what was hardly meant, with what to write instead."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from fxasm import isa, registers, words
from fxasm.decoder import decode
from sandboxfx.advice.watched import EQU, LABEL, MEM, PRESETS, RN, SUFFIXES, Value, Watched, used


@dataclass(frozen=True)
class Advice:
    """One warning.

    :param text: the words that it is about, in upper case
    :param sentence: without those words
    """

    code: str
    line: int
    text: bytes
    sentence: str
    begins: bool = False  # the words stand at the beginning of the line, not as far to the right as they can be found


Rule = Callable[[Watched], Iterator[Advice]]

FRACTIONS = {"f": 15, "g": 7}
KINDS = {LABEL: "label", EQU: "constant", MEM: "block of delay memory", RN: "alias"}
INSTEAD = {
    b".U": "write `>>16` for the upper half",
    b".L": "write `&0xFFFF` for the lower half",
    b".I": "write the whole number that is meant",
}
MEANT_AS_ONE = (1, -1)
NEGATED = re.compile(rb"[-+*/^|&<>]\s*-")
POWERS = re.compile(rb"\^[^-()|&+*/<>,]*\^")


def cut_fraction(watched: Watched) -> Iterator[Advice]:
    """A fraction where only a whole number fits: what is behind the point is lost."""
    for instruction in watched.instructions:
        for number in instruction.numbers:
            if number.kind in FRACTIONS or isinstance(number.value, int) or number.text[-2:] in SUFFIXES:
                continue
            kept = int(_exact(number.value))
            add = _mnemonic(instruction.word) == "ADDI" and abs(_exact(number.value)) < 1
            instead = "ADDSI adds fractions" if add else f"write {kept}, or what you mean as a whole number"
            yield Advice("cut-fraction", instruction.line, number.text, f"only {kept} of it is taken; {instead}")
    for statement in watched.statements:
        if statement.kind == MEM and not isinstance(watched.evaluate(statement.value), int):
            first, last = watched.block(statement.name) or (0, 0)
            sentence = f"a length is whole words: {last - first} is taken; write that"
            yield Advice("cut-fraction", statement.line, statement.value, sentence)


def tap_outside(watched: Watched) -> Iterator[Advice]:
    """An address that is made from a block's name and lies outside the block."""
    for instruction in watched.instructions:
        for number in instruction.numbers:
            blocks = [name for name in used(number.text) if name in watched.names.blocks]
            found = watched.block(blocks[0]) if number.kind == "a" and len(blocks) == 1 else None
            if not found or found[0] <= number.bits <= found[1]:
                continue
            first, last = found
            far = f"{number.bits - last} words behind" if number.bits > last else f"{first - number.bits} words before"
            sentence = f"{far} the block, which has {first} to {last}; make the block longer, or the way shorter"
            yield Advice("tap-outside", instruction.line, number.text, sentence)


def lost_fraction(watched: Watched) -> Iterator[Advice]:
    """A fraction that its field cannot show: it becomes 0, something far from it, or the largest number."""
    for instruction in watched.instructions:
        for number in instruction.numbers:
            bits = FRACTIONS.get(number.kind)
            exact = _exact(number.value)
            if not bits or number.text[-2:] in SUFFIXES or abs(exact) >= 1 or not exact:
                continue
            field = number.bits - (2 << bits) if number.bits >> bits else number.bits
            shown = Fraction(field, 1 << bits)
            if abs(shown - exact) * 2 > abs(exact):
                sentence = f"the field has {bits} bits behind the point: it becomes {float(shown):.6g}"
                yield Advice("lost-fraction", instruction.line, number.text, sentence + "; scale it, or use a register")
            elif exact * (1 << bits) >= (1 << bits) - Fraction(1, 2) and field == (1 << bits) - 1:
                sentence = f"it becomes {float(shown):.6g}, the largest number there is; write that"
                yield Advice("lost-fraction", instruction.line, number.text, sentence)


def length_of_block(watched: Watched) -> Iterator[Advice]:
    """The plain name of a block in a directive: it means the length there, and the address in an operand."""
    for statement in watched.statements:
        if statement.kind in (EQU, MEM, *PRESETS):
            for name in sorted(set(re.findall(rb"[^\s,()<>|&+*/^-]+", statement.value)) & set(watched.names.blocks)):
                text = name.decode(errors="replace")
                yield Advice("length-of-block", statement.line, name, f"here it means the length; write `{text}!`")


def unused(watched: Watched) -> Iterator[Advice]:
    """A name that nothing uses."""
    names: set[bytes] = set()
    for statement in watched.statements:
        names |= used(statement.operands)
        if statement.kind in PRESETS:
            names.add(statement.name)
    for kind, name, line in watched.definitions:
        if name not in names:
            yield Advice(
                "unused", line, name, f"the {_kind(kind)} is not used; remove it, or look for a slip in its name"
            )


def whole_for_fraction(watched: Watched) -> Iterator[Advice]:
    """A preset of 1 where 1.0 may have been meant."""
    for preset in watched.presets:
        if preset.register[0] != registers.SFRS and preset.number.value in MEANT_AS_ONE and not preset.number.flags:
            whole = preset.number.value
            sentence = (
                f"the smallest step, not {whole}.0; write {'0.9999999' if whole == 1 else '-1.0'} if that is meant"
            )
            yield Advice("whole-for-fraction", preset.line, preset.number.text, sentence)


def chained_power(watched: Watched) -> Iterator[Advice]:
    """a^b^c, which the vendor's assembler reads the other way round."""
    for line, text in _expressions(watched):
        if POWERS.search(text):
            sentence = "done from left to right; the vendor's assembler to 2.4.2 begins at the right: use parentheses"
            yield Advice("chained-power", line, text, sentence)


def negated_operand(watched: Watched) -> Iterator[Advice]:
    """A minus behind an operator, where the vendor's assembler goes wrong."""
    for line, text in _expressions(watched):
        if NEGATED.search(text):
            sentence = (
                "the vendor's assembler to 2.4.2 can get a minus behind an operator wrong; write it first, or 0-x in "
            )
            yield Advice("negated-operand", line, text, sentence + "parentheses")


def old_suffix(watched: Watched) -> Iterator[Advice]:
    """Suffixes that the vendor's documents give up."""
    for statement in watched.statements:
        if statement.first[:1] == b"." and statement.first[-2:] == b".I" and len(statement.first) > 2:
            yield Advice("old-suffix", statement.line, statement.first, f"`.I` is deprecated; {INSTEAD[b'.I']}", True)
        for word in re.findall(rb"[^\s,]*\.[LUI](?![0-9A-Z_.#!])", statement.operands):
            suffix = word[-2:]
            sentence = f"`{suffix.decode()}` is deprecated; {INSTEAD[suffix]}"
            yield Advice("old-suffix", statement.line, word, sentence)


def jzc(watched: Watched) -> Iterator[Advice]:
    """JZC, which older assemblers get wrong."""
    for statement in watched.statements:
        if statement.kind == b"JZC":
            sentence = "assemblers to the vendor's 2.4.2 give it the word of JZ: make HEX files from there anew"
            yield Advice("jzc", statement.line, statement.first, sentence, True)


def bit_of_set(watched: Watched) -> Iterator[Advice]:
    """A bit number of SET so large that it selects the other pin."""
    for instruction in watched.instructions:
        for number in instruction.numbers:
            if number.kind == "b" and number.bits & 0x20 and b"USER1" not in number.text:
                sentence = f"there are bits 0 to 31; this is bit {number.bits & 31} for USER1: write "
                yield Advice("bit-of-set", instruction.line, number.text, f"{sentence}`USER1|{number.bits & 31}`")


def shadowing(watched: Watched) -> Iterator[Advice]:
    """A name that is something else as well."""
    taken = dict.fromkeys(isa.mnemonics(), "an instruction")
    taken |= dict.fromkeys(registers.names(), "a register")
    taken |= dict.fromkeys(words.words(), "a reserved word")
    for kind, name, line in watched.definitions:
        other = taken.get(name)
        if kind in (LABEL, RN) and name in watched.names.constants:
            other = "a constant"
        elif kind == LABEL and name in watched.names.aliases:
            other = "an alias"
        elif kind in (LABEL, RN) and name in watched.names.blocks:
            other = "a block of delay memory"
        if other:
            yield Advice(
                "shadowing", line, name, f"the {_kind(kind)} has the name of {other}; give it another one", True
            )


RULES: tuple[Rule, ...] = (
    cut_fraction,
    tap_outside,
    lost_fraction,
    length_of_block,
    unused,
    whole_for_fraction,
    chained_power,
    negated_operand,
    old_suffix,
    jzc,
    bit_of_set,
    shadowing,
)


def _exact(value: Value) -> Fraction:
    return Fraction(value) if isinstance(value, int) else Fraction(*value)


def _mnemonic(word: int) -> str:
    decoded = decode(word)
    return decoded[0] if decoded else ""


def _kind(kind: object) -> str:
    return KINDS[kind] if isinstance(kind, (str, bytes)) else ""


def _expressions(watched: Watched) -> Iterator[tuple[int, bytes]]:
    """Every text that is computed, with its line."""
    for instruction in watched.instructions:
        yield from ((instruction.line, number.text) for number in instruction.numbers)
    for statement in watched.statements:
        if statement.kind in (EQU, MEM, *PRESETS):
            yield statement.line, statement.value
