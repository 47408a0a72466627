# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The two ways in which a chip can be away, and how it comes back."""

from typing import Any

import pytest

from host_tests.boards.pedal import OUTAGE_MS, UPLOAD_MS, Pedal

RETRY_MS = 2000
BACK_MS = OUTAGE_MS + UPLOAD_MS
# Keywords of Pedal.
ABSENT = {"present": False}
UNPOWERED = {"supplied": False}

both = pytest.mark.parametrize("how", [ABSENT, UNPOWERED], ids=["absent", "unpowered"])


def give_back(board: Pedal) -> None:
    """The chip is plugged in, and the pedal switched on."""
    board.i2c.supply(True)
    if board.chip.address not in board.i2c.targets:
        board.plug_chip()


def take_away(board: Pedal, how: dict[str, Any]) -> None:
    if how == ABSENT:
        board.unplug_chip()
    else:
        board.i2c.supply(False)
