# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Fixtures: a whole board, virtual."""

from host_tests.boards.pedal import pedal as pedal
