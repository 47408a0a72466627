# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""CircuitPython's USB HID and the memory behind it, with what makes them hard: for tests of ft260's USB side.

- A report is kept for get_last_received_report() only if its length is the declared one; one slot per ID.
- GET_REPORT is answered from the reply buffer, which only memory holds.
- A packet lies in the endpoint's buffer in DPRAM before the firmware has seen it, and stays there. While the
  interpreter is inside a blocking call the endpoint takes one packet and refuses the next ones.
- Endpoint 0 has one buffer: every transfer overwrites what the one before left.
- send_report() blocks for 2 s and fails while the host does not fetch.
"""

import struct
from collections.abc import Callable
from typing import Any

from ft260 import descriptor

SRAM, DPRAM = 0x20000000, 0x50100000
STRUCTS, STRUCT_SIZE, HEAP = 0x92A8, 0x58, 0x12000
EP0_BUFFER, OUT_BUFFER, IN_BUFFER = 0x100, 0x400, 0x3C0
AVAILABLE, FULL = 1 << 10, 1 << 15


class Range(bytearray):
    """memorymap.AddressRange: slices are copies, and a slice is only replaced by as many bytes.

    `writable`: where a program may write without harm; None: everywhere. The hardware side uses `put`.
    """

    writable: set[int] | None = None

    def __setitem__(self, index: Any, value: Any) -> None:
        touched = range(*index.indices(len(self))) if isinstance(index, slice) else [index]
        if isinstance(index, slice) and len(touched) != len(value):
            raise ValueError("Slice and value different lengths.")
        assert self.writable is None or self.writable.issuperset(touched), f"write to {touched}"
        super().__setitem__(index, value)

    def put(self, at: int, data: bytes) -> None:
        super().__setitem__(slice(at, at + len(data)), data)

    def word(self, at: int, value: int) -> None:
        self.put(at, struct.pack("<I", value))


class FakeDevice:
    """usb_hid.Device."""

    def __init__(self, **declared: Any) -> None:
        self.__dict__.update(declared)
        self.usb: FakeUsb
        self.slots: dict[int, bytes] = {}

    def get_last_received_report(self, report_id: int) -> bytes | None:
        assert report_id in self.report_ids  # type: ignore[attr-defined]
        return self.slots.pop(report_id, None)

    def send_report(self, report: Any, report_id: int) -> None:
        assert len(report) == self.in_report_lengths[self.report_ids.index(report_id)]  # type: ignore[attr-defined]
        self.usb.send(bytes([report_id]) + bytes(report))


class FakeUsb:
    """The controller and a host. Reports are bytes with the ID first. `sent`: input reports fetched by the host."""

    def __init__(self, endpoint: int = 4) -> None:
        self.devices = descriptor.devices(FakeDevice)
        self.sram, self.dpram = Range(0x42000), Range(0x1000)
        # High byte of wIndex, and the packet of the HID OUT endpoint.
        self.dpram.writable = {5, *range(OUT_BUFFER, OUT_BUFFER + 64)}
        self.connected = False
        self.endpoint = endpoint
        self.fetching = True
        self.sent: list[bytes] = []
        self.blocked_ms = 0.0
        self._waiting: bytes | None = None
        self._unseen: bytes | None = None  # a packet that came during a blocking call
        self.in_blocking_call = False
        self.new_vm()

    # ---- the board ----
    def new_vm(self) -> None:
        """Lays the structs out, with new reply buffers."""
        heap = HEAP
        for k, device in enumerate(self.devices):
            device.usb, device.slots = self, {}
            pointers = []
            for n in device.in_report_lengths + device.out_report_lengths:
                pointers.append(SRAM + heap if n else 0)
                heap += 64
            ins, outs = pointers[: len(pointers) // 2], pointers[len(pointers) // 2 :]
            body = struct.pack("<II", 0x100C4A38, 0x20030000) + _six(ins, "I") + _six(outs, "I") + bytes(6)
            body += struct.pack("<H", len(device.report_descriptor)) + _six(device.report_ids, "B")
            body += _six(device.in_report_lengths, "B") + _six(device.out_report_lengths, "B")
            body += struct.pack("<HHB", device.usage_page, device.usage, len(device.report_ids)) + bytes(1)
            self.sram[STRUCTS + k * STRUCT_SIZE : STRUCTS + (k + 1) * STRUCT_SIZE] = body

    def address_of(self, thing: object) -> int:
        """What id() says."""
        return SRAM + STRUCTS + next(k for k, device in enumerate(self.devices) if device is thing) * STRUCT_SIZE

    def configure(self) -> None:
        """The host has enumerated the board: disk, console and HID, as CircuitPython lays out their endpoints."""
        self.connected = True
        self._waiting = self._unseen = None
        interrupt, bulk = 0x8C000000, 0xA8000000
        others = {1: (interrupt | 0x180, 0), 2: (bulk | 0x240, bulk | 0x1C0), 3: (bulk | 0x2C0, bulk | 0x340)}
        for number, words in {**others, self.endpoint: (interrupt | IN_BUFFER, 0xAC000000 | OUT_BUFFER)}.items():
            self.dpram.put(8 * number, struct.pack("<II", *words))
        self._arm()

    def served(self) -> None:
        """Bytecodes have been executed: the firmware has seen what the controller received."""
        self.in_blocking_call = False
        if self._unseen is not None:
            packet, self._unseen = self._unseen, None
            self._keep(packet)
            self._arm()

    def send(self, report: bytes) -> None:
        if self._waiting is not None or not self.connected:
            self.blocked_ms += 2000
            raise OSError("USB busy")
        self._waiting = report
        self.dpram.put(IN_BUFFER, report)
        self.dpram.word(0x80 + 8 * self.endpoint, 0x8000 | AVAILABLE | len(report))
        if self.fetching:
            self.fetch()

    # ---- the host ----
    def out(self, packet: bytes) -> bool:
        """One interrupt OUT packet. False: the endpoint is not ready, the host tries again later."""
        if self._unseen is not None:
            return False
        self.dpram.put(OUT_BUFFER, packet)
        self.dpram.word(0x84 + 8 * self.endpoint, FULL | len(packet))
        self._unseen = packet
        if not self.in_blocking_call:
            self.served()
        return True

    def set_report(self, kind: int, data: bytes, status: Callable[[], None] = lambda: None) -> None:
        """SET_REPORT of kind 2 (output) or 3 (feature). `status` is called while the data is still on its way."""
        self._setup(0x21, 9, kind, data[0], len(data))
        self.dpram.word(0x84, 0x7000 | AVAILABLE | 64)
        status()
        self.dpram.put(EP0_BUFFER, data)
        self.dpram.word(0x84, 0x7000 | FULL | len(data))
        self._keep(data)

    def get_report(self, report_id: int, length: int) -> bytes:
        """GET_REPORT(Feature): what the reply buffer in memory holds."""
        device = next(device for device in self.devices if report_id in device.report_ids)
        at = self.address_of(device) - SRAM + 8 + 4 * device.report_ids.index(report_id)
        buffer = struct.unpack("<I", self.sram[at : at + 4])[0] - SRAM
        answer = bytes([report_id]) + bytes(self.sram[buffer : buffer + min(length, 64) - 1])
        self._setup(0xA1, 1, 3, report_id, length)
        self.dpram.put(EP0_BUFFER, answer)
        self.dpram.word(0x84, 0x7000 | FULL)
        return answer

    def fetch(self) -> None:
        """Takes the waiting input report."""
        if self._waiting is not None:
            self.sent.append(self._waiting)
            self._waiting = None
            self.dpram.word(0x80 + 8 * self.endpoint, 0x5440 & ~AVAILABLE)

    def _setup(self, request_type: int, request: int, kind: int, report_id: int, length: int) -> None:
        self.dpram.put(0, struct.pack("<BBBBHH", request_type, request, report_id, kind, 3, length))

    def _keep(self, data: bytes) -> None:
        for device in self.devices:
            lengths = dict(zip(device.report_ids, device.out_report_lengths, strict=True))
            if lengths.get(data[0]) == len(data) - 1:
                device.slots[data[0]] = data[1:]

    def _arm(self) -> None:
        self.dpram.word(0x84 + 8 * self.endpoint, 0x5440)


def _six(values: Any, code: str) -> bytes:
    return struct.pack(f"<6{code}", *values, *[0] * (6 - len(values)))
