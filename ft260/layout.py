# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Where things lie in the RP2040's USB controller, in TinyUSB and in CircuitPython's usb_hid: the one place that knows.

The controller's numbers are from the RP2040 datasheet. The structs are those of CircuitPython 9.2.7 and 10.0.3 for this
board, from their source, and checked on both; each field is compared before it is believed. Little endian.
"""

# Memory ranges; memorymap grants exactly these, and SRAM.
DPRAM, DPRAM_SIZE = 0x50100000, 0x1000  # the controller's (datasheet 4.1.2.5)
REGISTERS, REGISTERS_SIZE = 0x50110000, 0x4000  # its registers (4.1.4), only four bytes at a time

# ---- Registers ----
ATOMIC_SET, ATOMIC_CLEAR = 0x2000, 0x3000  # where each register has bits set and cleared (2.1.2)
ADDR_ENDP = 0x00  # the board's address in its low bits, 0 until the host gives it one
INTR, INTE = 0x8C, 0x90  # interrupts before and after the mask
SETUP_REQ = b"\x00\x00\x01\x00"  # bit 16: a setup packet has come
SETUP_REQ_BYTE, SETUP_REQ_BIT = 2, 1

# ---- DPRAM ----
# The high byte of a setup packet's wIndex, which our requests do not use: SEEN there tells a packet that was looked at.
MARK, SEEN = 0x005, 0xA5
# The setup packet of endpoint 0, its buffer, and the buffer control word of its OUT half.
EP0_SETUP, EP0_BUFFER, EP0_OUT_CONTROL = 0x000, 0x100, 0x084
# OUT endpoint n has its control word at 8n + 4, its buffer control word 0x80 behind it, that of IN 4 before the latter.
BUFFER_CONTROL, IN_CONTROL = 0x80, -4
# In byte 3 of an endpoint control word: enabled, and of which type.
KIND = ENABLED_INTERRUPT = 0x8C
ENABLED_BULK = 0x88
# In byte 1 of a buffer control word: the buffer is the controller's; it holds a packet.
AVAILABLE, FULL = 0x04, 0x80
STATE, RECEIVED = AVAILABLE | FULL, FULL  # a packet is there if byte & STATE == RECEIVED
# The word that opens an OUT endpoint, by data PID: 64 bytes, first not yet the controller's, then its (4.1.2.5.1).
CLOSED = (b"\x40\x50\x00\x00", b"\x40\x70\x00\x00")
OPEN = (b"\x40\x54\x00\x00", b"\x40\x74\x00\x00")
# Nobody uses the end: there the address of TinyUSB's buffer is kept for the program after this one.
NOTE = 0xFFC
PACKET = 64  # bytes, report ID included
# The drive (USB mass storage, bulk-only transport): what a command begins with, and where the number of the command is
# that an answer belongs to.
MASS_STORAGE_COMMAND, MASS_STORAGE_TAG = b"USBC", 4

# ---- TinyUSB: hw_endpoint, counted from its field endpoint_control ----
# Before it rx, ep_addr, next_pid; it and two more pointers; user_buf, wMaxPacketSize, active, transfer_type.
RX, NEXT_PID, USER_BUFFER, PACKET_SIZE, ACTIVE, TYPE = -3, -1, 12, 20, 22, 23
INTERRUPT = 3
# ---- TinyUSB: hidd_interface_t (itf_num, ep_in, ep_out, itf_protocol ...) lies behind the HID buffers, last OUT's ----
EP_IN, EP_OUT, PROTOCOL = 1, 2, 3
STATIC = 0x10000  # TinyUSB's variables are in the first 64 KiB of SRAM

# ---- CircuitPython: the configuration descriptor, behind TinyUSB: at 0xFC14 in 9.2.7, at 0xF0D0 in 10.0.3 ----
CONFIGURATION, CONFIGURATION_END = 0xF000, 0x11000
# In it the HID descriptor (1.11, one report descriptor; its length follows), two endpoints: interrupt, 64 bytes, 8 ms.
HID_DESCRIPTOR, HID_DESCRIPTOR_SIZE = b"\x09\x21\x11\x01\x00\x01\x22", 9
ENDPOINT, ENDPOINT_ADDRESS, INTERVAL = b"\x07\x05\x00\x03\x40\x00\x08", 2, 6
