# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What it prints lands in boot_out.txt, which is rewritten when it differs: so it prints always the same."""

from sandbox.usb_setup import set_up

set_up()

print("FXCore Sandbox")
