# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The serial console: the firmware's 256-byte FIFO and the host's end of the wire."""

from collections.abc import Callable
from typing import Protocol

from host_tests.boards.terminal import plain
from host_tests.boards.virtual.interpreter import stack_of
from host_tests.boards.virtual.life import Life
from host_tests.boards.virtual.needs import Spending
from host_tests.boards.virtual.signals import DeviceHang, ReloadException

FIFO_SIZE = 256
PACKET, PACKET_MS = 64, 0.25
CTRL_C, CTRL_D = 3, 4


class Port(Protocol):
    """What USB has of the console."""

    configured: bool
    console_enabled: bool


class Console:
    """`raw`: all bytes the host has received. `dtr`: a program on the host has the port open; `reading`: it reads.

    `call_host_in(ms)` gives the host its turn early.
    """

    def __init__(self, time: Spending, life: Life, usb: Port, call_host_in: Callable[[float], None], dtr: bool) -> None:
        self._time, self._life, self._usb, self._call_host_in = time, life, usb, call_host_in
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
        return self.dtr and self._usb.configured and self._usb.console_enabled

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
        packets = int((self._time.now_ms - self._drained_at) / PACKET_MS)
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
            self._call_host_in(2 * PACKET_MS)
        return taken

    def print(self, text: str) -> None:
        """print(): waits for room as long as it takes."""
        rest = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
        while rest:
            rest = rest[self.write(rest) :]
            if rest and not self.reading:
                self.blocks_for_ever("print()")
            if rest:
                self._time.spend(PACKET_MS, soft=False)

    def blocks_for_ever(self, what: str) -> None:
        error = f"{what} blocks for ever: the host has the port open and does not read\n{stack_of(self._life.thread)}"
        self._life.fail(DeviceHang(error))

    # ---- the host's side ----
    def type(self, data: bytes) -> None:
        for byte in data:
            if byte == CTRL_C:
                self.inbox.clear()
                self._life.pending = KeyboardInterrupt()
            elif byte == CTRL_D and self._life.finished:
                self._life.pending = ReloadException("REPL_RELOAD")
            else:
                self.inbox.append(byte)

    def unplugged(self) -> None:
        self.connect(False)
        self.write_timeout = None
        self._fifo.clear()
        self.inbox.clear()
