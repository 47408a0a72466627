# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What Linux has to be told so that everybody at the computer may open a board, and nobody else probes it."""

from sandboxfx.find import IDENTITIES

# Before 73, where the tag uaccess is looked at.
PLACE = "/etc/udev/rules.d/60-sandboxfx.rules"
HEAD = """\
# FXCore Sandbox: who sits at the computer may use the board's USB-I2C bridge and its console;
# ModemManager leaves the console alone. Written by: sandboxfx setup-linux
"""


def rules() -> str:
    """Returns the text of the rules file."""
    lines = []
    for vendor, product in sorted(IDENTITIES):
        board = f'ATTRS{{idVendor}}=="{vendor:04x}", ATTRS{{idProduct}}=="{product:04x}"'
        lines.append(f'SUBSYSTEM=="hidraw", {board}, TAG+="uaccess"')
        lines.append(f'SUBSYSTEM=="tty", {board}, TAG+="uaccess", ENV{{ID_MM_DEVICE_IGNORE}}="1"')
    return HEAD + "\n".join(lines) + "\n"
