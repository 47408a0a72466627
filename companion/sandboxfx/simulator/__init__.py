# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip without the chip: an FXCore that runs programs on this computer."""

from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.unproven import Unproven, unproven

__all__ = ["Machine", "Unproven", "unproven"]
