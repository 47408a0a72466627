# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command line: main.py is the entry, and each group of commands has a file of its own."""
