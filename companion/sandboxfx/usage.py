# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How much of the chip a program uses, as far as its words and presets tell."""

from dataclasses import dataclass

from fxasm import decoder
from fxasm.contents import presets, words
from fxcore.program import MAX_INSTRUCTIONS, Program

DELAY_WORDS = 32768
MREGS = 128
CORE_REGISTERS = 16
# These keep something in R15, or take it from there, without naming it.
USE_R15 = {"APA", "APB", "APRA", "APRB", "APRRA", "APRRB", "APMA", "APMB", "CHR"}
KINDS = {"c": "R", "d": "R", "m": "MR"}


@dataclass(frozen=True)
class Use:
    """One kind of thing that the chip has a number of."""

    name: str
    used: int
    available: int


def usage(program: Program, delay_words: int = 0) -> list[Use]:
    """Returns what a program uses.

    :param delay_words: how many words of delay memory its source reserves; more count if instructions name more
    """
    registers = {name for name in presets(program) if name.lstrip("MR").isdigit()}
    for word in words(program):
        mnemonic, operands = decoder.decode(word) or ("", [])
        if mnemonic in USE_R15:
            registers.add("R15")
        for kind, number in operands:
            if kind in KINDS:
                registers.add(f"{KINDS[kind]}{number}")
            elif kind == "a":
                delay_words = max(delay_words, number + 1)
    named = [name for name in registers if name.startswith("MR")]
    core = [name for name in registers - set(named) if int(name[1:]) < CORE_REGISTERS]
    return [
        Use("instructions", program.instructions, MAX_INSTRUCTIONS),
        Use("delay words", delay_words, DELAY_WORDS),
        Use("MREGs", len(named), MREGS),
        Use("core registers", len(core), CORE_REGISTERS),
    ]
