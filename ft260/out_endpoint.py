# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The HID OUT endpoint, held back until each packet has been taken.

CircuitPython passes on only reports of exactly the declared length, and TinyUSB opens the endpoint again before a
program can have looked. Here TinyUSB is made to leave it alone (its hidd_interface_t names no OUT endpoint any more):
a packet then stays in the controller's memory, with its length, and the host has to wait with the next one until
`take` opens the endpoint as TinyUSB does. So nothing is lost however long the interpreter is kept from looking.
"""

from ft260.layout import ACTIVE, AVAILABLE, CLOSED, IN_CONTROL, NEXT_PID, OPEN, USER_BUFFER


class OutEndpoint:
    """`dpram[flags]`, with STATE and RECEIVED, tells whether a packet is there: too often needed for a call.

    :param dpram: the USB controller's memory, read and written by index and slice
    :param ram: SRAM, likewise
    :param int control: where the endpoint's buffer control word lies in DPRAM; that of IN is 4 before it
    :param int buffer: where its packet lies there
    :param int hw: where its hw_endpoint lies in SRAM
    :param int owner: where in SRAM TinyUSB's HID interface names its OUT endpoint
    :param bytes user_buffer: address of TinyUSB's buffer for it
    """

    def __init__(self, dpram, ram, control, buffer, hw, owner, user_buffer):
        self.dpram, self._ram = dpram, ram
        self.flags = control + 1
        self._control, self._buffer, self._owner = control, buffer, owner
        self._next_pid, self._transfer_at, self._active = hw + NEXT_PID, hw + USER_BUFFER, hw + ACTIVE
        self._transfer = user_buffer + bytes(4)  # user_buf, remaining_len, xferred_len
        self.keep()

    def missed(self):
        """True if a packet came that nobody took: no ID is 0, and `take` leaves a 0."""
        return self.dpram[self._buffer] != 0

    def take(self):
        """Returns the packet, and lets the host send the next one. Only if there is one."""
        dpram, buffer = self.dpram, self._buffer
        packet = dpram[buffer : buffer + dpram[self._control]]
        dpram[buffer] = 0
        self.open()
        return packet

    def fetched(self):
        """True if the host has fetched the last input report."""
        return not self.dpram[self._control + IN_CONTROL + 1] & AVAILABLE

    def keep(self):
        """To be called at control requests: the host may have configured the board anew, then TinyUSB has it back."""
        if self._ram[self._owner]:
            self._ram[self._owner] = 0

    def open(self):
        """As TinyUSB's hw_endpoint_start_next_buffer. No jumps between the lines: TinyUSB could run there."""
        ram, dpram, control = self._ram, self.dpram, self._control
        pid = ram[self._next_pid] & 1
        ram[self._next_pid] = pid ^ 1
        ram[self._transfer_at : self._transfer_at + 8] = self._transfer
        ram[self._active] = 1
        dpram[control : control + 4] = CLOSED[pid]
        dpram[control : control + 4] = OPEN[pid]
