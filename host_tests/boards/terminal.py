# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a terminal makes of a board's console."""

import re


def plain(text: str) -> str:
    """Console text without terminal title sequences and carriage returns."""
    return re.sub(r"\x1b\].*?(?:\x1b\\|\x07)", "", text, flags=re.S).replace("\r", "")
