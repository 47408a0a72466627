# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`make demo`: the whole device on a virtual board, live on a terminal or played through as text."""
