# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Where the bridge meets CircuitPython's USB: the only file of this package that imports the board's modules."""

import usb_hid

from ft260.first_answers import SRAM, SRAM_SIZE
from ft260.layout import REGISTERS, REGISTERS_SIZE
from ft260.reply_buffers import ReplyBuffers


def devices(interval):
    """Returns what boot.py hands to usb_hid.enable(). `interval`: ms, 1 to 8, in which the host asks."""
    from ft260 import descriptor

    return descriptor.devices(usb_hid.Device, interval)


def prime():
    """Returns the ReplyBuffers, with the first answers in them. What code.py did already is done once more."""
    address = id(usb_hid.devices[0]) if usb_hid.devices else 0
    ram, registers = _memory(SRAM, SRAM_SIZE), _memory(REGISTERS, REGISTERS_SIZE)
    replies = ReplyBuffers(ram, address)
    if replies.usable and registers is not None:
        from ft260.pace import set_interval

        set_interval(ram, registers, replies.interval)
    return replies


def open_port(replies, tell):
    """Returns the Port of the running board, or None if boot.py did not enable its devices.

    :param replies: what prime() returned
    :param tell: called with one sentence for each thing that does not work here
    """
    import supervisor
    from adafruit_hid import find_device

    from ft260.opening import open_port

    def connected():
        return supervisor.runtime.usb_connected

    return open_port(usb_hid.devices, find_device, _memory, connected, replies, tell)


def _memory(start, length):
    try:
        from memorymap import AddressRange
    except ImportError:
        return None
    try:
        return AddressRange(start=start, length=length)
    except ValueError:  # not granted here
        return None
