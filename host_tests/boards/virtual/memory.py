# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What `memorymap` shows of the chip: SRAM with the HID devices' structs, the USB controller's DPRAM, registers."""

import struct
from collections.abc import Callable
from typing import Any, Protocol

from host_tests.boards.virtual.usb.controller import UsbController

SRAM_START, SRAM_SIZE = 0x20000000, 0x42000
DPRAM_START, DPRAM_SIZE = 0x50100000, 0x1000
USBCTRL_START, USBCTRL_SIZE = 0x50110000, 0x4000
SIO_START, SIO_SIZE = 0xD0000000, 0x1000
GPIO_IN = 4

# The firmware's usb_hid_device_obj_t for six report IDs.
HID_STRUCTS, HID_STRUCT_SIZE, MAX_IDS = SRAM_START + 0x92A8, 0x58, 6
DESCRIPTOR, IN_BUFFERS, OUT_BUFFERS, UPDATED, DESCRIPTOR_LENGTH = 4, 8, 32, 56, 62
IDS, IN_LENGTHS, OUT_LENGTHS, USAGE_PAGE, USAGE, ID_COUNT = 64, 70, 76, 82, 84, 86
HEAP_START = SRAM_START + 0x12000


class Memory:
    def __init__(self) -> None:
        self.sram = bytearray(SRAM_SIZE)
        self.dpram = bytearray(DPRAM_SIZE)
        self.usb = UsbController()
        self._hid: list[Any] = []
        self._free = HEAP_START

    def lay_out_hid(self, devices: list[Any]) -> None:
        """The structs of the enabled devices, with report buffers as made at the start of each program."""
        self._hid, self._free = list(devices), HEAP_START
        self.store(HID_STRUCTS, bytes(8 * HID_STRUCT_SIZE))
        for k, made in enumerate(device._made for device in devices):
            at = HID_STRUCTS + k * HID_STRUCT_SIZE
            descriptor = self._allocate(made.report_descriptor)
            ins = [self._allocate(bytes(n)) for n in made.in_report_lengths]
            outs = [self._allocate(bytes(n)) for n in made.out_report_lengths]
            body = struct.pack("<II", 0x100C4A38, descriptor) + _padded(ins, "I") + _padded(outs, "I") + bytes(6)
            body += struct.pack("<H", len(made.report_descriptor)) + _padded(made.report_ids, "B")
            body += _padded(made.in_report_lengths, "B") + _padded(made.out_report_lengths, "B")
            body += struct.pack("<HHB", made.usage_page, made.usage, len(made.report_ids))
            self.store(at, body)

    def _allocate(self, content: bytes) -> int:
        """Heap blocks of 16 bytes; no memory for nothing."""
        if not content:
            return 0
        at, self._free = self._free, self._free + (len(content) + 15) // 16 * 16
        self.store(at, content)
        return at

    def load(self, address: int, n: int) -> bytes:
        return bytes(self.sram[address - SRAM_START :][:n])

    def store(self, address: int, data: bytes) -> None:
        self.sram[address - SRAM_START : address - SRAM_START + len(data)] = data

    def pointer(self, address: int) -> int:
        return int.from_bytes(self.load(address, 4), "little")

    def address_of(self, thing: object) -> int:
        """The device's id(): an address in the firmware's memory for HID devices."""
        for k, device in enumerate(self._hid):
            if device is thing:
                return HID_STRUCTS + k * HID_STRUCT_SIZE
        return id(thing)


def _padded(values: Any, code: str) -> bytes:
    return struct.pack(f"<6{code}", *(*values, *(0 for _ in range(MAX_IDS - len(values)))))


class Registers(Protocol):
    """A peripheral as a program sees it: words at offsets."""

    def load(self, at: int) -> int: ...

    def store(self, at: int, bits: int) -> None: ...


class Sio:
    """Inputs of the pins: `levels` tells them, one bit each."""

    def __init__(self, levels: Callable[[], int]) -> None:
        self._levels = levels

    def load(self, at: int) -> int:
        return self._levels() if at == GPIO_IN else 0

    def store(self, at: int, bits: int) -> None:
        raise RuntimeError("the virtual board's pins cannot be set by their registers")


RANGES = {SRAM_START: SRAM_SIZE, DPRAM_START: DPRAM_SIZE, USBCTRL_START: USBCTRL_SIZE, SIO_START: SIO_SIZE}


class AddressRange:
    """`memorymap.AddressRange`. Only the exact starts are taken: the firmware misjudges ranges that begin inside."""

    _memory: Memory
    _sio: "Registers"
    _spend: Callable[[float], None]

    def __init__(self, *, start: int, length: int) -> None:
        memory = self._memory
        if start not in RANGES or not 0 < length <= RANGES[start]:
            raise ValueError("Address range not allowed")
        self._bytes = {SRAM_START: memory.sram, DPRAM_START: memory.dpram}.get(start)
        self._registers = memory.usb if start == USBCTRL_START else self._sio
        self._length = length

    def __len__(self) -> int:
        """The firmware's len() loses the high bits; indices and slices reach everything."""
        return self._length & 0xFFFF

    def __getitem__(self, index: int | slice) -> Any:
        start, stop, single = self._bounds(index)
        if self._bytes is None:
            words = [self._registers.load(at).to_bytes(4, "little") for at in self._words(start, stop)]
        data = bytearray(b"".join(words) if self._bytes is None else self._bytes[start:stop])
        return data[0] if single else data

    def __setitem__(self, index: int | slice, value: Any) -> None:
        start, stop, single = self._bounds(index)
        if not single and not isinstance(value, (bytes, bytearray, memoryview)):
            raise NotImplementedError("array/bytes required on right side")
        data = bytes([value]) if single else bytes(value)
        if len(data) != stop - start:
            raise ValueError("Slice and value different lengths.")
        if self._bytes is not None:
            self._bytes[start:stop] = data
            return
        for at in self._words(start, stop):
            self._registers.store(at, int.from_bytes(data[at - start :][:4], "little"))

    def _bounds(self, index: int | slice) -> tuple[int, int, bool]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._length)
            if step != 1:
                raise NotImplementedError("only slices with step=1 (aka None) are supported")
            self._spend(0.01 + 0.0002 * max(0, stop - start))
            return start, max(start, stop), False
        if not -self._length <= index < self._length:
            raise IndexError("index out of range")
        self._spend(0.008)
        return index % self._length, index % self._length + 1, True

    @staticmethod
    def _words(start: int, stop: int) -> range:
        if start % 4 or stop % 4:
            raise RuntimeError("Unable to access unaligned IO register")
        return range(start, stop, 4)
