# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Instruction words for tests, by mnemonic and the operands in the order of the source."""

from fxasm import isa


def word(mnemonic: str, *operands: int) -> int:
    """Returns one word; operands are numbers: of a register, a bit pattern, an address."""
    opcode, letters = isa.find(mnemonic.encode())
    fields = {"R": 0, "M": 0}
    assert len(letters) == len(operands), (mnemonic, letters, operands)
    for letter, operand in zip(letters, operands, strict=True):
        in_r = letter in isa.IN_R
        fields["R" if in_r else "M"] = operand & (0xFF if in_r else 0xFFFF)
    return opcode << 24 | fields["R"] << 16 | fields["M"]


ACC32, FLAGS = 16, 17
IN0, OUT0 = 0, 4
