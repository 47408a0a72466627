# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The firmware's version: its one home. hardware_id.json repeats it for the web editor, and a test compares the two."""

VERSION = "1.0.0"
