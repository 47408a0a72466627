# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""CircuitPython's USB HID and the memory behind it, with what makes them hard: for tests of ft260's USB side.

- A report is kept for get_last_received_report() only if its length is the declared one; one slot per ID.
- GET_REPORT is answered from the reply buffer, which only memory holds.
- TinyUSB opens the OUT endpoint again as soon as it gets to run, unless its interface names no OUT endpoint.
- A packet for an endpoint that TinyUSB does not know to be active halts the board, as does memory it must not find.
- Endpoint 0 has one buffer: every transfer overwrites what the one before left. A setup packet is TinyUSB's as soon as
  its interrupt is not masked, and GET_REPORT is then answered at once, whatever the program is about to do.
- send_report() blocks for 2 s and fails while the host does not fetch.
"""

import struct
from collections.abc import Callable
from typing import Any

from ft260 import descriptor

SRAM, DPRAM, REGISTERS = 0x20000000, 0x50100000, 0x50110000
ADDRESS, INTR, INTE, SET, CLEAR, SETUP_REQ = 0x00, 0x8C, 0x90, 0x2000, 0x3000, 1 << 16
MARK = 5  # in the setup packet, the high byte of wIndex
PATIENCE = 5000  # turns of the program that a host waits for the answer to a control request
STRUCTS, STRUCT_SIZE, HEAP = 0x92A8, 0x58, 0x12000
HID_BUFFER, HIDD, HW_ENDPOINT = 0xB2B0, 0xB2F0, 0xCB58
EP0_BUFFER, OUT_BUFFER, IN_BUFFER = 0x100, 0x400, 0x3C0
AVAILABLE, FULL = 1 << 10, 1 << 15


class Halted(Exception):
    """The firmware has stopped for good."""


class Range(bytearray):
    """memorymap.AddressRange: slices are copies, and a slice is only replaced by as many bytes.

    `writable` says whether a program may write there without harm; None: everywhere. The hardware side uses `put`.
    """

    writable: Callable[[int], bool] | None = None

    def __setitem__(self, index: Any, value: Any) -> None:
        touched = range(*index.indices(len(self))) if isinstance(index, slice) else [index]
        if isinstance(index, slice) and len(touched) != len(value):
            raise ValueError("Slice and value different lengths.")
        assert self.writable is None or all(map(self.writable, touched)), f"write to {touched}"
        super().__setitem__(index, value)

    def put(self, at: int, data: bytes) -> None:
        super().__setitem__(slice(at, at + len(data)), data)

    def put_word(self, at: int, value: int) -> None:
        self.put(at, struct.pack("<I", value))

    def word(self, at: int) -> int:
        return struct.unpack("<I", self[at : at + 4])[0]


class Registers:
    """The controller's registers as memorymap shows them: whole words only. `inte` is the interrupt mask."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.inte, self.setup = 0xFFFFFFFF, False  # `setup`: a setup packet has come that TinyUSB has not taken
        self.address = 0
        self._changed = changed

    def __getitem__(self, index: slice) -> bytearray:
        at = self._word(index)
        words = {INTE: self.inte, INTR: SETUP_REQ * self.setup, ADDRESS: self.address}
        return bytearray(struct.pack("<I", words.get(at, 0)))

    def __setitem__(self, index: slice, value: bytes) -> None:
        at, bits = self._word(index), int.from_bytes(value, "little")
        assert len(value) == 4
        assert at in (INTE + SET, INTE + CLEAR), f"write to register {at:x}"
        self.inte = self.inte | bits if at == INTE + SET else self.inte & ~bits
        self._changed()

    @property
    def closed(self) -> bool:
        return not self.inte & SETUP_REQ

    @staticmethod
    def _word(index: slice) -> int:
        if not isinstance(index, slice) or index.start % 4 or index.stop != index.start + 4:
            raise RuntimeError("Unable to access unaligned IO register")
        return int(index.start)


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
    """The controller, TinyUSB and a host. Reports are bytes with the ID first. `sent`: input reports fetched."""

    def __init__(self, endpoint: int = 4) -> None:
        self.devices = descriptor.devices(FakeDevice, 1)
        self.sram, self.dpram = Range(0x42000), Range(0x1000)
        self.endpoint = endpoint
        self.control = 0x84 + 8 * endpoint
        self.dpram.writable = self._may_write
        self.registers = Registers(self._interrupts_changed)
        self.turn: Callable[[], None] = lambda: None  # of the program, while the host waits
        self.connected = False
        self.fetching = True
        self.sent: list[bytes] = []
        self.blocked_ms = 0.0
        self._waiting: bytes | None = None
        self._unseen: bytes | None = None  # a packet that TinyUSB has not dealt with
        self.in_blocking_call = False
        self.new_vm()

    def _may_write(self, at: int) -> bool:
        """The mark, buffer control of the OUT endpoint, the ID of a packet held there or of one to come, no buffer."""
        if at == OUT_BUFFER:
            return self.dpram.word(self.control) & (FULL | AVAILABLE) == FULL
        if at == EP0_BUFFER:
            return self.registers.setup and self.registers.closed
        if at == MARK:
            return True
        return self.control <= at < self.control + 4 or 0xE00 <= at < 0x1000

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
            self.sram.put(STRUCTS + k * STRUCT_SIZE, body)

    def address_of(self, thing: object) -> int:
        """What id() says."""
        return SRAM + STRUCTS + next(k for k, device in enumerate(self.devices) if device is thing) * STRUCT_SIZE

    def bus_reset(self) -> None:
        """TinyUSB forgets its endpoints; the buffer control words stay."""
        self.connected = False
        self._waiting = self._unseen = None
        self.sram.put(HW_ENDPOINT - 4, bytes(28))
        self.sram.put(HIDD, bytes(16))
        self.dpram.put(8, bytes(0x78))

    def configure(self) -> None:
        """The host has enumerated the board: disk, console and HID, as CircuitPython lays out their endpoints."""
        self.bus_reset()
        self._setup(0x00, 9, 0, 1, 0)
        self.connected = True
        interrupt, bulk = 0x8C000000, 0xA8000000
        others = {1: (interrupt | 0x180, 0), 2: (bulk | 0x240, bulk | 0x1C0), 3: (bulk | 0x2C0, bulk | 0x340)}
        for number, words in {**others, self.endpoint: (interrupt | IN_BUFFER, 0xAC000000 | OUT_BUFFER)}.items():
            self.dpram.put(8 * number, struct.pack("<II", *words))
        pointers = (DPRAM + self.control - 0x80, DPRAM + self.control, DPRAM + OUT_BUFFER)
        head = struct.pack("<BBBB3I", 0, 1, self.endpoint, 0, *pointers)
        self.sram.put(HW_ENDPOINT - 4, head + struct.pack("<IHHHBB", 0, 0, 0, 64, 0, 3))
        self.sram.put(HIDD, struct.pack("<BBBBHBBI", 3, 0x80 | self.endpoint, self.endpoint, 0, 197, 1, 0, 0x2000F13B))
        self.dpram.put_word(self.control, 0)
        self._open()
        self._setup(0x21, 0x0A, 0, 0, 0)  # SET_IDLE, as every HID driver

    def served(self) -> None:
        """TinyUSB has run, as between any two bytecodes."""
        self.in_blocking_call = False
        packet, self._unseen = self._unseen, None
        if packet is not None and self.sram[HIDD + 2] == self.endpoint:
            self._keep(packet)
            self._open()

    def send(self, report: bytes) -> None:
        if self._waiting is not None or not self.connected:
            self.blocked_ms += 2000
            raise OSError("USB busy")
        self._waiting = report
        self.dpram.put(IN_BUFFER, report)
        self.dpram.put_word(0x80 + 8 * self.endpoint, 0x8000 | AVAILABLE | len(report))
        if self.fetching:
            self.fetch()

    def _open(self) -> None:
        """TinyUSB's hw_endpoint_xfer_start."""
        pid = self.sram[HW_ENDPOINT - 1]
        self.sram.put(HW_ENDPOINT - 1, bytes([pid ^ 1]))
        self.sram.put(HW_ENDPOINT + 12, struct.pack("<IHH", SRAM + HID_BUFFER, 0, 0))
        self.sram.put(HW_ENDPOINT + 22, b"\x01")
        if self.dpram.word(self.control) & AVAILABLE:
            raise Halted("ep 4 out was already available")
        self.dpram.put_word(self.control, 0x5440 | pid << 13)

    # ---- the host ----
    def out(self, packet: bytes) -> bool:
        """One interrupt OUT packet. False: the endpoint is closed, the host tries again later."""
        control = self.dpram.word(self.control)
        if not self.connected or not control & AVAILABLE:
            return False
        self.dpram.put(OUT_BUFFER, packet)
        self.dpram.put_word(self.control, control & ~(AVAILABLE | 0x3FF) | FULL | len(packet))
        self._interrupt(packet)
        if not self.in_blocking_call:
            self.served()
        return True

    def _interrupt(self, packet: bytes) -> None:
        user_buffer, left, _, _, active, _ = struct.unpack("<IHHHBB", self.sram[HW_ENDPOINT + 12 : HW_ENDPOINT + 24])
        if not active or user_buffer != SRAM + HID_BUFFER or left:
            raise Halted("Can't continue xfer on inactive ep 4 out")
        self.sram.put(HID_BUFFER, packet)
        self.sram.put(HW_ENDPOINT + 12, bytes(8))
        self.sram.put(HW_ENDPOINT + 22, b"\x00")
        self._unseen = packet

    def set_report(
        self, kind: int, data: bytes, status: Callable[[], None] = lambda: None, report_id: int | None = None
    ) -> None:
        """SET_REPORT of kind 2 (output) or 3 (feature). `status` is called while the data is still on its way.

        `report_id`: where it is not that of the data. Without data there is no data stage either.
        """
        self._setup(0x21, 9, kind, data[0] if report_id is None else report_id, len(data))
        if not data:
            return
        self.dpram.put_word(0x84, 0x7000 | AVAILABLE | 64)
        status()
        self.take_data(data)

    def take_data(self, data: bytes) -> None:
        """The data of a SET_REPORT."""
        self.dpram.put(EP0_BUFFER, data)
        self.dpram.put_word(0x84, 0x7000 | FULL | len(data))
        self._keep(data)

    def get_report(self, report_id: int, length: int) -> bytes:
        """GET_REPORT(Feature): what the reply buffer in memory holds."""
        self._setup(0xA1, 1, 3, report_id, length)
        device = next(device for device in self.devices if report_id in device.report_ids)
        at = self.address_of(device) - SRAM + 8 + 4 * device.report_ids.index(report_id)
        buffer = self.sram.word(at) - SRAM
        answer = bytes([report_id]) + bytes(self.sram[buffer : buffer + min(length, 64) - 1])
        self.dpram.put(EP0_BUFFER, answer)
        self.dpram.put_word(0x84, 0x7000 | FULL)
        return answer

    def fetch(self) -> None:
        """Takes the waiting input report."""
        if self._waiting is not None:
            self.sent.append(self._waiting)
            self._waiting = None
            self.dpram.put_word(0x80 + 8 * self.endpoint, 0x5440 & ~AVAILABLE)

    def _setup(self, request_type: int, request: int, kind: int, report_id: int, length: int) -> None:
        """The setup packet; the host waits while it is not TinyUSB's."""
        self.knock(request_type, request, kind, report_id, length)
        for _ in range(PATIENCE):
            if not self.registers.setup:
                return
            self.turn()
        raise Halted("nobody answers the host")

    def knock(self, request_type: int, request: int, kind: int, report_id: int, length: int) -> None:
        """The setup packet alone; `registers.setup` as long as it waits."""
        self.dpram.put(0, struct.pack("<BBBBHH", request_type, request, report_id, kind, 3, length))
        self.registers.setup = True
        self._interrupts_changed()

    def _interrupts_changed(self) -> None:
        if not self.registers.closed:
            self.registers.setup = False

    def _keep(self, data: bytes) -> None:
        for device in self.devices:
            lengths = dict(zip(device.report_ids, device.out_report_lengths, strict=True))
            if lengths.get(data[0]) == len(data) - 1:
                device.slots[data[0]] = data[1:]


def _six(values: Any, code: str) -> bytes:
    return struct.pack(f"<6{code}", *values, *[0] * (6 - len(values)))
