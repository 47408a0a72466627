# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The axes of the fault matrix: the steps of an upload, and what can happen to the transfer of a step."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import pytest

from host_tests.boards.pedal import Pedal
from host_tests.boards.virtual.i2c.bus import Attempt

COMMANDS = {
    "RETURN_0": "0e 00", "EXIT_PRG": "5a a5", "ENTER_PRG": "a5 5a 30", "XFER_CREG": "01 0f", "XFER_MREG": "04 7f",
    "XFER_SFR": "02 0b", "XFER_PRG": "08 02", "EXEC_FROM_RAM": "0d 00", "WRITE_PRG": "0c 03",
}  # fmt: skip
BLOCKS = {"CREG": 66, "MREG": 514, "SFR": 50, "PRG": 14}  # bytes, with three instructions
STATUS = 12
LOOK_MS = 2.0  # clock_look_ms: coarse and quick, nothing is measured here

LEAVE = ("RETURN_0", "EXIT_PRG")
LOAD = tuple(step for section in BLOCKS for step in (f"XFER_{section}", section, f"status after {section}"))
# Of a chip that runs another program, file 3.hex.
RUN_STEPS = (*LEAVE, "ENTER_PRG", "status after ENTER_PRG", *LOAD, "EXEC_FROM_RAM")
BURN_STEPS = (*RUN_STEPS[:-1], "WRITE_PRG", "status after WRITE_PRG", *LEAVE)
WRITE_PRG = BURN_STEPS.index("WRITE_PRG")
# One of each kind, for faults that treat all of a kind alike.
KINDS = ("RETURN_0", "ENTER_PRG", "status after ENTER_PRG", "XFER_MREG", "MREG", "status after MREG", "PRG")


def length_of(step: str) -> int:
    """Bytes of the step's transfer."""
    return BLOCKS.get(step) or (len(bytes.fromhex(COMMANDS[step])) if step in COMMANDS else STATUS)


def is_step(step: str) -> Callable[[Attempt], bool]:
    """For Bus.fault: each transfer of this step; of any status if it is one."""
    if step in BLOCKS:
        return lambda attempt: attempt.kind == "w" and attempt.length == BLOCKS[step]
    if step in COMMANDS:
        return lambda attempt: attempt.data == bytes.fromhex(COMMANDS[step])
    return lambda attempt: attempt.kind == "r"


def has_data(attempt: Attempt) -> bool:
    """For Bus.fault: all transfers but the probes of an address."""
    return attempt.length > 0


class From:
    """For Bus.fault: every transfer, probes too, from the step-th with data on."""

    def __init__(self, step: int) -> None:
        self._left = step

    def __call__(self, attempt: Attempt) -> bool:
        if self._left >= 0 and attempt.length:
            self._left -= 1
        return self._left < 0


class Trouble(NamedTuple):
    """What happens to a transfer, and the class of the error that it is when it lasts."""

    name: str
    kind: str
    passed: float | None  # how much of the data has passed, 0..1; None: the address is concerned
    number: int

    def at_byte(self, length: int) -> int | None:
        """For Bus.fault."""
        if self.passed is None:
            return None
        return round(self.passed * (length - 1 if self.kind == "nak_data" else length))

    def strike(self, board: Pedal, steps: tuple[str, ...], step: int) -> None:
        """Scripts it for that one of the coming transfers."""
        # The bus does not count transfers that are too short for it.
        at_byte = self.at_byte(length_of(steps[step]))
        possible = [self.kind != "nak_data" or "status" not in name for name in steps[:step]]
        fitting = [at_byte is None or length_of(name) >= at_byte + (self.kind == "nak_data") for name in steps[:step]]
        number = sum(a and b for a, b in zip(possible, fitting, strict=True))
        board.i2c.fault(self.kind, step=number, match=has_data, at_byte=at_byte)


TROUBLES = (
    Trouble("address refused", "nak_address", None, 2),
    Trouble("a byte refused", "nak_data", 0.5, 3),
    Trouble("last byte refused", "nak_data", 1, 3),
    Trouble("stalls at once", "timeout", 0, 3),
    Trouble("arrives and stalls", "timeout", 1, 3),
)


def each(steps: Sequence[str], only: Iterable[str] = ()) -> pytest.MarkDecorator:
    """Parametrizes `step`, a number: of each step, or of those named."""
    chosen = [number for number, name in enumerate(steps) if name in (only or steps)]
    return pytest.mark.parametrize("step", chosen, ids=[f"{number} {steps[number]}" for number in chosen])


def every(steps: Sequence[str], only: Iterable[str] = ()) -> pytest.MarkDecorator:
    """Parametrizes `step`, a number, and `trouble`: each step, or those named, with each trouble it can have."""
    return pytest.mark.parametrize(
        ("step", "trouble"),
        [
            pytest.param(number, trouble, id=f"{number} {name}: {trouble.name}")
            for number, name in enumerate(steps)
            for trouble in TROUBLES
            if name in (only or steps) and (trouble.kind != "nak_data" or "status" not in name)
        ],
    )
