# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What CircuitPython answers to GET_REPORT, written straight into its reply buffers.

No Python call fills those buffers, but their addresses stand in the C struct of the usb_hid.Device, and id() is the
address of that struct. Offsets as in CircuitPython 9.2 and 10.0 (usb_hid_device_obj_t with six IDs), checked before
they are believed. Loaded before everything else on the board, where 1 KB of code takes 20 ms: kept short.
"""

SRAM = 0x20000000
SRAM_SIZE = 0x42000

# The struct: 6 pointers to reply buffers from +8, then from +64 six report IDs, their in and their out lengths.
_IDS = b"\xa0\xa1\xb0\xc0\xc2\xd0"
_LENGTHS = b"\x3f\x3f\x3f\x3f\x00\x3f" + b"\x3f" * 6

# The answers until the bridge gives others (AN_394 4.4.1, 4.4.2, 4.7, 4.5.1).
FIRST = (
    (0xA0, b"\x02\x60\x02\x00" + bytes(8)),  # an FT260
    (0xA1, b"\x01\x02\x00\x01\x01" + bytes(19)),  # chip_mode 1: I2C only; 48 MHz; ready; I2C enabled
    (0xB0, bytes(4)),
    (0xC0, b"\x20\x64\x00\x00"),  # idle, 100 kHz: a host may divide by the clock
)


class Mailbox:
    """The reply buffers of the feature reports.

    :param ram: SRAM, read and written by index and slice; None where it is out of reach
    :param int address: id() of the Device with the feature reports
    """

    def __init__(self, ram, address):
        self._ram = ram
        self._at = {}
        self._status_at = 0
        base = address - SRAM
        if ram is None or not 0 < base < SRAM_SIZE - 88 or ram[base + 64 : base + 82] != _IDS + _LENGTHS:
            return
        for report, _ in FIRST:
            pointer = base + 8 + 4 * _IDS.index(bytes((report,)))
            at = int.from_bytes(ram[pointer : pointer + 4], "little") - SRAM
            if not 0 < at < SRAM_SIZE - 64:
                self._at = {}
                return
            self._at[report] = at
        self._status_at = at  # C0 is the last of FIRST
        for report, payload in FIRST:
            self.store(report, payload)

    @property
    def usable(self):
        """False if the buffers were not found: then none is ever written, and GET_REPORT answers zeros."""
        return bool(self._at)

    def store(self, report, payload):
        """Answers GET_REPORT(`report`) with `payload` (without the ID) from now on."""
        at = self._at.get(report)
        if at:
            self._ram[at : at + len(payload)] = payload

    def show(self, status):
        """Changes only the status in report C0."""
        if self._status_at:
            self._ram[self._status_at] = status
