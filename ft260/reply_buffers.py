# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What CircuitPython answers to GET_REPORT, written straight into its reply buffers.

No Python call fills those buffers, but their addresses stand in the C struct of the usb_hid.Device. Loaded before
everything else on the board, where 1 KB of code takes 20 ms: kept short.
"""

from ft260.layout import DEVICE_SIZE, PACKET, REPLIES, REPORT_IDS, SRAM, SRAM_SIZE

# The IDs of the Device with the feature reports, and the lengths of all its reports; ft260.descriptor puts the interval
# in the place of one that is not used.
_IDS = b"\xa0\xa1\xb0\xc0\xc2\xd0"
_STRUCT = _IDS + b"\x3f\x3f\x3f\x3f\x00\x3f" + b"\x3f" * 6
_INTERVAL_AT = 10

# The answers until the bridge gives others (AN_394 4.4.1, 4.4.2, 4.7, 4.5.1), in the order of the struct.
FIRST = (
    b"\x02\x60\x02\x00" + bytes(8),  # A0: an FT260
    b"\x01\x02\x00\x01\x01" + bytes(19),  # A1: chip_mode 1, I2C only; 48 MHz; ready; I2C enabled
    bytes(4),  # B0
    b"\x41\x64\x00\x00",  # C0: busy until requests can be taken; 100 kHz: a host may divide by the clock
)


class ReplyBuffers:
    """The reply buffers of the feature reports.

    :param ram: SRAM, read and written by index and slice; None where it is out of reach
    :param int address: id() of the Device with the feature reports

    `interval`: ms in which boot.py wants the host to ask for reports.
    `usable` is False if the buffers were not found: then none is ever written, and GET_REPORT answers zeros.
    """

    def __init__(self, ram, address):
        self._ram, self._at, self.usable = ram, {}, False
        base = address - SRAM
        if ram is None or not 0 < base < SRAM_SIZE - DEVICE_SIZE:
            return
        ids = base + REPORT_IDS
        found = ram[ids : ids + len(_STRUCT)]
        self.interval = found[_INTERVAL_AT]
        found[_INTERVAL_AT] = 0
        if found != _STRUCT:
            return
        for k in range(len(FIRST)):
            pointer = base + REPLIES + 4 * k
            at = int.from_bytes(ram[pointer : pointer + 4], "little") - SRAM
            if not 0 < at < SRAM_SIZE - PACKET:
                return
            self._at[_IDS[k]] = at
        self.usable = True
        for k, answer in enumerate(FIRST):
            self.store(_IDS[k], answer)

    def store(self, report, payload):
        """Answers GET_REPORT(`report`) with `payload` (without the ID) from now on."""
        if self.usable:
            at = self._at[report]
            self._ram[at : at + len(payload)] = payload
