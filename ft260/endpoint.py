# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The HID OUT endpoint, held back until each packet has been taken.

CircuitPython passes on only reports of exactly the declared length, and TinyUSB opens the endpoint again before a
program can have looked. Here TinyUSB is made to leave it alone (its hidd_interface_t names no OUT endpoint any more):
a packet then stays in the controller's memory, with its length, and the host has to wait with the next one until
`take` opens the endpoint as TinyUSB does. So nothing is lost however long the interpreter is kept from looking.

Structs as in the TinyUSB of CircuitPython 9.2 and 10.0, each field checked before it is believed. Byte order: little.
"""

from ft260.mailbox import SRAM

SIZE = 64  # of a packet, report ID included
DPRAM = 0x50100000

# Endpoint and buffer control words (RP2040 datasheet 4.1.2.5): those of OUT endpoint n lie at 8n + 4 and 8n + 0x84.
_ENABLED_INTERRUPT = 0x8C  # in byte 3 of the former: enabled, type interrupt
_AVAILABLE = 0x04  # in byte 1 of the latter: the buffer is the controller's
_CLOSED = (b"\x40\x50\x00\x00", b"\x40\x70\x00\x00")  # 64 bytes, the last of its transfer, by data PID
_OPEN = (b"\x40\x54\x00\x00", b"\x40\x74\x00\x00")

# hw_endpoint, from its field endpoint_control on; before it: rx, ep_addr, next_pid.
_NEXT_PID, _USER_BUFFER, _PACKET_SIZE, _ACTIVE, _TYPE, _END = -1, 12, 20, 22, 23, 24
_INTERRUPT = 3
# hidd_interface_t lies behind the HID buffers, of which the packet's is the last: itf_num, ep_in, ep_out, ...
_EP_OUT = 2

_STATIC = 0x10000  # TinyUSB's variables are in the first 64 KiB of SRAM
_STEP = 4096


class OutEndpoint:
    """:param dpram: the USB controller's memory, read and written by index and slice
    :param ram: SRAM, likewise
    """

    def __init__(self, dpram, ram):
        self._dpram, self._ram = dpram, ram
        self._number = 0
        self._searched = 0  # how far SRAM has been looked through for this endpoint's hw_endpoint
        self._hw = None
        self._ep_out = 0  # where hidd_interface_t has it
        self._control = self._buffer = 0
        self._user_buffer = b""
        self.in_control = 0  # byte 1 of the buffer control word of the IN endpoint
        self.found = False
        self.failed = False  # another TinyUSB: not to be touched

    def search(self):
        """Goes on looking for the endpoint, a few ms at a time: it exists once the host has configured the board."""
        if not self._number:
            self._find_number()
        elif not self.failed and not self.found:
            self._find_struct()

    def _find_number(self):
        for number in range(1, 16):
            at = 8 * number
            if self._dpram[at + 7] & _ENABLED_INTERRUPT == _ENABLED_INTERRUPT:
                self._number = number
                self._control, self.in_control = at + 0x84, at + 0x81
                self._buffer = self._dpram[at + 4] & 0xC0 | self._dpram[at + 5] << 8
                return

    def _find_struct(self):
        pointers = bytearray(12)
        for k, at in enumerate((8 * self._number + 4, self._control, self._buffer)):
            pointers[4 * k : 4 * k + 4] = (DPRAM + at).to_bytes(4, "little")
        at = self._ram[self._searched : self._searched + _STEP + len(pointers)].find(pointers)
        if at >= 0:
            self._check(self._searched + at)
        self._searched += _STEP
        self.failed = not self.found and self._searched >= _STATIC
