# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Where a debugger stops: at a line, at an address, or where a register meets a condition."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator.loading import Loaded
from sandboxfx.simulator.names import cell_of
from sandboxfx.simulator.samples import FULL_SCALE

COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
CONDITION = re.compile(r"([A-Za-z]\w*)\s*(==|!=|<=|>=|<|>)\s*(\S+)")
CURE = "Write a line of the source (12), an address (@5), or a condition (R3 > 0x100, OUT0 >= 0.5)."


@dataclass(frozen=True)
class Breakpoint:
    """One of them; either `address`, or a register with a comparison.

    :param text: as it was asked for
    """

    text: str
    address: int = -1
    register: str = ""
    comparison: str = "=="
    value: int = 0

    def holds(self, read: Callable[[str], int]) -> bool:
        """Whether the condition is met now."""
        return bool(self.register) and COMPARISONS[self.comparison](read(self.register), self.value)


def parse_breakpoint(text: str, program: Loaded) -> Breakpoint:
    """Returns the breakpoint that a text asks for.

    :raises SandboxError: it asks for none
    """
    asked = text.strip()
    found = CONDITION.fullmatch(asked)
    if found:
        register, comparison, value = found.groups()
        cell_of(register)
        return Breakpoint(asked, register=register.upper(), comparison=comparison, value=parse_value(value))
    if asked.startswith("@") and asked[1:].isdecimal():
        address = int(asked[1:])
        if address >= len(program.words):
            raise SandboxError("breakpoint", f"The program ends before address {address}.", CURE, USAGE)
        return Breakpoint(asked, address)
    if asked.isdecimal():
        return Breakpoint(asked, _address_of_line(int(asked), program))
    raise SandboxError("breakpoint", f"{asked or 'Nothing'} is no place to stop.", CURE, USAGE)


def parse_value(text: str) -> int:
    """A register's value: decimal, 0x..., 0b..., or with a point as a fraction of full scale.

    :raises SandboxError: it is none
    """
    try:
        if "." in text:
            return max(-FULL_SCALE, min(FULL_SCALE - 1, round(float(text) * FULL_SCALE)))
        value = int(text, 0)
    except (ValueError, OverflowError) as error:
        raise SandboxError("value", f"{text} is no number.", "Write 12, 0x1F or 0.25.", USAGE) from error
    is_unsigned_word = text[:2].lower() in ("0x", "0b") and FULL_SCALE <= value < 2 * FULL_SCALE
    return value - 2 * FULL_SCALE if is_unsigned_word else value


def _address_of_line(line: int, program: Loaded) -> int:
    """The first instruction on the line or behind it."""
    if not program.lines:
        raise SandboxError("breakpoint", "A HEX file has no lines.", "Write an address instead, such as @5.", USAGE)
    behind = [address for address, its_line in program.lines.items() if its_line >= line]
    if not behind:
        raise SandboxError("breakpoint", f"No instruction is on line {line} or behind it.", CURE, USAGE)
    return min(behind)
