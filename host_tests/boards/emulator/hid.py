# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The emulated host's HID side. Payloads exclude the report id; id 0 means a report without one."""

from host_tests.boards.emulator.errors import BoardError
from host_tests.boards.emulator.link import Link
from host_tests.boards.emulator.usb import Usb

PACKET = 64
OUTPUT, FEATURE = 2, 3


class Hid:
    """`log`: every input report, (t_ms, report id, payload)."""

    def __init__(self, link: Link, usb: Usb) -> None:
        self._link, self._usb = link, usb
        self.log: list[tuple[float, int, bytes]] = []
        self._next = 0

    @property
    def interface_number(self) -> int | None:
        number: int | None = self._usb.get("hid")
        return number

    @property
    def report_descriptor(self) -> bytes:
        return bytes.fromhex(self._usb.get("report"))

    def _interface(self) -> int:
        number = self.interface_number
        if number is None:
            raise BoardError("the board has no HID interface, or USB is not configured yet")
        return number

    def get_report(self, kind: int, report_id: int, wlength: int, timeout_ms: float = 1000) -> bytes:
        """GET_REPORT (kind 1 input, 2 output, 3 feature) with this wLength; the data stage as on the wire."""
        value = kind << 8 | report_id
        return self._usb.control(0xA1, 1, value, self._interface(), wlength, timeout_ms=timeout_ms)

    def set_report(self, kind: int, report_id: int, data: bytes, timeout_ms: float = 1000) -> None:
        """SET_REPORT with this data stage, as it is."""
        value = kind << 8 | report_id
        self._usb.control(0x21, 9, value, self._interface(), data=bytes(data), timeout_ms=timeout_ms)

    def get_feature(self, report_id: int, length: int, timeout_ms: float = 1000) -> bytes:
        """The feature report's payload, at most `length` bytes."""
        data = self.get_report(FEATURE, report_id, length + (report_id != 0), timeout_ms)
        if report_id and data[:1] != bytes([report_id]):
            raise BoardError(f"GET_REPORT 0x{report_id:02x} answered {data.hex(' ')}, which does not start with the id")
        return data[1:] if report_id else data

    def set_feature(self, report_id: int, payload: bytes, timeout_ms: float = 1000) -> None:
        self.set_report(FEATURE, report_id, _wire(report_id, payload), timeout_ms)

    def set_output(self, report_id: int, payload: bytes, timeout_ms: float = 1000) -> None:
        """An output report over the control endpoint."""
        self.set_report(OUTPUT, report_id, _wire(report_id, payload), timeout_ms)

    def out(self, report_id: int, payload: bytes, timeout_ms: float = 1000) -> None:
        """An output report over the interrupt OUT endpoint: exactly these bytes, one packet."""
        data = _wire(report_id, payload)
        if len(data) > PACKET:
            raise ValueError("one packet holds 64 bytes, report id included")
        self._link.transfer("interrupt OUT", "hidOut", data=data.hex(), timeout=timeout_ms)

    def stream(self, packets: list[bytes]) -> None:
        """Interrupt OUT packets, ids included, that go out in the background as fast as the board takes them."""
        self._link.call("hidStream", packets=[packet.hex() for packet in packets])

    @property
    def unsent(self) -> int:
        """How many packets of stream() the board has not taken yet. A disconnect drops them."""
        return int(self._link.call("hidUnsent"))

    def read(self, timeout_ms: float = 1000) -> tuple[float, int, bytes] | None:
        """The next input report not read yet, or None. `log` keeps them all."""
        if self._next >= len(self.log):
            self._link.run(timeout_ms, until=("hid",))
        if self._next >= len(self.log):
            return None
        self._next += 1
        return self.log[self._next - 1]

    def pause(self, on: bool = True) -> None:
        """Stops (or restarts) the host's polling of the interrupt IN endpoint."""
        self._link.call("hidPause", on=on)

    def record(self, t_ms: float, data: bytes) -> None:
        self.log.append((t_ms, data[0], data[1:]) if data else (t_ms, 0, b""))


def _wire(report_id: int, payload: bytes) -> bytes:
    return (bytes([report_id]) if report_id else b"") + bytes(payload)
