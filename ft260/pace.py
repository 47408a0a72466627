# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Has the host ask the bridge every millisecond, where CircuitPython says eight.

The configuration descriptor is in RAM, made after boot.py. A host reads it 100 ms after the pull-up at the earliest
(USB 2.0, 7.1.7.3), and code.py starts 40 ms after the pull-up: just enough, so this is kept short.
"""

from ft260.layout import (
    ADDR_ENDP,
    CONFIGURATION,
    CONFIGURATION_END,
    ENDPOINT,
    ENDPOINT_ADDRESS,
    HID_DESCRIPTOR,
    HID_DESCRIPTOR_SIZE,
    INTERVAL,
)

_STEP = 1024


def set_interval(ram, registers, ms):
    """Returns True if the host will find this interval: 1 to 8 ms, 0 where none is known. Takes 4 ms at most.

    :param ram: SRAM, read and written by index and slice
    :param registers: those of the USB controller
    """
    if not ms or registers[ADDR_ENDP : ADDR_ENDP + 4][0]:
        return False  # the host has given the board an address, and may have read on
    for base in range(CONFIGURATION, CONFIGURATION_END, _STEP):
        found = ram[base : base + _STEP + len(HID_DESCRIPTOR)].find(HID_DESCRIPTOR)
        if found >= 0:
            first = base + found + HID_DESCRIPTOR_SIZE
            second = first + len(ENDPOINT)
            if not _is_endpoint(ram, first) or not _is_endpoint(ram, second):
                return False
            ram[first + INTERVAL] = ram[second + INTERVAL] = ms
            return True
    return False


def _is_endpoint(ram, at):
    found = ram[at : at + len(ENDPOINT)]
    found[ENDPOINT_ADDRESS] = 0
    return found == ENDPOINT
