# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Ways to a board: each is one small class behind the interface in base.py."""
