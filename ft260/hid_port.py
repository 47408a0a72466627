# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Where the bridge meets CircuitPython's USB: the only file of this package that imports the board's modules."""

import usb_hid

from ft260.mailbox import SRAM, SRAM_SIZE, Mailbox


def devices():
    """Returns what boot.py hands to usb_hid.enable()."""
    from ft260 import descriptor

    return descriptor.devices(usb_hid.Device)


def prime():
    """Answers the host's first GET_REPORTs, which come 100 ms after the bus is up: code.py's first act."""
    address = id(usb_hid.devices[0]) if usb_hid.devices else 0
    return Mailbox(_memory(SRAM, SRAM_SIZE), address)


def open_port(mailbox, tell):
    """Returns the Port of the running board, or None if boot.py did not enable its devices.

    :param mailbox: what prime() returned
    :param tell: called with one sentence for each thing that does not work here
    """
    import supervisor

    from ft260.dpram import Dpram
    from ft260.port import Port

    found = _devices()
    if not found:
        return None
    dpram = None
    memory = _memory(0x50100000, 0x1000)
    if memory is None:
        tell("bridge: no access to the USB buffers here, only reports of 63 bytes arrive")
    else:
        dpram = Dpram(memory)
    if not mailbox.usable:
        tell("bridge: this CircuitPython keeps its reply buffers elsewhere, feature reports read as zeros")
    return Port(dpram, found, mailbox, lambda: supervisor.runtime.usb_connected)


def _devices():
    """Returns the usb_hid.Device of each report ID; nothing if there is none."""
    from adafruit_hid import find_device

    from ft260.descriptor import PARTS, USAGE_PAGE

    try:
        find_device(usb_hid.devices, usage_page=USAGE_PAGE, usage=len(PARTS), timeout=0)
    except ValueError:
        return {}
    except OSError:
        pass  # it is there; the host need not be, yet
    found = {}
    for device in usb_hid.devices:
        if device.usage_page == USAGE_PAGE:
            for report_id in PARTS[device.usage - 1]:
                found[report_id] = device
    return found


def _memory(start, length):
    try:
        from memorymap import AddressRange
    except ImportError:
        return None
    return AddressRange(start=start, length=length)
