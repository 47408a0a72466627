# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A program back to source that assembles to the same program under both numeric policies. For the PC only.

Names are made up: `skip1` for what is jumped to, `delay1` for a block of delay memory that is written at its head and
read further on. A block reaches from one place that is written to the next, and there is no gap.
"""

from collections.abc import Iterable

from fxasm import decoder, registers
from fxasm.contents import presets, words
from fxasm.decoder import Decoded
from fxcore.errors import Fault
from fxcore.program import Program

Block = tuple[str, int, int]  # name, first and last address

NO_INSTRUCTION = "no-instruction"
# Where these have a delay address, they write there.
WRITERS = ("WRDEL", "APB", "APRB")
DIRECTIVES = {registers.CORE: ".creg", registers.MREGS: ".mreg", registers.SFRS: ".sreg"}
OR_JZC = "or jzc"
JZ_NOTE = "; or jzc: assemblers to the vendor's 2.4.2 give JZC the word of JZ, so that may have been meant."


def disassemble(program: Program, title: str = "") -> str:
    """Returns the source of a program.

    :param fxcore.program.Program program: a checked program
    :param str title: what the first line says of it, for example the file's name
    :return: text with LF at the end of each line
    :raises Fault: NO_INSTRUCTION for a word that no source can give, or for a jump behind the end
    """
    decoded = _decode_all(words(program))
    blocks = delay_blocks(decoded)
    labels = _labels(decoded)
    head = ["; {}{} instructions".format(title + ": " if title else "", len(decoded))]
    if any(mnemonic == "JZ" for mnemonic, _ in decoded):
        head.append(JZ_NOTE)
    lines = head + _section(preset_lines(program)) + _section(_block_lines(blocks)) + [""]
    for place, (mnemonic, operands) in enumerate(decoded):
        if place in labels:
            lines.append(labels[place] + ":")
        texts = []
        for kind, number in operands:
            if kind == "a":
                texts.append(address_text(number, blocks))
            elif kind == "j":
                texts.append(labels[place + 1 + number])
            else:
                texts.append(decoder.operand_text(mnemonic, kind, number))
        lines.append(_statement(decoder.line(mnemonic, texts), OR_JZC if mnemonic == "JZ" else ""))
    return "\n".join(lines) + "\n"


def delay_blocks(decoded: Iterable[Decoded]) -> list[Block]:
    """Infers the blocks of delay memory from the addresses that instructions name.

    :return: from address 0 up without a gap; empty if no address is named
    """
    used = set()
    heads = {0}
    for mnemonic, operands in decoded:
        for kind, number in operands:
            if kind == "a":
                used.add(number)
                if mnemonic in WRITERS:
                    heads.add(number)
    if not used:
        return []
    starts = sorted(heads)
    ends = [start - 1 for start in starts[1:]] + [max(used)]
    return [("delay{}".format(i + 1), start, end) for i, (start, end) in enumerate(zip(starts, ends, strict=True))]


def preset_lines(program: Program) -> list[str]:
    """Returns the directives for the presets, the value as its raw word."""
    lines = []
    for name, value in presets(program).items():
        bank = registers.find(name.encode())[0]
        comment = _value_text(value, bank != registers.SFRS)
        text = "{:<9}{:<10}0x{:X}".format(DIRECTIVES[bank], name.lower(), value)
        lines.append(_statement(text, comment))
    return lines


def _value_text(value: int, may_be_fraction: bool) -> str:
    """Returns what a raw word means: a count, or what it is as a fraction of 1."""
    signed = value - (1 << 32) if value >> 31 else value
    if not may_be_fraction or -0x10000 <= signed <= 0x10000:
        return str(signed)
    millionths = (abs(signed) * 1000000 + (1 << 30)) >> 31
    return "{}{}.{:06d}".format("-" if signed < 0 else "", millionths // 1000000, millionths % 1000000)


def _block_lines(blocks: list[Block]) -> list[str]:
    lines = []
    for name, start, end in blocks:
        lines.append(_statement("{:<9}{:<10}{}".format(".mem", name, end - start), "{}..{}".format(start, end)))
    return lines


def address_text(address: int, blocks: list[Block]) -> str:
    """Returns an address as its place in its block: `delay1` for the head, `delay1#` for the end, or `delay1+5`."""
    for name, start, end in blocks:
        if start <= address <= end:
            if address == start:
                return name
            return name + "#" if address == end else "{}+{}".format(name, address - start)
    raise ValueError("the blocks hold every address that is named")


def _labels(decoded: list[Decoded]) -> dict[int, str]:
    """Returns a dict of place to label, for every place that is jumped to."""
    targets = set()
    for place, (mnemonic, operands) in enumerate(decoded):
        for kind, number in operands:
            if kind == "j":
                if place + 1 + number >= len(decoded):
                    detail = "instruction {}: {} goes behind the last instruction".format(place, mnemonic)
                    raise Fault(NO_INSTRUCTION, detail)
                targets.add(place + 1 + number)
    return {place: "skip{}".format(i + 1) for i, place in enumerate(sorted(targets))}


def _decode_all(all_words: list[int]) -> list[Decoded]:
    decoded, wrong = [], []
    for place, word in enumerate(all_words):
        found = decoder.decode(word)
        if found:
            decoded.append(found)
        else:
            wrong.append(place)
    if wrong:
        more = f", and {len(wrong) - 1} more" if wrong[1:] else ""
        word = all_words[wrong[0]]
        raise Fault(NO_INSTRUCTION, f"instruction {wrong[0]}: {word:08X} is the word of no instruction{more}")
    return decoded


def _section(lines: list[str]) -> list[str]:
    return [""] + lines if lines else []


def _statement(text: str, comment: str = "") -> str:
    return "        {:<32}; {}".format(text, comment) if comment else "        " + text
