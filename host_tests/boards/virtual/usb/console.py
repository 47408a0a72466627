# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The serial console: the firmware's 256-byte FIFO and the host's end of the wire."""

import re
from typing import TYPE_CHECKING

from host_tests.boards.virtual.signals import DeviceHang, ReloadException

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

FIFO_SIZE = 256
PACKET, PACKET_MS = 64, 0.25
CTRL_C, CTRL_D = 3, 4


def plain(text: str) -> str:
    """Console text without terminal title sequences and carriage returns."""
    return re.sub(r"\x1b\].*?(?:\x1b\\|\x07)", "", text, flags=re.S).replace("\r", "")


class Console:
    """`raw`: all bytes the host has received. `dtr`: a program on the host has the port open; `reading`: it reads."""

    def __init__(self, board: "VirtualBoard", dtr: bool) -> None:
        self._board = board
        self.wants_dtr = dtr  # the host opens the port as soon as it is there
        self.dtr = False
        self._reading = True
        self.raw = bytearray()
        self.inbox = bytearray()
        self.wake_host = False  # it waits for text
        self.write_timeout: float | None = None
        self._fifo = bytearray()
        self._drained_at = 0.0
        self._shown = (0, "")  # length of raw, and it as text

    @property
    def connected(self) -> bool:
        return self.dtr and self._board.usb.configured and self._board.usb.console_enabled

    @property
    def out_waiting(self) -> int:
        self.drain()
        return len(self._fifo)

    @property
    def text(self) -> str:
        self.drain()
        if self._shown[0] != len(self.raw):
            self._shown = (len(self.raw), plain(self.raw.decode(errors="replace")))
        return self._shown[1]

    def drain(self) -> None:
        """Moves to the host what it has fetched since the last look; ahead of every change of who reads."""
        packets = int((self._board.now_ms - self._drained_at) / PACKET_MS)
        self._drained_at += packets * PACKET_MS
        if self.connected and self._reading:
            self.raw += self._fifo[: packets * PACKET]
            del self._fifo[: packets * PACKET]

    @property
    def reading(self) -> bool:
        return self._reading

    @reading.setter
    def reading(self, reads: bool) -> None:
        self.drain()
        self._reading = reads

    def connect(self, dtr: bool) -> None:
        self.drain()
        self.dtr = dtr

    # ---- the device's side ----
    def write(self, data: bytes) -> int:
        """Takes what fits. Without a reader's DTR everything is taken, and lost."""
        if not self.connected:
            return len(data)
        self.drain()
        taken = min(len(data), FIFO_SIZE - len(self._fifo))
        self._fifo += data[:taken]
        if self.wake_host:
            self._board.clock.call_host_in(2 * PACKET_MS)
        return taken

    def print(self, text: str) -> None:
        """print(): waits for room as long as it takes."""
        rest = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        while rest:
            rest = rest[self.write(rest) :]
            if rest and not self.reading:
                self.blocks_for_ever("print()")
            if rest:
                self._board.spend(PACKET_MS, soft=False)

    def blocks_for_ever(self, what: str) -> None:
        error = f"{what} blocks for ever: the host has the port open and does not read\n{self._board.device.stack()}"
        self._board.device.fail(DeviceHang(error))

    # ---- the host's side ----
    def type(self, data: bytes) -> None:
        for byte in data:
            if byte == CTRL_C:
                self.inbox.clear()
                self._board.device.pending = KeyboardInterrupt()
            elif byte == CTRL_D and self._board.device.finished:
                self._board.device.pending = ReloadException("REPL_RELOAD")
            else:
                self.inbox.append(byte)

    def unplugged(self) -> None:
        self.connect(False)
        self.write_timeout = None
        self._fifo.clear()
        self.inbox.clear()
