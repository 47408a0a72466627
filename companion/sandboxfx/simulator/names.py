# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Registers by name: R0..R15, ACC32, ACC64, FLAGS, MR0..MR127, the special function registers, USER0, USER1."""

from difflib import get_close_matches

from fxasm import registers
from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator.kernel import cells


def _sfr_cells() -> dict[str, int]:
    """Special function register -> cell, in the order of their numbers."""
    found = {}
    for row in registers.names():
        bank, number = registers.find(row)
        if bank == registers.SFRS and number < cells.ZERO - cells.SFR0:
            found[row.decode()] = cells.SFR0 + number
    return dict(sorted(found.items(), key=lambda item: item[1]))


SFR_CELLS = _sfr_cells()
CELL_NAMES: dict[str, int] = {
    **{f"R{i}": cells.R0 + i for i in range(16)},
    "ACC32": cells.ACC32,
    "ACC64": cells.ACC64,
    "FLAGS": cells.FLAGS,
    **{f"MR{i}": cells.MR0 + i for i in range(128)},
    **SFR_CELLS,
    "USER0": cells.USER0,
    "USER1": cells.USER1,
}


def cell_of(name: str) -> int:
    """Returns the number of the register's cell.

    :raises SandboxError: there is none of this name
    """
    cell = CELL_NAMES.get(name.upper())
    if cell is None:
        near = get_close_matches(name.upper(), CELL_NAMES, 1)
        cure = f"Did you mean {near[0]}?" if near else "R0, ACC32, MR5, LFO0_S, OUT0 and USER0 are registers."
        raise SandboxError("register", f"There is no register {name}.", cure, USAGE)
    return cell


def name_of(cell: int) -> str:
    """Returns the name of a register's cell, or an empty text where it has none."""
    return _NAMES.get(cell, "")


_NAMES = {cell: name for name, cell in CELL_NAMES.items()}
