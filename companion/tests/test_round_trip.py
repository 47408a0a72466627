# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Whatever program an assembler can have made: its source gives it again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fxasm import isa, registers
from fxasm.decoder import LARGEST
from host_tests.boards.programs.generate import to_hex
from host_tests.boards.programs.program import SFR_LAYOUT, Program
from sandboxfx import assemble, disassemble

WIDEST = {"g": 0xFF}


def allowed(letter: int) -> list[int]:
    """The registers that a program may read, or write, there."""
    kind = chr(letter)
    if kind in "sS":
        access = b"w" if kind == "S" else b"r"
        return [number for number in range(registers.LAST_SFR + 1) if access in registers.sfr(number)[1]]
    return list(range(registers.FLAGS if kind == "C" else LARGEST[kind.lower()] + 1))


@st.composite
def words(draw: st.DrawFn, left: int) -> int:
    """An instruction with `left` more behind it."""
    opcode, letters = isa.find(draw(st.sampled_from(isa.mnemonics())))
    word = opcode << 24
    for letter in letters:
        kind = chr(letter).lower()
        if kind == "j":
            if not left:
                return 0x02000000
            field = draw(st.integers(0, left - 1))
        elif kind in "cdms":
            field = draw(st.sampled_from(allowed(letter)))
        else:
            field = draw(st.integers(0, LARGEST.get(kind, WIDEST.get(kind, 0xFFFF))))
        word |= field << 16 if letter in isa.IN_R else field
    return word


@st.composite
def programs(draw: st.DrawFn) -> str:
    """The HEX file of a program with any presets."""
    length = draw(st.integers(1, 40))
    raw = st.integers(0, 0xFFFFFFFF)
    sfr = {name: draw(st.integers(0, 256**size - 1)) for name, (_, size) in SFR_LAYOUT.items() if draw(st.booleans())}
    pots = {f"POT{n}_K": draw(st.integers(0, 31)) for n in range(6)}
    return to_hex(
        Program(
            [draw(words(length - 1 - i)) for i in range(length)],
            creg=draw(st.dictionaries(st.integers(0, 15), raw)),
            mreg=draw(st.dictionaries(st.integers(0, 127), raw, max_size=8)),
            sfr={**sfr, **pots, "USR1": draw(st.integers(0, 1))},
        )
    )


@settings(deadline=None, max_examples=100)
@given(programs())
def test_its_source_gives_it_again_under_both_policies(text: str) -> None:
    source = disassemble(text)
    assert assemble(source).hex == text
    assert assemble(source, "nearest").hex == text
