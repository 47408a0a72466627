# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The HID interface as a host uses it: control requests and interrupt packets, which take the board's time."""

import math

from host_tests.boards.virtual.needs import Running
from host_tests.boards.virtual.signals import BoardError, UsbStall
from host_tests.boards.virtual.usb.hid_interface import HidInterface
from host_tests.boards.virtual.usb.tinyusb import PACKET
from host_tests.boards.virtual.usb.usb import Usb

CONTROL_MS = 0.5
ANSWER_MS = 5000.0  # so long a host waits for the answer to a control request
OUT_MS = 5000.0  # so long a host tries to send a packet


class Hid:
    """Payloads exclude the report id. `log`: every input report the host has read, (t_ms, id, payload).

    `control_ms`: what a control request takes.
    """

    def __init__(self, interface: HidInterface, usb: Usb, board: Running) -> None:
        self._interface, self._usb, self._board = interface, usb, board
        self.control_ms = CONTROL_MS
        self._next = 0

    @property
    def log(self) -> list[tuple[float, int, bytes]]:
        return self._interface.log

    @property
    def dropped(self) -> int:
        """OUT reports nobody wanted: unknown id or wrong length."""
        return self._interface.dropped

    @property
    def report_descriptor(self) -> bytes:
        return self._interface.report_descriptor

    @property
    def interface_number(self) -> int | None:
        return self._interface.number

    # ---- control endpoint ----
    def get_report(self, kind: int, report_id: int, wlength: int) -> bytes:
        """GET_REPORT of that kind; the answer begins with the report id."""
        self._setup(0xA1, 1, kind << 8 | report_id, wlength)
        answer = self._interface.answer(report_id, wlength)
        if answer is None:
            raise UsbStall(f"GET_REPORT 0x{report_id:02x}: no such report")
        self._board.run(self.control_ms)
        return answer

    def set_report(self, kind: int, report_id: int, data: bytes) -> None:
        self._setup(0x21, 9, kind << 8 | report_id, len(data))
        self._interface.set_report(data)
        self._board.run(self.control_ms)

    def get_feature(self, report_id: int, length: int) -> bytes:
        return self.get_report(3, report_id, length + 1)[1:]

    def set_feature(self, report_id: int, payload: bytes) -> None:
        self.set_report(3, report_id, bytes([report_id]) + bytes(payload))

    def set_output(self, report_id: int, payload: bytes) -> None:
        self.set_report(2, report_id, bytes([report_id]) + bytes(payload))

    def _setup(self, request_type: int, request: int, value: int, length: int) -> None:
        self._require()
        self._await_setup_taken()
        self._board.run_until_served()
        self._interface.setup(request_type, request, value, length)
        self._await_setup_taken()

    def _await_setup_taken(self) -> None:
        """The host's other control requests, and their data, wait for that."""
        if self._interface.setup_waits and not self._board.run_until_setup_taken(ANSWER_MS):
            raise BoardError("nobody answers a control request: the program keeps it waiting, or has ended like that")

    # ---- interrupt endpoints ----
    def out(self, report_id: int, payload: bytes) -> None:
        """One interrupt OUT packet of exactly these bytes, at the next interval at which the endpoint is open."""
        data = bytes([report_id]) + bytes(payload)
        if len(data) > PACKET:
            raise ValueError("one packet holds 64 bytes, report id included")
        self._require()
        end = self._board.now_ms + OUT_MS
        self._board.run(self._interface.until_interval())
        while not self._interface.out.is_open:
            if self._board.now_ms >= end:
                raise BoardError("the board does not take the packet")
            self._board.run(self._interface.until_interval())
        self._interface.out.receive(data)
        self._board.when_served(lambda: self._deliver(data))

    def _deliver(self, data: bytes) -> None:
        if self._interface.out.serve():
            self._interface.receive(data)

    def read(self, timeout_ms: float = 1000) -> tuple[float, int, bytes] | None:
        """The next input report not read yet, or None."""
        end = self._board.now_ms + timeout_ms
        while self._next >= len(self.log) and self._board.now_ms < end:
            self._board.run(1)
        if self._next >= len(self.log):
            return None
        self._next += 1
        return self.log[self._next - 1]

    def pause(self, on: bool = True) -> None:
        """Stops (or restarts) the host's polling for input reports."""
        self.want(0 if on else math.inf)

    def want(self, count: float) -> None:
        """So many more input reports the host polls for."""
        self._interface.want(count)

    def _require(self) -> None:
        if self.interface_number is None or not self._usb.configured:
            raise BoardError("the board has no HID interface, or USB is not configured")
