# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the drive's commands leave in the USB controller's memory: last packets and data PIDs."""

import struct

from host_tests.boards.virtual.memory import Memory
from host_tests.boards.virtual.usb.usb import Usb

MASS_STORAGE = 8  # interface class
TEST_UNIT_READY, READ_10, WRITE_10 = 0x00, 0x28, 0x2A
PACKET = 64
OUT, IN = 4, 0  # an endpoint's control word, behind 8 times its number; its buffer control word is 0x80 behind that
PID = 0x20  # in byte 1 of a buffer control word


class MassStorage:
    def __init__(self, memory: Memory, usb: Usb) -> None:
        self._memory, self._usb = memory, usb
        self._tag = 0

    def command(self, code: int, sent: bytes = b"") -> None:
        """The host gives a command with these data, and has got the answer."""
        drive = next((each for each in self._usb.interfaces if each["class"] == MASS_STORAGE), None)
        if drive is None or not self._usb.configured:
            return
        self._tag += 1
        out, into = 8 * drive["out"] + OUT, 8 * drive["in"] + IN
        self._packet(out, struct.pack("<4sIIBBB16s", b"USBC", self._tag, len(sent), 0, 0, 10, bytes((code,))))
        for at in range(0, len(sent), PACKET):
            self._packet(out, sent[at : at + PACKET])
        self._packet(into, struct.pack("<4sIIB", b"USBS", self._tag, 0, 0))

    def _packet(self, control: int, content: bytes) -> None:
        dpram = self._memory.dpram
        buffer = int.from_bytes(dpram[control : control + 2], "little") & 0xFFC0
        dpram[buffer : buffer + len(content)] = content
        dpram[control + 0x81] ^= PID
