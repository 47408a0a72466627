# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Puts the Port together from what the board has."""

import sys

from ft260.endpoint_finder import EndpointFinder
from ft260.first_answers import SRAM, SRAM_SIZE
from ft260.gate import Gate
from ft260.layout import DPRAM, DPRAM_SIZE, REGISTERS, REGISTERS_SIZE
from ft260.port import Port
from ft260.reports import PARTS, USAGE_PAGE


def open_port(devices, find_device, memory, connected, replies, tell):
    """Returns the Port, or None if the bridge's devices are not among those enabled.

    :param devices: usb_hid.devices
    :param find_device: that of adafruit_hid
    :param memory: returns a window on memory at (start, length), None if there is none
    :param connected: tells whether the host has the device configured and awake
    """
    _forget("adafruit_hid", "ft260.opening", "ft260.endpoint_finder")
    if not _present(devices, find_device):
        return None
    by_id = {}
    for device in devices:
        if device.usage_page == USAGE_PAGE:
            for report_id in PARTS[device.usage - 1]:
                by_id[report_id] = device
    if not replies.usable:
        tell("bridge: this CircuitPython keeps its reply buffers elsewhere, feature reports read as zeros")
    dpram, ram = memory(DPRAM, DPRAM_SIZE), memory(SRAM, SRAM_SIZE)
    registers = memory(REGISTERS, REGISTERS_SIZE)
    finder = gate = None
    if dpram is None or ram is None or registers is None:
        tell("bridge: no access to the USB buffers here, only reports of 63 bytes arrive")
    else:
        finder, gate = EndpointFinder(dpram, ram), Gate(dpram, registers)
    return Port(by_id, replies, connected, finder, gate, tell)


def _present(devices, find_device):
    try:
        find_device(devices, usage_page=USAGE_PAGE, usage=len(PARTS), timeout=0)
    except ValueError:
        return False
    except OSError:
        pass  # it is there; the host need not be, yet
    return True


def _forget(*names):
    """Drops modules that have done their work: their code goes with the last object that uses it."""
    for name in names:
        del sys.modules[name]
        package, _, leaf = name.rpartition(".")
        if package:
            delattr(sys.modules[package], leaf)
