# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What boot.py chose for USB, and what a host made of it."""

import struct
from collections.abc import Callable
from typing import Any

from host_tests.boards.virtual.device_time import DeviceTime
from host_tests.boards.virtual.memory import SRAM_START, Memory

CONFIGURED_MS = 140.0  # pull-up to configured, on a patient PC
ENUMERATION = 16  # requests a host makes up to that; so that it takes as long as on the emulated board
CONFIGURATION, HID_DESCRIPTORS, HID_INTERVAL = SRAM_START + 0xF0D0 + 84, 32, 8  # where 10.0.3 has it, and what it says
ADDRESS = 7  # what the host gives to the board
STOCK = (0x2E8A, 0x101F, ["Waveshare Electronics", "RP2040-Zero", "0000000000000000"])


class Usb:
    """`states`: (t_ms, "attached" / "configured" / "detached"). `hid_devices`: None until a program asked.

    `on_configured()`: a host has configured the board.
    """

    def __init__(self, time: DeviceTime, memory: Memory, host_present: bool) -> None:
        self._time, self._memory = time, memory
        self.host_present = host_present
        self.on_configured: Callable[[], None] = lambda: None
        self.states: list[tuple[float, str]] = []
        self.configured = False
        self.hid_interval = 0  # ms in which the host asks the interrupt endpoints: as it found it in the descriptor
        self._requests = 0
        self.reset()

    def reset(self) -> None:
        """The chip starts anew: all as CircuitPython has it when boot.py says nothing."""
        if self.states and self.states[-1][1] != "detached":
            self.states.append((self._time.now_ms, "detached"))
        self.configured = False
        self._memory.usb.reset()
        self.console_enabled, self.data_enabled, self.drive_enabled, self.midi_enabled = True, False, True, True
        self.hid_devices: list[Any] | None = None
        self.vid, self.pid, strings = STOCK
        self.strings = list(strings)

    def identify(self, manufacturer: str | None, product: str | None, vid: int, pid: int) -> None:
        self.vid, self.pid = (vid if vid >= 0 else self.vid), (pid if pid >= 0 else self.pid)
        for k, text in enumerate((manufacturer, product)):
            if text is not None:
                self.strings[k] = text

    def attach(self) -> None:
        """The pull-up goes on."""
        self.new_vm()
        self._memory.store(CONFIGURATION, self._hid_descriptors())
        self.states.append((self._time.now_ms, "attached"))
        if self.host_present:
            attached, self._requests = len(self.states), ENUMERATION
            self._time.waiting.append(self._served)
            self._time.at(self._time.now_ms + CONFIGURED_MS, lambda: self._enumerate(attached))

    def _served(self) -> None:
        """While the interpreter compiles, the host gets one request answered between two files."""
        self._requests -= 1
        if self._requests:
            self._time.waiting.append(self._served)

    def _enumerate(self, attached: int) -> None:
        if len(self.states) != attached:
            return  # gone meanwhile
        if self._time.blocked and self._requests:
            self._time.at(self._time.now_ms + 1, lambda: self._enumerate(attached))
            return
        self.configured = True
        self._memory.usb.address = ADDRESS
        self.hid_interval = self._memory.load(CONFIGURATION, HID_DESCRIPTORS)[-1]
        self.states.append((self._time.now_ms, "configured"))
        self.on_configured()

    def _hid_descriptors(self) -> bytes:
        """What the configuration descriptor says of the HID interface: CircuitPython makes it before code.py runs."""
        hid = next((each for each in self.interfaces if each["class"] == 3), None)
        if hid is None:
            return bytes(HID_DESCRIPTORS)
        made = struct.pack("<BBBBBBBBB", 9, 4, hid["number"], 0, 2, 3, 0, 0, 0)
        made += struct.pack("<BBHBBBH", 9, 0x21, 0x0111, 0, 1, 0x22, 197)
        for address in (0x80 | hid["in"], hid["out"]):
            made += struct.pack("<BBBBHB", 7, 5, address, 3, 64, HID_INTERVAL)
        return made

    def new_vm(self) -> None:
        self._memory.lay_out_hid(self.hid_devices or [])

    @property
    def interfaces(self) -> list[dict[str, int]]:
        """number, class, in and out endpoint of each interface, in the firmware's order."""
        kinds = [(2, 1, 0), (10, 1, 1)] * (self.console_enabled + self.data_enabled)
        kinds += [(8, 1, 1)] * self.drive_enabled + [(3, 1, 1)] * bool(self.hid_devices)
        kinds += [(1, 0, 0), (1, 1, 1)] * self.midi_enabled
        made, endpoint = [], 0
        for number, (usb_class, has_in, has_out) in enumerate(kinds):
            endpoint += has_in
            made.append({"number": number, "class": usb_class, "in": endpoint * has_in, "out": endpoint * has_out})
        return made
