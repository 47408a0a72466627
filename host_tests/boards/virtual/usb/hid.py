# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The HID interface: the host's requests, the firmware's answers from its buffers, and what it all leaves in memory."""

import math
from typing import TYPE_CHECKING, Any

from host_tests.boards.virtual import memory as layout
from host_tests.boards.virtual.signals import BoardError, UsbStall
from host_tests.boards.virtual.usb.tinyusb import AVAILABLE, CLEARED, FULL, PACKET, OutEndpoint

if TYPE_CHECKING:
    from host_tests.boards.virtual.board import VirtualBoard

COMMUNICATION, HID, CDC_DATA = 2, 3, 10  # interface classes
INTERVAL_MS = 8.0
CONTROL_MS = 0.5
BUSY_MS = 2000.0
OUT_MS = 5000.0  # so long a host tries to send a packet
SETUP, EP0_OUT_CONTROL, EP0_DATA, FIRST_BUFFER = 0x000, 0x084, 0x100, 0x180
# Endpoint control: enabled, interrupt per buffer (set when a transfer has been started), type.
ENABLE, STARTED, BULK, INTERRUPT = 1 << 31, 1 << 29, 2 << 26, 3 << 26


class Hid:
    """Payloads exclude the report id. `log`: every input report the host has read, (t_ms, id, payload)."""

    def __init__(self, board: "VirtualBoard") -> None:
        self._board = board
        self.log: list[tuple[float, int, bytes]] = []
        self.control_ms = CONTROL_MS  # what a control request takes
        self.dropped = 0  # OUT reports nobody wanted: unknown id or wrong length
        self._next = 0
        self._wanted = math.inf  # so many more input reports the host polls for
        self._waiting: tuple[int, bytes] | None = None  # the IN endpoint's report
        self._polls_from = 0.0
        self._in_buffer = self._in_control = 0
        self._out = OutEndpoint(board.memory)

    # ---- what the host knows ----
    @property
    def report_descriptor(self) -> bytes:
        return b"".join(device._made.report_descriptor for device in self._board.usb.hid_devices or [])

    @property
    def interface_number(self) -> int | None:
        return next((i["number"] for i in self._board.usb.interfaces if i["class"] == HID), None)

    # ---- control endpoint ----
    def get_report(self, kind: int, report_id: int, wlength: int) -> bytes:
        """GET_REPORT, answered from the buffer alone; what it holds beyond the declared length is other memory."""
        self._setup(0xA1, 1, kind << 8 | report_id, wlength)
        found = self._find(report_id)
        if found is None:
            raise UsbStall(f"GET_REPORT 0x{report_id:02x}: no such report")
        at = self._board.memory.pointer(self._struct(found) + layout.IN_BUFFERS + 4 * found[1])
        answer = bytes([report_id]) + self._board.memory.load(at, min(wlength, PACKET) - 1)
        self._board.run(self.control_ms)
        return answer[:wlength]

    def set_report(self, kind: int, report_id: int, data: bytes) -> None:
        self._setup(0x21, 9, kind << 8 | report_id, len(data))
        self._board.memory.dpram[EP0_DATA : EP0_DATA + len(data)] = data
        self._word(EP0_OUT_CONTROL, CLEARED | FULL | len(data))
        self._receive(data)
        self._board.run(self.control_ms)

    def get_feature(self, report_id: int, length: int) -> bytes:
        return self.get_report(3, report_id, length + 1)[1:]

    def set_feature(self, report_id: int, payload: bytes) -> None:
        self.set_report(3, report_id, bytes([report_id]) + bytes(payload))

    def set_output(self, report_id: int, payload: bytes) -> None:
        self.set_report(2, report_id, bytes([report_id]) + bytes(payload))

    def line_state(self, dtr: bool) -> None:
        """The host opens or closes the console: a control transfer too, it overwrites the last setup packet."""
        self._board.memory.dpram[SETUP : SETUP + 8] = bytes((0x21, 0x22, 3 * dtr, 0, 0, 0, 0, 0))

    def _setup(self, request_type: int, request: int, value: int, length: int) -> None:
        self._require()
        self._board.run_until_served()
        number = self.interface_number or 0
        packet = bytes((request_type, request)) + b"".join(n.to_bytes(2, "little") for n in (value, number, length))
        self._board.memory.dpram[SETUP : SETUP + 8] = packet

    # ---- interrupt endpoints ----
    def out(self, report_id: int, payload: bytes) -> None:
        """One interrupt OUT packet of exactly these bytes, at the next interval at which the endpoint is open."""
        data = bytes([report_id]) + bytes(payload)
        if len(data) > PACKET:
            raise ValueError("one packet holds 64 bytes, report id included")
        self._require()
        board, end = self._board, self._board.now_ms + OUT_MS
        board.run(self._until_interval())
        while not self._out.is_open:
            if board.now_ms >= end:
                raise BoardError("the board does not take the packet")
            board.run(self._until_interval())
        self._out.receive(data)
        if board.blocked:
            board.waiting.append(lambda: self._deliver(data))
        else:
            self._deliver(data)

    def _deliver(self, data: bytes) -> None:
        if self._out.serve():
            self._receive(data)

    def _until_interval(self) -> float:
        return INTERVAL_MS - (self._board.now_ms - self._polls_from) % INTERVAL_MS

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
        self._wanted = count
        self._schedule_poll()

    # ---- the firmware's side ----
    def send(self, report_id: int, report: bytes) -> None:
        board = self._board
        end = board.now_ms + BUSY_MS
        while self._waiting is not None or not board.usb.configured:
            if board.now_ms >= end:
                error = OSError("USB busy")
                error.errno = "USB busy"  # type: ignore[assignment]  # so it is in the firmware
                raise error
            board.spend(1.0)
        self._waiting = (report_id, report)
        packet = bytes([report_id]) + report
        board.memory.dpram[self._in_buffer : self._in_buffer + len(packet)] = packet
        self._word(self._in_control, CLEARED | AVAILABLE | FULL | len(packet))
        self._schedule_poll()

    def take_received(self, device: Any, k: int) -> bytes | None:
        memory, at = self._board.memory, self._board.memory.address_of(device)
        flag = at + layout.UPDATED + k
        if not memory.load(flag, 1)[0]:
            return None
        memory.store(flag, b"\0")
        return memory.load(memory.pointer(at + layout.OUT_BUFFERS + 4 * k), device._made.out_report_lengths[k])

    def _receive(self, data: bytes) -> None:
        """Kept only if the length is the declared one; the last one wins."""
        found = self._find(data[0])
        if found is None or len(data) - 1 != found[0]._made.out_report_lengths[found[1]]:
            self.dropped += 1
            return
        memory, at = self._board.memory, self._struct(found)
        memory.store(memory.pointer(at + layout.OUT_BUFFERS + 4 * found[1]), data[1:])
        memory.store(at + layout.UPDATED + found[1], b"\1")

    def _schedule_poll(self) -> None:
        if self._waiting is not None and self._wanted:
            self._board.clock.at(self._board.now_ms + self._until_interval(), self._poll)

    def _poll(self) -> None:
        if self._waiting is not None and self._wanted and self._board.usb.configured:
            self._wanted -= 1
            self.log.append((self._board.now_ms, *self._waiting))
            self._waiting = None
            self._word(self._in_control, CLEARED)

    def _find(self, report_id: int) -> tuple[Any, int] | None:
        for device in self._board.usb.hid_devices or []:
            if report_id in device._made.report_ids:
                return device, device._made.report_ids.index(report_id)
        return None

    def _struct(self, found: tuple[Any, int]) -> int:
        return self._board.memory.address_of(found[0])

    def _require(self) -> None:
        if self.interface_number is None or not self._board.usb.configured:
            raise BoardError("the board has no HID interface, or USB is not configured")

    def configured(self) -> None:
        """The endpoint control words and buffers, allocated in the order of the interfaces."""
        dpram, buffer = self._board.memory.dpram, FIRST_BUFFER
        dpram[:] = bytes(len(dpram))
        self._polls_from = self._board.now_ms
        self._waiting = None
        for interface in self._board.usb.interfaces:
            bulk = interface["class"] not in (COMMUNICATION, HID)
            for key in ("out", "in") if interface["class"] == CDC_DATA else ("in", "out"):
                if not (number := interface[key]):
                    continue
                offset = 8 * number + (4 if key == "out" else 0)
                word = ENABLE | buffer | (BULK if bulk else INTERRUPT) | (STARTED if key == "out" else 0)
                self._word(offset, word)
                if interface["class"] == HID and key == "in":
                    self._in_buffer, self._in_control = buffer, 0x80 + offset
                elif interface["class"] == HID:
                    self._out.configure(interface["number"], number, 0x80 + offset, buffer)
                buffer += 2 * PACKET if bulk else PACKET

    def _word(self, offset: int, value: int) -> None:
        self._board.memory.dpram[offset : offset + 4] = value.to_bytes(4, "little")
