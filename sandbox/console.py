# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Sentences for the user on the USB console, without ever waiting for a reader."""

# What a terminal that is opened late still gets to see.
LINES_KEPT = 24
LINE_LENGTH = 400


class Console:
    """Keeps the latest lines and hands them to the port as it takes them.

    A terminal that opens the port is shown everything kept; a host that stops reading costs nothing but the
    oldest lines.

    :param port: usb_cdc.console with write_timeout 0, or None where the console is off
    """

    def __init__(self, port):
        self._port = port
        self._lines = []
        self._first = 0
        self._next = 0
        self._offset = 0
        self._was_connected = False

    def say(self, text):
        """Adds a line."""
        if len(self._lines) == LINES_KEPT:
            self._drop_line()
        self._lines.append(text[:LINE_LENGTH].encode() + b"\r\n")

    def keep_first_lines(self):
        """What has been said so far is never dropped; at most half of what is kept."""
        self._first = min(len(self._lines), LINES_KEPT // 2)

    def poll(self):
        """Sends at most one piece of a line; returns True when something was sent."""
        port = self._port
        if port is None or not self._follow_terminal(port.connected):
            return False
        if self._next == len(self._lines):
            return False
        line = self._lines[self._next]
        sent = port.write(memoryview(line)[self._offset :]) or 0
        self._offset += sent
        if self._offset == len(line):
            self._next += 1
            self._offset = 0
        return sent > 0

    def _drop_line(self):
        oldest = self._first
        if self._offset and self._next == oldest:
            oldest += 1  # half of the line is on its way: its end must not be that of another
        self._lines.pop(oldest)
        if self._next > oldest:
            self._next -= 1

    def _follow_terminal(self, connected):
        if connected and not self._was_connected:
            self._next = self._offset = 0
        self._was_connected = connected
        return connected
