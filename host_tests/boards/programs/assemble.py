# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A small FXCore assembler for the project's own programs: one statement per line, `;` comments, labels, forward jumps.

Directives: `.equ NAME VALUE`, `.mem NAME LENGTH` (delay memory, LENGTH + 1 words), `.creg Rn VALUE`, `.mreg MRn VALUE`,
`.sreg NAME VALUE`. A value is one term or several joined by `|` or `+`. A decimal point makes a fraction, which is
rounded down as the vendor's assembler does it.
"""

import re
from pathlib import Path

from host_tests.boards.programs.program import MAX_INSTRUCTIONS, Program, word

# Top byte, mnemonic, operands in the order of the source, each a kind and the field it goes to. Kinds: c core register,
# m MREG, s special function register, a delay address, i 16-bit integer, f fraction (S.15 in M, S.7 in R),
# u small integer, j label or offset.
TABLE = """
00 ABS cR        02 CLRACC64      04 ADDI cR iM    06 ADD cR cM     08 ADDS cR cM    0A ADDSI cR fM
0C SUB cR cM     0E SUBS cR cM    10 SL cR uM      12 SLR cR cM     14 SLS cR uM     16 SLSR cR cM
18 SR cR uM      1A SRR cR cM     1C SRA cR uM     1E SRAR cR cM    20 MACRR cR cM   22 MACRI cR fM
24 MACRD cR aM   26 MACID fR aM   28 MACHRR cR cM  2A MACHRI cR fM  2C MACHRD cR aM  2E MACHID fR aM
30 MULTRR cR cM  32 MULTRI cR fM  34 NEG cR        36 LOG2 cR       38 EXP2 cR       60 CPY_CC cR cM
62 CPY_CM cR mM  64 CPY_CS cR sM  66 CPY_MC mM cR  68 CPY_SC sM cR  6A CPY_CMX cR cM 80 RDACC64U cR
82 RDACC64L cR   84 LDACC64U cR   86 LDACC64L cR   88 RDDEL cR aM   8A WRDEL aM cR   8C RDDELX cR cM
8E WRDELX cR cM  90 RDDIRX cR cM  92 WRDIRX cR cM  94 SAT64 cR      96 WRDLD cR iM   A0 INV cR
A2 OR cR cM      A4 ORI cR iM     A6 AND cR cM     A8 ANDI cR iM    AA XOR cR cM     AC XORI cR iM
AE JGEZ cR jM    B0 JNEG cR jM    B2 JNZ cR jM     B4 JZ cR jM      B6 JZC cR jM     B8 JMP jM
C0 APA fR aM     C2 APB fR aM     C4 APRA cR aM    C6 APRB cR aM    C8 APRRA cR cM   CA APRRB cR cM
CC APMA cR mM    CE APMB cR mM    D0 CHR uR aM     D2 PITCH uR aM   D4 SET uM cR     D6 INTERP cR aM
"""
ENCODINGS = {
    name: (int(base, 16), operands.split())
    for base, name, operands in re.findall(r"\b([0-9A-F]{2}) ([A-Z]\w+)((?: [a-z][RM])*)", TABLE)
}

_POTS = [f"POT{n}{end}" for end in ("_K", "", "_SMTH") for n in range(6)]
_LFOS = [f"LFO{n}_F" for n in range(4)] + ["RAMP0_F", "RAMP1_F"] + [f"LFO{n}_{end}" for n in range(4) for end in "SC"]
_LAST = ["RAMP0_R", "RAMP1_R", "MAXTEMPO", "TAPTEMPO", "SAMPLECNT", "NOISE", "BOOTSTAT"]
SFRS = [f"IN{n}" for n in range(4)] + [f"OUT{n}" for n in range(4)] + ["PIN", "SWITCH", *_POTS, *_LFOS, *_LAST]
REGISTERS = {**{f"R{n}": n for n in range(16)}, "ACC32": 16, "FLAGS": 17}
CONSTANTS = {
    **{f"LFO{n}": 2 * n for n in range(4)},
    **{f"SW{n}DB": 1 << n for n in range(5)},
    "SIN": 0,
    "COS": 1,
    "POS": 0,
    "NEG": 8,
    "USER0": 0,
    "USER1": 0x20,
}
NAMES = {
    "c": REGISTERS,
    "m": {f"MR{n}": n for n in range(128)},
    "s": {name: number for number, name in enumerate(SFRS)},
}


def assemble_file(path: Path) -> Program:
    return assemble(path.read_text(encoding="ascii"))


def assemble(source: str) -> Program:
    """Two passes: labels, memory and constants first, then the words. Raises ValueError with the line."""
    program, labels = Program(), {}
    symbols: dict[str, float] = dict(CONSTANTS)
    statements: list[tuple[int, str]] = []
    memory = 0
    for number, line in enumerate(source.upper().splitlines(), 1):
        label, text = re.fullmatch(r"\s*(?:(\w+):)?\s*(.*?)\s*", line.partition(";")[0]).groups()  # type: ignore[union-attr]
        if label:
            labels[label] = len(statements)
        if text.startswith(".MEM"):
            _, name, value = text.split(None, 2)
            length = int(_value(value, symbols))
            symbols.update({name: memory, name + "#": memory + length, name + "!": length})
            memory += length + 1
        elif text.startswith("."):
            _directive(program, symbols, text)
        elif text:
            statements.append((number, text))
    if len(statements) > MAX_INSTRUCTIONS or memory > 0x8000:
        raise ValueError(f"{len(statements)} instructions, {memory} words of delay memory: too many")
    for position, (number, text) in enumerate(statements):
        try:
            program.words.append(_encode(text, position, labels, symbols))
        except (KeyError, ValueError) as error:
            raise ValueError(f"line {number}: {text}: {error}") from error
    return program


def _directive(program: Program, symbols: dict[str, float], text: str) -> None:
    kind, name, value = text.split(None, 2)
    number = _value(value, symbols)
    if kind == ".EQU":
        symbols[name] = number
        return
    preset = int(number * 0x7FFFFFFF) if isinstance(number, float) else number
    if kind == ".CREG":
        program.creg[REGISTERS[name]] = preset
    elif kind == ".MREG":
        program.mreg[NAMES["m"][name]] = preset
    elif kind == ".SREG":
        program.sfr[name] = preset
    else:
        raise ValueError(f"unknown directive {kind}")


def _encode(text: str, position: int, labels: dict[str, int], symbols: dict[str, float]) -> int:
    mnemonic, _, rest = text.partition(" ")
    base, kinds = ENCODINGS[mnemonic]
    given = [operand.strip() for operand in rest.split(",")] if rest else []
    if len(given) != len(kinds):
        raise ValueError(f"{len(kinds)} operands expected")
    fields = {"R": 0, "M": 0}
    for operand, (kind, where) in zip(given, kinds, strict=True):
        if kind == "j":
            fields[where] = labels[operand] - position - 1
            if fields[where] < 0:
                raise ValueError("jumps go forward only")
        elif kind in NAMES:
            fields[where] = NAMES[kind][operand]
        else:
            fields[where] = _immediate(kind, where, _value(operand, symbols))
    return word(base, fields["R"], fields["M"])


def _immediate(kind: str, where: str, value: float) -> int:
    if kind != "f":
        if not isinstance(value, int):
            raise ValueError("not an integer")
        return value
    if not -1.0 <= value < 1.0:
        raise ValueError("not a fraction")
    scaled = int(value * 0x7FFFFFFF // 1)
    return scaled >> 16 & 0xFFFF if where == "M" else scaled >> 24 & 0xFF


def _value(text: str, symbols: dict[str, float]) -> float:
    """Terms joined by `|` or `+`, from left to right."""
    terms = re.split(r"\s*([|+])\s*", text.strip())
    total = _term(terms[0], symbols)
    for operator, term in zip(terms[1::2], terms[2::2], strict=True):
        value = _term(term, symbols)
        total = int(total) | int(value) if operator == "|" else total + value
    return total


def _term(text: str, symbols: dict[str, float]) -> float:
    if text in symbols:
        return symbols[text]
    return float(text) if "." in text else int(text, 0)
