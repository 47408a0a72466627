# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The HID interface: what the firmware does with reports, and what it all leaves in memory. Time passes elsewhere."""

import math
from typing import Any

from host_tests.boards.virtual import memory as layout
from host_tests.boards.virtual.device_time import DeviceTime
from host_tests.boards.virtual.memory import Memory
from host_tests.boards.virtual.usb.tinyusb import AVAILABLE, CLEARED, FULL, PACKET, OutEndpoint
from host_tests.boards.virtual.usb.usb import Usb

COMMUNICATION, HID, CDC_DATA = 2, 3, 10  # interface classes
BUSY_MS = 2000.0
SETUP, EP0_OUT_CONTROL, EP0_DATA, FIRST_BUFFER = 0x000, 0x084, 0x100, 0x180
# Endpoint control: enabled, interrupt per buffer (set when a transfer has been started), type.
ENABLE, STARTED, BULK, INTERRUPT = 1 << 31, 1 << 29, 2 << 26, 3 << 26


class HidInterface:
    """Payloads exclude the report id. `log`: every input report the host has read, (t_ms, id, payload).

    `dropped`: OUT reports nobody wanted, of unknown id or wrong length. `out`: the endpoint for packets to the board.
    """

    def __init__(self, time: DeviceTime, memory: Memory, usb: Usb) -> None:
        self._time, self._memory, self._usb = time, memory, usb
        self.log: list[tuple[float, int, bytes]] = []
        self.dropped = 0
        self.out = OutEndpoint(memory)
        self._wanted = math.inf  # so many more input reports the host polls for
        self._waiting: tuple[int, bytes] | None = None  # the IN endpoint's report
        self._polls_from = 0.0
        self._in_buffer = self._in_control = 0

    # ---- as it was enumerated ----
    @property
    def report_descriptor(self) -> bytes:
        return b"".join(device._made.report_descriptor for device in self._usb.hid_devices or [])

    @property
    def number(self) -> int | None:
        return next((i["number"] for i in self._usb.interfaces if i["class"] == HID), None)

    def configured(self) -> None:
        """The endpoint control words and buffers, allocated in the order of the interfaces."""
        dpram, buffer = self._memory.dpram, FIRST_BUFFER
        dpram[:] = bytes(len(dpram))
        self._polls_from = self._time.now_ms
        self._waiting = None
        for interface in self._usb.interfaces:
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
                    self.out.configure(interface["number"], number, 0x80 + offset, buffer)
                buffer += 2 * PACKET if bulk else PACKET

    # ---- the control endpoint ----
    def setup(self, request_type: int, request: int, value: int, length: int) -> None:
        """A setup packet for the interface has come in."""
        words = (value, self.number or 0, length)
        packet = bytes((request_type, request)) + b"".join(n.to_bytes(2, "little") for n in words)
        self._setup(packet)

    @property
    def setup_waits(self) -> bool:
        """True while the firmware has not taken the last setup packet."""
        return self._memory.usb.setup_waits

    def line_state(self, dtr: bool) -> None:
        """The host opens or closes the console: a control transfer too, it overwrites the last setup packet."""
        self._setup(bytes((0x21, 0x22, 3 * dtr, 0, 0, 0, 0, 0)))

    def _setup(self, packet: bytes) -> None:
        self._memory.dpram[SETUP : SETUP + 8] = packet
        self._memory.usb.setup_came()

    def answer(self, report_id: int, length: int) -> bytes | None:
        """To GET_REPORT, from the buffer alone; what it holds beyond the declared length is other memory."""
        found = self._find(report_id)
        if found is None:
            return None
        at = self._memory.pointer(self._struct(found) + layout.IN_BUFFERS + 4 * found[1])
        return (bytes([report_id]) + self._memory.load(at, min(length, PACKET) - 1))[:length]

    def set_report(self, data: bytes) -> None:
        """The data of a SET_REPORT has come in."""
        self._memory.dpram[EP0_DATA : EP0_DATA + len(data)] = data
        self._word(EP0_OUT_CONTROL, CLEARED | FULL | len(data))
        self.receive(data)

    # ---- reports to the board ----
    def receive(self, data: bytes) -> None:
        """Kept only if the length is the declared one; the last one wins."""
        found = self._find(data[0])
        if found is None or len(data) - 1 != found[0]._made.out_report_lengths[found[1]]:
            self.dropped += 1
            return
        memory, at = self._memory, self._struct(found)
        memory.store(memory.pointer(at + layout.OUT_BUFFERS + 4 * found[1]), data[1:])
        memory.store(at + layout.UPDATED + found[1], b"\1")

    def take_received(self, device: Any, k: int) -> bytes | None:
        """What the program gets of the device's report with this index."""
        memory, at = self._memory, self._memory.address_of(device)
        flag = at + layout.UPDATED + k
        if not memory.load(flag, 1)[0]:
            return None
        memory.store(flag, b"\0")
        return memory.load(memory.pointer(at + layout.OUT_BUFFERS + 4 * k), device._made.out_report_lengths[k])

    # ---- reports to the host ----
    def send(self, report_id: int, report: bytes) -> None:
        """The program sends one; waits for the one before, as long as the firmware does."""
        end = self._time.now_ms + BUSY_MS
        while self._waiting is not None or not self._usb.configured:
            if self._time.now_ms >= end:
                error = OSError("USB busy")
                error.errno = "USB busy"  # type: ignore[assignment]  # so it is in the firmware
                raise error
            self._time.spend(1.0)
        self._waiting = (report_id, report)
        packet = bytes([report_id]) + report
        self._memory.dpram[self._in_buffer : self._in_buffer + len(packet)] = packet
        self._word(self._in_control, CLEARED | AVAILABLE | FULL | len(packet))
        self._schedule_poll()

    def want(self, count: float) -> None:
        """So many more input reports the host polls for."""
        self._wanted = count
        self._schedule_poll()

    def until_interval(self) -> float:
        """ms to the next moment at which the host asks the interrupt endpoints."""
        interval = self._usb.hid_interval
        return interval - (self._time.now_ms - self._polls_from) % interval

    def _schedule_poll(self) -> None:
        if self._waiting is not None and self._wanted:
            self._time.at(self._time.now_ms + self.until_interval(), self._poll)

    def _poll(self) -> None:
        if self._waiting is not None and self._wanted and self._usb.configured:
            self._wanted -= 1
            self.log.append((self._time.now_ms, *self._waiting))
            self._waiting = None
            self._word(self._in_control, CLEARED)

    # ---- in memory ----
    def _find(self, report_id: int) -> tuple[Any, int] | None:
        for device in self._usb.hid_devices or []:
            if report_id in device._made.report_ids:
                return device, device._made.report_ids.index(report_id)
        return None

    def _struct(self, found: tuple[Any, int]) -> int:
        return self._memory.address_of(found[0])

    def _word(self, offset: int, value: int) -> None:
        self._memory.dpram[offset : offset + 4] = value.to_bytes(4, "little")
