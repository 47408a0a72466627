# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Sources for tests, and what is made of them."""

import random

from fxasm import isa, registers, words
from fxasm.assemble import Result, assemble
from fxcore.program import CREG, MREG, PRG, SFR, SUM_LENGTH, Section

SECTIONS = {"CREG": CREG, "MREG": MREG, "SFR": SFR, "PRG": PRG}
READABLE = [name.decode() for name in registers.names() if name not in (b"USR0", b"USR1")]


def words_of(source: str | bytes, rounding: str = "vendor") -> list[str]:
    """The instruction words of a source that has no error, as eight digits each."""
    result = assembled(source, rounding)
    return [f"{word:08X}" for word in section_words(result, PRG)[: result.count]]


def word_of(statement: str, rounding: str = "vendor") -> str:
    """The word of one instruction; what it needs comes before it."""
    return words_of(statement, rounding)[-1]


def assembled(source: str | bytes, rounding: str = "vendor") -> Result:
    result = assemble(source, rounding)
    assert not result.errors, said(result)
    return result


def section_words(result: Result, section: Section) -> list[int]:
    """The data of a section as 32-bit words."""
    data = bytes(result.program.block(section)[:-SUM_LENGTH])
    return [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]


def preset_of(source: str, rounding: str = "vendor") -> int:
    """What R0 holds when the program begins."""
    return section_words(assembled(source, rounding), CREG)[0]


def errors_of(source: str | bytes) -> list[tuple[str, int, int]]:
    """(kind, line, column) of each error."""
    return [(fault.code, fault.line, fault.column) for fault in assemble(source).errors]


def said(result: Result) -> list[str]:
    return [f"{fault.line}:{fault.column}: {fault.detail}" for fault in result.errors]


def random_source(seed: int, instructions: int) -> str:
    """A source without errors: every instruction, all kinds of operands, names before and after they are defined."""
    return "\n".join(_Writer(random.Random(seed)).lines(instructions)) + "\n"


class _Writer:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._length = chance.randrange(1, 9000)
        self._definitions = [
            ".equ half 0.5",
            ".equ third 1/3",
            ".equ later sooner*2+1",
            ".equ sooner 0x15",
            f".mem loop {self._length}",
            ".mem short 17/2",
            ".rn wet r3",
            ".rn kept mr77",
            ".rn rate lfo2_f",
            ".creg r5 -0.3",
            ".mreg kept third",
            ".sreg.i rate (2^31-1)*(2*3.14159265*0.7)/48000",
            ".sreg pot3_k 12",
        ]

    def lines(self, instructions: int) -> list[str]:
        body: list[str] = []
        for number in range(instructions):
            if self._chance.random() < 0.3:
                body.append(f"label{number}:" if self._chance.random() < 0.5 else "; a comment /* that opens nothing")
            body.append(self._instruction(number, instructions))
        for definition in self._definitions:
            body.insert(self._chance.randrange(len(body) + 1), definition)
        return [self._blanks(line) for line in body]

    def _blanks(self, line: str) -> str:
        line = line if self._chance.random() < 0.5 else line.upper()
        return " " * self._chance.randrange(4) + line + self._chance.choice(["", "  ", "\t; why", " // because"])

    def _instruction(self, number: int, count: int) -> str:
        mnemonic = self._chance.choice(isa.mnemonics())
        kinds = isa.find(mnemonic)[1]
        if b"j" in kinds and number == count - 1:
            mnemonic, kinds = b"NEG", b"c"
        operands = [self._operand(chr(kind), count - number - 2) for kind in kinds]
        return mnemonic.decode() + " " + self._chance.choice([", ", ",", " , "]).join(operands)

    def _operand(self, kind: str, furthest: int) -> str:
        choose = self._chance.choice
        number = self._chance.randrange
        if kind in "cCd":
            return choose([f"r{number(16)}", "acc32", "wet", *(["flags"] if kind != "C" else [])])
        if kind in "mM":
            return choose([f"mr{number(128)}", "kept"])
        if kind in "sS":
            access = b"w" if kind == "S" else b"r"
            rows = [registers.sfr(each) for each in range(registers.LAST_SFR + 1)]
            return choose([name.decode() for name, allowed, _, _ in rows if access in allowed])
        if kind in "fg":
            return choose(["half", "-third", f"{number(-1000, 1000) / 1000}", "3/-4", "0x1F", "0b11"])
        if kind == "a":
            return choose(["loop", "loop#", "loop!", "short + 1", str(number(32768)), "loop+loop!/2"])
        if kind == "i":
            return choose([str(number(-32768, 65536)), "later", "sooner<<2|1", "-7/2", "123456.u", "half*9.l", "3 * 4"])
        highest = {"n": 31, "q": 15, "p": 63, "b": 63, "j": min(furthest, 1023)}[kind]
        word = {"q": "lfo1|cos|neg", "p": "rmp1|l2048|xf3", "b": "user1|7"}.get(kind)
        return choose([str(number(highest + 1)), *([word] if word else [])])


WORDS = [word.decode() for word in words.words()]
