# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The chip without the chip: an FXCore that runs programs on this computer."""

from sandboxfx.simulator.machine import Machine

__all__ = ["Machine"]
