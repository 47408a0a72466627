# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The USB controller's memory (RP2040 datasheet 4.1.2.5), read over TinyUSB's shoulder.

A packet stays in its endpoint's buffer after TinyUSB has copied it, until the next one comes. CircuitPython passes on
only reports of exactly the declared length; here all of them can be seen.
"""

SIZE = 64  # of a packet, report ID included

# The last setup packet. Its bytes may come in at any moment, and TinyUSB reads them in its interrupt. So nothing may be
# written here but the high byte of wIndex, which requests to an interface do not use: it tells a known packet.
MARK, SEEN = 0x005, 0xA5

_SETUP = 0x000
_EP0_OUT_CONTROL = 0x084
_EP0_BUFFER = 0x100
_ENABLED_INTERRUPT = 0x8C  # in byte 3 of an endpoint control word: enabled, type interrupt
_AVAILABLE = 0x04  # in byte 1 of a buffer control word: the buffer is the controller's
_FULL = 0x80

_NOTHING = bytes(SIZE)


class Dpram:
    """:param memory: the 4 KiB, read and written by index and slice

    `out` is where the HID OUT endpoint's packet lies, None until it is found; its first byte is the report ID, or 0
    once the packet was taken.
    """

    def __init__(self, memory):
        self.memory = memory
        self.out = None
        self._in_control = None  # byte 1 of the HID IN endpoint's buffer control
        self._number = 0

    def search(self):
        """Looks at one more endpoint; the HID one is the only interrupt OUT endpoint. Returns True once it is found."""
        if self.out is None:
            self._number = self._number % 15 + 1
            at = 8 * self._number
            word = self.memory[at + 4 : at + 8]
            if word[3] & _ENABLED_INTERRUPT == _ENABLED_INTERRUPT:
                self._in_control = 0x81 + at
                self.out = word[0] & 0xC0 | word[1] << 8
                self.memory[self.out : self.out + SIZE] = _NOTHING  # from before the bridge ran
        return self.out is not None

    def take(self, into):
        """Moves the packet out and clears all of its place: behind a shorter one this one would show."""
        at = self.out
        into[:] = self.memory[at : at + SIZE]
        self.memory[at : at + SIZE] = _NOTHING

    def in_free(self):
        """True if the host has fetched the last input report. Only once the endpoint is found."""
        return not self.memory[self._in_control] & _AVAILABLE

    def setup(self):
        """Returns the setup packet of the last control transfer, and marks it as SEEN."""
        packet = self.memory[_SETUP : _SETUP + 8]
        self.memory[MARK] = SEEN
        again = self.memory[_SETUP : _SETUP + 8]
        return again if again[MARK] == SEEN else packet  # another one may have come in, before or after the mark

    def data(self, setup):
        """Returns the data of a SET_REPORT, ID first, once all of it is there, else None.

        Nothing is written here: TinyUSB may hand the buffer to the controller again at any jump of this program. It has
        done so for this transfer since its setup packet came, so that what is complete is not the data of the last one.

        :param setup: its setup packet
        """
        memory = self.memory
        length, report_id = setup[6], setup[2]
        control = memory[_EP0_OUT_CONTROL : _EP0_OUT_CONTROL + 2]
        whole = control[0] == length and control[1] & (_FULL | _AVAILABLE) == _FULL
        if not whole or memory[_EP0_BUFFER] != report_id:
            return None
        return memory[_EP0_BUFFER : _EP0_BUFFER + length]


def is_set_report(setup):
    """True for a setup packet that announces a report of up to 64 bytes, ID included."""
    return setup[0] == 0x21 and setup[1] == 9 and 2 <= setup[6] <= SIZE and not setup[7]
