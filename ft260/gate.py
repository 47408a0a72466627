# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Endpoint 0 with a gate: a control request waits until it has been looked at, one after the other.

CircuitPython answers GET_REPORT by itself as soon as TinyUSB sees the setup packet, and keeps a SET_REPORT only if it
has the declared length. TinyUSB sees the packet through one interrupt. While that is masked the controller keeps the
packet, and the host waits with its data (RP2040 datasheet 4.1.2.5): an answer can be made right before it is given, and
what is set stays in the buffer until the next request is let in.

A gate that stays closed is a board that answers nobody: whoever closes it opens it in every ending.
"""

from ft260.layout import (
    ATOMIC_CLEAR,
    ATOMIC_SET,
    EP0_BUFFER,
    EP0_OUT_CONTROL,
    EP0_SETUP,
    INTE,
    INTR,
    MARK,
    PACKET,
    RECEIVED,
    SEEN,
    SETUP_REQ,
    SETUP_REQ_BIT,
    SETUP_REQ_BYTE,
    STATE,
)

_SET_REPORT = b"\x21\x09"  # the first two bytes of its setup packet (HID 1.11, 7.2)


class Gate:
    """Made open.

    :param dpram: the USB controller's memory, read and written by index and slice
    :param registers: the controller's registers, four bytes at a time
    """

    def __init__(self, dpram, registers):
        self._dpram, self._registers = dpram, registers
        self.pending = None  # ID and size of a SET_REPORT that was let in and whose data has not been taken
        self.open()

    def open(self):
        """Everything passes, unseen."""
        self._registers[INTE + ATOMIC_SET : INTE + ATOMIC_SET + 4] = SETUP_REQ

    def close(self):
        """From now on requests wait for `let_in`."""
        self._registers[INTE + ATOMIC_CLEAR : INTE + ATOMIC_CLEAR + 4] = SETUP_REQ
        self._mark()

    def waiting(self):
        """True if a request waits. While `dpram[MARK]` is SEEN none does: that look costs no memory."""
        if self._registers[INTR : INTR + 4][SETUP_REQ_BYTE] & SETUP_REQ_BIT:
            return True
        self._mark()
        return False

    def _mark(self):
        """Marks the packet that TinyUSB has taken; one that came in just then is no such packet."""
        dpram = self._dpram
        dpram[MARK] = SEEN
        if self._registers[INTR : INTR + 4][SETUP_REQ_BYTE] & SETUP_REQ_BIT:
            dpram[MARK] = 0

    def announced(self):
        """Returns the ID of the report that the host wants to set, 0 if the request that waits is another one."""
        dpram = self._dpram
        setup = dpram[EP0_SETUP : EP0_SETUP + 8]
        # No data, or more than a packet of it: not for us.
        return setup[2] if setup[:2] == _SET_REPORT and 0 < setup[6] <= PACKET and not setup[7] else 0

    def let_in(self, announced=0):
        """TinyUSB gets the request that waits, and no other. `announced`: what `announced` said."""
        dpram, registers = self._dpram, self._registers
        self.pending = None
        if announced:
            self.pending = announced, dpram[EP0_SETUP + 6]
            dpram[EP0_BUFFER] = 0  # no ID: what is found there later is the data
        registers[INTE + ATOMIC_SET : INTE + ATOMIC_SET + 4] = SETUP_REQ
        registers[INTE + ATOMIC_CLEAR : INTE + ATOMIC_CLEAR + 4] = SETUP_REQ
        self._mark()

    def received(self):
        """Returns the report that was set, ID first, once all of it is there, else None. Only while one is pending."""
        report_id, size = self.pending
        control = self._dpram[EP0_OUT_CONTROL : EP0_OUT_CONTROL + 2]
        if control[0] != size or control[1] & STATE != RECEIVED or self._dpram[EP0_BUFFER] != report_id:
            return None
        self.pending = None
        return self._dpram[EP0_BUFFER : EP0_BUFFER + size]
