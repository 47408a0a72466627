# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How a machine's state looks from outside: words are signed numbers; unsigned ones can be set as well."""

from collections.abc import Iterator, MutableMapping, MutableSequence
from typing import Protocol

from sandboxfx.simulator.kernel import cells
from sandboxfx.simulator.names import SFR_CELLS

POTS = 6
POT_STEPS = 4095
POT_SHIFT = 19


def word(value: int, bits: int = 32) -> int:
    """A number of so many bits, signed or unsigned, as a signed one.

    :raises OverflowError: it does not fit
    """
    number = int(value)
    if not -(1 << (bits - 1)) <= number < 1 << bits:
        raise OverflowError(f"{number} does not fit into {bits} bits")
    return number - (1 << bits) if number >> (bits - 1) == 1 else number


class ByName(Protocol):
    """Registers by name."""

    def __getitem__(self, name: str) -> int: ...

    def __setitem__(self, name: str, value: int) -> None: ...


class Words:
    """Some registers in a row: `machine.core[3]`, `machine.mreg[127]`.

    :param state: the cells
    :param first: the cell of number 0
    :param count: how many there are
    """

    def __init__(self, state: MutableSequence[int], first: int, count: int) -> None:
        self._state, self._first, self._count = state, first, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return (self[number] for number in range(self._count))

    def __getitem__(self, number: int) -> int:
        return int(self._state[self._cell(number)])

    def __setitem__(self, number: int, value: int) -> None:
        self._state[self._cell(number)] = word(value)

    def _cell(self, number: int) -> int:
        if not 0 <= number < self._count:
            raise IndexError(f"there are registers 0 to {self._count - 1}")
        return self._first + number


class Registers(MutableMapping[str, int]):
    """The special function registers by name: `machine.sfr["LFO0_F"] = 44977`.

    :param all_names: where registers of every kind are found by name
    """

    def __init__(self, all_names: ByName) -> None:
        self._all_names = all_names

    def __getitem__(self, name: str) -> int:
        return self._all_names[_sfr(name)]

    def __setitem__(self, name: str, value: int) -> None:
        self._all_names[_sfr(name)] = value

    def __delitem__(self, name: str) -> None:
        raise TypeError("a register cannot be deleted")

    def __iter__(self) -> Iterator[str]:
        return iter(SFR_CELLS)

    def __len__(self) -> int:
        return len(SFR_CELLS)


def _sfr(name: str) -> str:
    if name.upper() not in SFR_CELLS:
        raise KeyError(name)
    return name


class Delay:
    """The delay memory as the pass sees it: `machine.delay[100]` is what address 100 reads, 16 bits, signed.

    The counter moves between two samples: what was set for address 100 is at 101 in the pass after the next.
    """

    def __init__(self, state: MutableSequence[int], memory: MutableSequence[int]) -> None:
        self._state, self._memory = state, memory

    def __len__(self) -> int:
        return cells.DELAY_WORDS

    def __getitem__(self, address: int) -> int:
        return int(self._memory[self._place(address)])

    def __setitem__(self, address: int, value: int) -> None:
        self._memory[self._place(address)] = word(value, 16)

    def _place(self, address: int) -> int:
        if not 0 <= address < cells.DELAY_WORDS:
            raise IndexError(f"delay addresses are 0 to {cells.DELAY_WORDS - 1}")
        return (address + int(self._state[cells.COUNTER])) % cells.DELAY_WORDS


class Pots:
    """The six pots, 0.0 to 1.0: `machine.pots[0] = 0.5`. They have 12 bits.

    :param settles: True where a pot that is set before the first sample is smooth from the start
    """

    def __init__(self, state: MutableSequence[int], settles: bool) -> None:
        self._state, self._settles = state, settles

    def __len__(self) -> int:
        return POTS

    def __iter__(self) -> Iterator[float]:
        return (self[number] for number in range(POTS))

    def __getitem__(self, number: int) -> float:
        return (int(self._state[cells.POT0 + self._checked(number)]) >> POT_SHIFT) / POT_STEPS

    def __setitem__(self, number: int, position: float) -> None:
        cell = cells.POT0 + self._checked(number)
        if not 0.0 <= position <= 1.0:
            raise ValueError(f"a pot is set to 0.0 to 1.0, not to {position}")
        self._state[cell] = round(position * POT_STEPS) << POT_SHIFT
        if self._settles and not self._state[cells.STARTED]:
            self._state[cell - cells.POT0 + cells.POT0_SMTH] = self._state[cell]

    @staticmethod
    def _checked(number: int) -> int:
        if not 0 <= number < POTS:
            raise IndexError("there are pots 0 to 5")
        return number
