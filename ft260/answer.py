# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What was read from the bus, on its way to the host in input reports of up to 60 bytes."""

from ft260.reports import CHUNK, REPORT_SIZE, data_id

_NOTHING = memoryview(b"\xff" * CHUNK)  # what an idle bus reads as
_ZEROS = memoryview(bytes(REPORT_SIZE - 1))


class Answer:
    """The bytes of one transfer that are still to be sent."""

    def __init__(self):
        self._report = memoryview(bytearray(REPORT_SIZE - 1))
        self._data = _NOTHING
        self._sent = 0
        self.left = 0

    def begin(self, data):
        """Sends `data`, a window that stays unchanged until all of it is sent."""
        self._data = data
        self._sent = 0
        self.left = len(data)

    def begin_void(self, count):
        """Sends `count` bytes for a read that failed: clients wait for a report of full length even then."""
        self._data = None
        self.left = count

    def drop(self):
        """Sends no more."""
        self.left = 0

    def send(self, port):
        """Hands the port the next report: 63 bytes, the number of valid ones first. Returns False if that failed."""
        count = min(self.left, CHUNK)
        report = self._report
        report[0] = count
        if self._data is None:
            report[1 : 1 + count] = _NOTHING[:count]
        else:
            report[1 : 1 + count] = self._data[self._sent : self._sent + count]
        if count < CHUNK:
            report[1 + count :] = _ZEROS[1 + count :]
        self._sent += count
        self.left -= count
        return port.send(data_id(count), report)
