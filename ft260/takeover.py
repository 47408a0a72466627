# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Finds the HID OUT endpoint and what TinyUSB keeps about it, and takes it over.

Structs as in the TinyUSB of CircuitPython 9.2 and 10.0, each field checked before it is believed. Byte order: little.
"""

from ft260.endpoint import ACTIVE, SIZE, USER_BUFFER, OutEndpoint
from ft260.mailbox import SRAM, SRAM_SIZE

DPRAM = 0x50100000
DPRAM_SIZE = 0x1000
# The control word of OUT endpoint n lies at 8n + 4 in DPRAM, its buffer control word 0x80 behind it.
_ENABLED_INTERRUPT = 0x8C  # in byte 3 of the former

# hw_endpoint: before the three pointers rx, ep_addr, next_pid; at 20 wMaxPacketSize, active, transfer_type.
_RX, _PACKET_SIZE, _TYPE, _INTERRUPT = -3, 20, 23, 3
# hidd_interface_t (itf_num, ep_in, ep_out, itf_protocol ...) lies behind the HID buffers, the last of which is OUT's.
_EP_IN, _EP_OUT, _PROTOCOL = 1, 2, 3

_STATIC = 0x10000  # TinyUSB's variables are in the first 64 KiB of SRAM
_STEP = 1024
# Where the buffer's address is kept for the program after this one: at the end of DPRAM, which nobody uses.
_NOTE = 0xFFC


class Takeover:
    """:param dpram: the USB controller's memory, read and written by index and slice
    :param ram: SRAM, likewise

    `failed` is set if the endpoint is there but this is another TinyUSB, not to be touched.
    """

    def __init__(self, dpram, ram):
        self._dpram, self._ram = dpram, ram
        self._number = 0
        self._at = 0  # its control word in DPRAM
        self._pointers = bytearray(12)  # to control word, buffer control word and buffer: how hw_endpoint is found
        self._searched = 0
        self._hw = 0
        self.failed = False

    def step(self):
        """Goes on, for 1 ms at most. Returns the OutEndpoint once it is held, which needs a configured board."""
        if not self._number:
            self._find_number()
        elif not self._hw:
            self._find_struct()
        elif not self.failed:
            return self._claim()
        return None

    def _find_number(self):
        """It is the only interrupt OUT endpoint."""
        for number in range(1, 16):
            at = 8 * number + 4
            if self._dpram[at + 3] & _ENABLED_INTERRUPT == _ENABLED_INTERRUPT:
                self._number, self._at = number, at
                for k, where in enumerate((at, at + 0x80, self._buffer())):
                    self._pointers[4 * k : 4 * k + 4] = (DPRAM + where).to_bytes(4, "little")
                return

    def _buffer(self):
        return self._dpram[self._at] & 0xC0 | self._dpram[self._at + 1] << 8

    def _find_struct(self):
        found = self._ram[self._searched : self._searched + _STEP + 11].find(self._pointers)
        if found >= 0:
            self._hw = self._searched + found
        self._searched += _STEP
        self.failed = not self._hw and self._searched >= _STATIC

    def _claim(self):
        ram, hw = self._ram, self._hw
        active = ram[hw + ACTIVE]
        buffer = ram[hw + USER_BUFFER : hw + USER_BUFFER + 4] if active else self._dpram[_NOTE : _NOTE + 4]
        hidd = int.from_bytes(buffer, "little") + SIZE - SRAM
        if self._is_ours(hidd, active):
            self._dpram[_NOTE : _NOTE + 4] = buffer
            out = OutEndpoint(self._dpram, ram, self._at + 0x80, self._buffer(), hw, hidd + _EP_OUT, buffer)
            if not active:
                out.open()  # a packet from before this program ran is dropped
            return out
        self.failed = bool(active)  # else TinyUSB is about to open it
        return None

    def _is_ours(self, hidd, active):
        ram, hw, number = self._ram, self._hw, self._number
        kind = ram[hw + _RX : hw + _RX + 2], ram[hw + _PACKET_SIZE : hw + _PACKET_SIZE + 2], ram[hw + _TYPE]
        if kind != (bytes((1, number)), bytes((SIZE, 0)), _INTERRUPT) or not 0 < hidd < SRAM_SIZE - SIZE:
            return False
        # An endpoint that is not active and has an owner will be opened by TinyUSB.
        owners = (0, number) if active else (0,)
        return ram[hidd + _EP_IN] == 0x80 | number and ram[hidd + _EP_OUT] in owners and not ram[hidd + _PROTOCOL]
