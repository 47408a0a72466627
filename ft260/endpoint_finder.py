# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Finds the HID OUT endpoint and what TinyUSB keeps about it, and takes it over."""

from ft260.first_answers import SRAM, SRAM_SIZE
from ft260.layout import (
    ACTIVE,
    BUFFER_CONTROL,
    DPRAM,
    ENABLED_INTERRUPT,
    EP_IN,
    EP_OUT,
    INTERRUPT,
    NOTE,
    PACKET,
    PACKET_SIZE,
    PROTOCOL,
    RX,
    STATIC,
    TYPE,
    USER_BUFFER,
)
from ft260.out_endpoint import OutEndpoint

_STEP = 1024


class EndpointFinder:
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
            if self._dpram[at + 3] & ENABLED_INTERRUPT == ENABLED_INTERRUPT:
                self._number, self._at = number, at
                for k, where in enumerate((at, at + BUFFER_CONTROL, self._buffer())):
                    self._pointers[4 * k : 4 * k + 4] = (DPRAM + where).to_bytes(4, "little")
                return

    def _buffer(self):
        return self._dpram[self._at] & 0xC0 | self._dpram[self._at + 1] << 8

    def _find_struct(self):
        found = self._ram[self._searched : self._searched + _STEP + 11].find(self._pointers)
        if found >= 0:
            self._hw = self._searched + found
        self._searched += _STEP
        self.failed = not self._hw and self._searched >= STATIC

    def _claim(self):
        ram, hw = self._ram, self._hw
        active = ram[hw + ACTIVE]
        buffer = ram[hw + USER_BUFFER : hw + USER_BUFFER + 4] if active else self._dpram[NOTE : NOTE + 4]
        hidd = int.from_bytes(buffer, "little") + PACKET - SRAM
        if self._is_ours(hidd, active):
            self._dpram[NOTE : NOTE + 4] = buffer
            out = OutEndpoint(self._dpram, ram, self._at + BUFFER_CONTROL, self._buffer(), hw, hidd + EP_OUT, buffer)
            if not active:
                out.open()  # a packet from before this program ran is dropped
            return out
        self.failed = bool(active)  # else TinyUSB is about to open it
        return None

    def _is_ours(self, hidd, active):
        ram, hw, number = self._ram, self._hw, self._number
        kind = ram[hw + RX : hw + RX + 2], ram[hw + PACKET_SIZE : hw + PACKET_SIZE + 2], ram[hw + TYPE]
        if kind != (bytes((1, number)), bytes((PACKET, 0)), INTERRUPT) or not 0 < hidd < SRAM_SIZE - PACKET:
            return False
        # An endpoint that is not active and has an owner will be opened by TinyUSB.
        owners = (0, number) if active else (0,)
        return ram[hidd + EP_IN] == 0x80 | number and ram[hidd + EP_OUT] in owners and not ram[hidd + PROTOCOL]
