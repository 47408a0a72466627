# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How a PC writes a drive, the same for the virtual board and the emulated one."""

PC_CLOCK = 1735689600  # the PC's date at power-on, 2025-01-01 UTC: file times follow the board's time
ORDERS = {
    "fat-first": "fat data dir",
    "data-first": "data fat dir",
    "dir-first": "dir fat data",
    "windows": "data dir fat",
    "empty-first": "empty fat data dir",  # a file of 0 bytes first, as many copy programs do
}
