# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What CircuitPython answers to GET_REPORT, written straight into its reply buffers.

No Python call fills those buffers, but their addresses stand in the C struct of the usb_hid.Device, and id() is the
address of that struct: usb_hid_device_obj_t with six IDs, the same in CircuitPython 9.2.7 and 10.0.3. From +8 pointers
to six reply buffers; from +64 six report IDs, their lengths to the host and from it; 88 bytes. first_answers.py, which
cannot wait, finds them.
"""

from ft260.first_answers import fill


class ReplyBuffers:
    """The reply buffers of the feature reports.

    :param ram: SRAM, read and written by index and slice; None where it is out of reach
    :param int address: id() of the Device with the feature reports

    `interval`: ms in which boot.py wants the host to ask for reports.
    `usable` is False if the buffers were not found: then none is ever written, and GET_REPORT answers zeros.
    """

    def __init__(self, ram, address):
        self._ram = ram
        self._at, self.interval = ({}, 0) if ram is None else fill(ram, address)
        self.usable = len(self._at) > 0

    def store(self, report, payload):
        """Answers GET_REPORT(`report`) with `payload` (without the ID) from now on."""
        if self.usable:
            at = self._at[report]
            self._ram[at : at + len(payload)] = payload
