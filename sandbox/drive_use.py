# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Notices in the USB controller's memory that the computer uses the drive: no look at the drive is needed for that."""

from ft260.layout import BUFFER_CONTROL, ENABLED_BULK, IN_CONTROL, KIND, MASS_STORAGE_COMMAND, MASS_STORAGE_TAG


class DriveUse:
    """`found` is True as soon as the drive's endpoints are known; `wrote` once the computer has sent data, too.

    :param dpram: the controller's memory
    """

    def __init__(self, dpram):
        self._dpram = dpram
        self._out = 0  # byte 1 of the OUT endpoint's buffer control word, with the PID that each packet changes
        self._buffer = self._tag = self._last = 0
        self.wrote = False

    @property
    def found(self):
        return self._out != 0

    def find(self):
        """Looks for the bulk OUT endpoint that a mass storage command has come over."""
        dpram = self._dpram
        for at in range(8 + 4, 128, 8):
            buffer = dpram[at] & 0xC0 | dpram[at + 1] << 8
            if dpram[at + 3] & KIND == ENABLED_BULK and dpram[buffer : buffer + 4] == MASS_STORAGE_COMMAND:
                self._out, self._buffer = at + BUFFER_CONTROL + 1, buffer
                self._tag = (dpram[at - 4] & 0xC0 | dpram[at - 3] << 8) + MASS_STORAGE_TAG

    def seen(self):
        """Returns True if there was a packet since it was asked last. Two commands may leave the PIDs as they were, but
        not the number of the last one that was answered."""
        dpram, out = self._dpram, self._out
        state = dpram[out] | dpram[out + IN_CONTROL] << 8 | dpram[self._tag] << 16
        if state == self._last:
            return False
        self._last = state
        if dpram[self._buffer : self._buffer + 4] != MASS_STORAGE_COMMAND:
            self.wrote = True
        return True
