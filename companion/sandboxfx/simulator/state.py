# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A machine's registers and memory, by group and by name."""

import math

from sandboxfx.simulator.kernel import cells
from sandboxfx.simulator.names import cell_of
from sandboxfx.simulator.store import Store
from sandboxfx.simulator.views import Delay, Pots, Registers, Words, word

LFO_CELLS = range(cells.LFO0_S, cells.LFO0_S + 8)


class State:
    """By group: `core`, `mreg`, `sfr`, `delay`, `acc32`, `acc64`, `flags`, `pots`.

    By name: `state["R3"]`, `state["ACC64"]`, `state["MR7"]`, `state["LFO0_S"] = 0x40000000`, `state["USER0"]`;
    `state["DEL100"]` is the delay word that address 100 reads in this pass, `state["DIR100"]` the same without the
    counter. Values are signed; unsigned ones of the same width can be set as well.
    """

    def __init__(self, store: Store, pots_settle: bool) -> None:
        self._store = store
        self.core = Words(store.cells, cells.R0, 16)
        self.mreg = Words(store.cells, cells.MR0, 128)
        self.sfr = Registers(self)
        self.delay = Delay(store.cells, store.delay)
        self.pots = Pots(store.cells, pots_settle)

    @property
    def acc32(self) -> int:
        """ACC32, signed."""
        return self["ACC32"]

    @acc32.setter
    def acc32(self, value: int) -> None:
        self["ACC32"] = value

    @property
    def acc64(self) -> int:
        """ACC64, 64 bits, signed."""
        return self["ACC64"]

    @acc64.setter
    def acc64(self, value: int) -> None:
        self["ACC64"] = value

    @property
    def flags(self) -> int:
        """FLAGS, 16 bits."""
        return self["FLAGS"]

    @flags.setter
    def flags(self, value: int) -> None:
        self["FLAGS"] = value

    @property
    def user(self) -> tuple[int, int]:
        """The levels of USER0 and USER1."""
        return self["USER0"], self["USER1"]

    def set(self, **values: int) -> None:
        """Sets registers by name: `machine.set(R0=1, DEL9=0x4000)`."""
        for name, value in values.items():
            self[name] = value

    def __getitem__(self, name: str) -> int:
        address = _delay_address(name)
        if address is None:
            value = int(self._store.cells[cell_of(name)])
            return 0 if value == cells.UNWRITTEN else value
        return self.delay[address] if name[:3].upper() == "DEL" else int(self._store.delay[address])

    def __setitem__(self, name: str, value: int) -> None:
        address = _delay_address(name)
        if address is None:
            self._set_cell(cell_of(name), word(value, 64 if name.upper() == "ACC64" else 32))
        elif name[:3].upper() == "DEL":
            self.delay[address] = value
        else:
            self._store.delay[address] = word(value, 16)

    def _set_cell(self, cell: int, value: int) -> None:
        state = self._store.cells
        state[cell] = value
        if cells.OUT0 <= cell < cells.OUT0 + 4:
            state[cell - cells.OUT0 + cells.LAST_OUT] = value
        elif cell in LFO_CELLS:
            number = (cell - cells.LFO0_S) // 2
            sine, cosine = state[cells.LFO0_S + 2 * number], state[cells.LFO0_S + 2 * number + 1]
            state[cells.PHASES + number] = round(math.atan2(sine, cosine) / math.tau * (1 << 52)) % (1 << 52) << 10


def _delay_address(name: str) -> int | None:
    """The address in a name like DEL100 or DIR100, or None where it is another register's name."""
    if name[:3].upper() not in ("DEL", "DIR") or not name[3:].isdecimal():
        return None
    address = int(name[3:])
    return address if address < cells.DELAY_WORDS else None
