# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Warnings: what the assembler takes, and what was hardly meant."""
