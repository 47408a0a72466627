# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The engine's text: plain functions on integers and arrays, and nothing else.

Python runs them as they are; `sandboxfx.simulator.compiled` has numba compile the same functions. For both to give the
same bits, every value stays within 64 bits, signed, and there is no float. Nothing here knows of files, sound or names.
"""
