# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The board's faults as they are told on this computer: the same sentences, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from fxcore import errors
from fxcore.errors import Fault
from sandboxfx.errors import BOARD_GONE, FAILED, TOOK_TOO_LONG, SandboxError

# Code -> the board's sentence, and the cure.
CHIP_FAULTS = {
    errors.ADDRESS_NAK: (
        "no chip answers at the address",
        "Is the pedal powered, are SDA, SCL and ground connected, is the address switch right?",
    ),
    errors.NO_PULLUPS: (
        "the bus has no power or no pull-ups",
        "SDA and SCL need pull-ups to 3.3 V; is the pedal powered?",
    ),
    errors.DATA_NAK: ("the chip did not acknowledge data", "Try again; if it stays, look at the wires."),
    errors.BUS_TIMEOUT: ("a transfer timed out", "Try again; if it stays, look at the wires."),
    errors.BUS_STUCK: ("a bus line is held low", "Switch the pedal off and on; if it stays, look at the wires."),
    errors.CHIP_ERROR: ("the chip reports an error", "Try again; if it stays, switch the pedal off and on."),
    errors.FLASH_ERROR: ("the chip could not write its flash", "Burn into another slot: this one may be worn."),
    errors.NOT_RECEIVED: ("the chip did not take a block", "Try again; if it stays, look at the wires."),
    errors.SLOT_NOT_SET: ("the chip did not keep the program", "Burn it again; if it stays, take another slot."),
    errors.STATUS_UNREADABLE: ("the chip's status cannot be read", "Try again; if it stays, look at the wires."),
}


def fault_error(fault: Fault, subject: str) -> SandboxError:
    """Returns the error for a fault of the bus or the chip.

    :param subject: whom it is about, such as the chip's address
    """
    sentence, cure = CHIP_FAULTS[fault.code]
    detail = f" ({fault.detail})" if fault.detail else ""
    return SandboxError(fault.code, f"{subject}: {sentence}{detail}.", cure, FAILED)


@contextmanager
def told(subject: str) -> Iterator[None]:
    """Turns what goes wrong with a board into the one kind of error that its user sees.

    :param subject: whom a fault of the bus is about
    """
    try:
        yield
    except Fault as fault:
        raise fault_error(fault, subject) from fault
    except TimeoutError as error:
        cure = "Press RESET on it, or plug it in again."
        raise SandboxError("too-long", "The board does not take a report.", cure, TOOK_TOO_LONG) from error
    except ConnectionError as error:
        raise SandboxError("board-gone", "The board is gone.", "Plug it in again.", BOARD_GONE) from error
