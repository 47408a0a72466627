# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Does first what cannot wait, then runs the program, again after an exception. Short: it is compiled as a whole
before its first line runs, and the host asks soon."""

import usb_hid

if usb_hid.devices:
    try:
        from memorymap import AddressRange

        from ft260.first_answers import fill

        ram = AddressRange(start=0x20000000, length=0x42000)
        interval = fill(ram, id(usb_hid.devices[0]))[1]
        from ft260.pace import set_interval

        set_interval(ram, AddressRange(start=0x50110000, length=0x4000), interval)
    except Exception:
        pass  # told where the bridge imports it again

from time import monotonic
from traceback import format_exception

# An exception restarts the program, but not for ever: after three in a row it gives up, and the drive stays alive.
CRASHES = 3
IN_A_ROW_S = 60

crashes = 0
words = []
while crashes < CRASHES:
    started = monotonic()
    try:
        from sandbox.main import run

        run(words)
    except Exception as error:
        words = "".join(format_exception(error)).splitlines()
    crashes = 1 if monotonic() - started > IN_A_ROW_S else crashes + 1

from sandbox.after_crashes import give_up  # noqa: E402

give_up(words)
