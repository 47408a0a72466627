# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The PC's half of FXCore Sandbox."""

from importlib.metadata import version

__version__ = version("sandboxfx")
