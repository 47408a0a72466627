# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What TinyUSB keeps about the HID OUT endpoint, in the firmware's memory, and what it does with a packet.

The interrupt takes a packet into TinyUSB's buffer at once. Its task, between two bytecodes, hands it to CircuitPython
and opens the endpoint again, but only if the HID interface names that endpoint as its own.
"""

import struct

from host_tests.boards.virtual.memory import DPRAM_START, SRAM_START, Memory
from host_tests.boards.virtual.signals import BoardError

# Where things lie in CircuitPython 10.0.3: the HID buffer for OUT, hidd_interface_t behind it, hw_endpoint.
HID_BUFFER, HIDD, HW_ENDPOINT = SRAM_START + 0xB2B0, SRAM_START + 0xB2F0, SRAM_START + 0xCB58
EP_OUT, NEXT_PID, USER_BUFFER, ACTIVE = 2, 3, 16, 26  # offsets in the last two
AVAILABLE, FULL, CLEARED = 1 << 10, 1 << 15, 0x5000  # of a buffer control word, which has the length in bits 0 to 9
PACKET = 64


class OutEndpoint:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._number = self._control = self._buffer = 0

    def configure(self, interface: int, number: int, control: int, buffer: int) -> None:
        """The host has configured the board. `control` and `buffer`: in DPRAM."""
        self._number, self._control, self._buffer = number, control, buffer
        pointers = (DPRAM_START + control - 0x80, DPRAM_START + control, DPRAM_START + buffer)
        endpoint = struct.pack("<BBBB3I", 0, 1, number, 0, *pointers) + struct.pack("<IHHHBB", 0, 0, 0, PACKET, 0, 3)
        self._memory.store(HW_ENDPOINT, endpoint)
        self._memory.store(HIDD, struct.pack("<BBBBHBB", interface, 0x80 | number, number, 0, 0, 1, 0))
        self._open()

    @property
    def is_open(self) -> bool:
        """True if the controller takes a packet."""
        return bool(self._word() & AVAILABLE)

    def receive(self, packet: bytes) -> None:
        """The controller has taken a packet, and its interrupt has come."""
        self._memory.dpram[self._buffer : self._buffer + len(packet)] = packet
        self._set_word(self._word() & ~(AVAILABLE | 0x3FF) | FULL | len(packet))
        into, left = struct.unpack("<IH", self._memory.load(HW_ENDPOINT + USER_BUFFER, 6))
        if not self._memory.load(HW_ENDPOINT + ACTIVE, 1)[0] or into != HID_BUFFER or left:
            raise BoardError("the firmware has halted: a packet for an endpoint that TinyUSB has not opened")
        self._memory.store(HID_BUFFER, packet)
        self._memory.store(HW_ENDPOINT + USER_BUFFER, bytes(8))
        self._memory.store(HW_ENDPOINT + ACTIVE, b"\0")

    def serve(self) -> bool:
        """TinyUSB's task. True: CircuitPython gets the packet."""
        if self._memory.load(HIDD + EP_OUT, 1)[0] != self._number:
            return False
        self._open()
        return True

    def _open(self) -> None:
        pid = self._memory.load(HW_ENDPOINT + NEXT_PID, 1)[0]
        self._memory.store(HW_ENDPOINT + NEXT_PID, bytes((pid ^ 1,)))
        self._memory.store(HW_ENDPOINT + USER_BUFFER, struct.pack("<IHH", HID_BUFFER, 0, 0))
        self._memory.store(HW_ENDPOINT + ACTIVE, b"\1")
        self._set_word(CLEARED | AVAILABLE | PACKET | pid << 13)

    def _word(self) -> int:
        return int.from_bytes(self._memory.dpram[self._control : self._control + 4], "little")

    def _set_word(self, word: int) -> None:
        self._memory.dpram[self._control : self._control + 4] = word.to_bytes(4, "little")
