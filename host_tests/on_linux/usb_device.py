# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Descriptors and standard requests of the model, as a USB device of full speed with one HID interface among others."""

import struct
from typing import Any, Protocol

HID = 3
INTERVALS = {HID: 1, 2: 16}  # bInterval by interface class; bulk endpoints have none
MAX_PACKET = 64
GET_STATUS, SET_ADDRESS, GET_DESCRIPTOR, GET_CONFIGURATION = 0, 5, 6, 8
DEVICE, CONFIGURATION, STRING, HID_DESCRIPTOR, REPORT_DESCRIPTOR = 1, 2, 3, 0x21, 0x22
ENGLISH = 0x0409
TO_HOST = 0x80


class Model(Protocol):
    """What is plugged in. All reports with their ID first; all times in ms of the model's own clock.

    `interfaces`: number, class, in and out endpoint (0: none) of each. A call that takes the device time moves
    `now_ms` on, beyond what run() was asked for.
    """

    vendor_id: int
    product_id: int
    strings: list[str]  # manufacturer, product, serial number
    interfaces: list[dict[str, int]]
    report_descriptor: bytes

    @property
    def now_ms(self) -> float: ...

    def run(self, until_ms: float) -> None:
        """Lets the device's time pass."""

    def get_feature(self, report_id: int, length: int) -> bytes | None:
        """GET_REPORT(Feature); None: refused."""

    def set_report(self, kind: int, data: bytes) -> bool:
        """SET_REPORT of kind 2 (output) or 3 (feature); False: refused."""

    def output(self, data: bytes) -> None:
        """One packet to the interrupt OUT endpoint. Comes back when the device has taken it, at `now_ms`."""

    def listen(self, count: int) -> None:
        """The host polls the interrupt IN endpoint until it has got so many reports."""

    def take_inputs(self) -> list[tuple[float, bytes]]:
        """(when, report) of what the host has got there since it was asked last."""

    def next_poll_ms(self) -> float:
        """When the host asks the interrupt IN endpoint next."""


class Requests:
    """Answers standard requests: bytes, or None for a stall."""

    def __init__(self, model: Model) -> None:
        self._strings = model.strings
        self._report_descriptor = model.report_descriptor
        self._hid = struct.pack(
            "<BBHBBBH", 9, HID_DESCRIPTOR, 0x0111, 0, 1, REPORT_DESCRIPTOR, len(self._report_descriptor)
        )
        ids = (model.vendor_id, model.product_id, 0x0100)
        self._device = struct.pack("<BBHBBBBHHHBBBB", 18, DEVICE, 0x0200, 0xEF, 2, 1, MAX_PACKET, *ids, 1, 2, 3, 1)
        body = b"".join(self._interface(**_renamed(each)) for each in model.interfaces)
        head = (9, CONFIGURATION, 9 + len(body), len(model.interfaces), 1, 0, 0x80, 50)
        self._configuration = struct.pack("<BBHBBBBB", *head) + body

    def _interface(self, number: int, kind: int, ins: int, outs: int) -> bytes:
        endpoints = [TO_HOST | ins] * bool(ins) + [outs] * bool(outs)
        made = struct.pack("<BBBBBBBBB", 9, 4, number, 0, len(endpoints), kind, 0, 0, 0)
        made += self._hid if kind == HID else b""
        transfer = 3 if kind in INTERVALS else 2
        for address in endpoints:
            made += struct.pack("<BBBBHB", 7, 5, address, transfer, MAX_PACKET, INTERVALS.get(kind, 0))
        return made

    def answer(self, request_type: int, request: int, value: int, length: int) -> bytes | None:
        if not request_type & TO_HOST:
            return b""  # SET_CONFIGURATION, SET_IDLE and their like
        if request == GET_DESCRIPTOR:
            found = self._descriptor(value >> 8, value & 0xFF)
            return None if found is None else found[:length]
        return {GET_STATUS: b"\0\0", GET_CONFIGURATION: b"\1"}.get(request)

    def _descriptor(self, kind: int, index: int) -> bytes | None:
        if kind == STRING:
            return self._string(index)
        known: dict[int, bytes] = {
            DEVICE: self._device,
            CONFIGURATION: self._configuration,
            HID_DESCRIPTOR: self._hid,
            REPORT_DESCRIPTOR: self._report_descriptor,
        }
        return known.get(kind)

    def _string(self, index: int) -> bytes | None:
        if index > len(self._strings):
            return None
        text = self._strings[index - 1].encode("utf-16le") if index else struct.pack("<H", ENGLISH)
        return bytes((2 + len(text), STRING)) + text


def _renamed(interface: dict[str, int]) -> dict[str, Any]:
    return {"number": interface["number"], "kind": interface["class"], "ins": interface["in"], "outs": interface["out"]}
