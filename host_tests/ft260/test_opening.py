# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""From usb_hid to a Port: what boot.py enables, what answers at once, and what is said where something is missing."""

import importlib
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from host_tests.ft260.fake_usb_hid import DPRAM, REGISTERS, SRAM, FakeDevice, FakeUsb, Range


class Board:
    """The board's modules, for ft260.hid_port. `told`: what open_port had to say."""

    def __init__(self, usb: FakeUsb | None, memory: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        self.usb = usb
        self.told: list[str] = []
        devices = usb.devices if usb else ()
        runtime = SimpleNamespace(usb_connected=True)
        ranges: dict[int, Any] = {SRAM: Range(0x42000), REGISTERS: None}
        if usb:
            ranges = {SRAM: usb.sram, DPRAM: usb.dpram, REGISTERS: usb.registers}
        address_range = SimpleNamespace(AddressRange=lambda start, length: ranges[start])
        monkeypatch.setitem(sys.modules, "usb_hid", SimpleNamespace(devices=devices, Device=FakeDevice))
        monkeypatch.setitem(sys.modules, "memorymap", address_range if memory else None)
        monkeypatch.setitem(sys.modules, "supervisor", SimpleNamespace(runtime=runtime))
        monkeypatch.setitem(sys.modules, "adafruit_hid", SimpleNamespace(find_device=self.find_device))
        for name in ("ft260.hid_port", "ft260.opening", "ft260.endpoint_finder"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        self.hid_port: Any = importlib.import_module("ft260.hid_port")
        monkeypatch.setattr(self.hid_port, "id", self._id, raising=False)

    def _id(self, thing: object) -> int:
        assert self.usb is not None
        return self.usb.address_of(thing)

    def find_device(self, devices: Any, *, usage_page: int, usage: int, timeout: int) -> Any:
        """The library's: ValueError if there is none, OSError if the host is not there in time, 0 s being too short."""
        if not any(device.usage_page == usage_page and device.usage == usage for device in devices):
            raise ValueError("Could not find matching HID device.")
        assert timeout == 0
        raise OSError("Failed to initialize HID device. Is USB connected?")

    def open(self) -> Any:
        return self.hid_port.open_port(self.hid_port.prime(), self.told.append)


@pytest.fixture
def make_board(monkeypatch):
    def make(usb: FakeUsb | None, memory: bool = True) -> Board:
        return Board(usb, memory, monkeypatch)

    return make


def test_boot_gets_the_devices(make_board):
    devices = make_board(FakeUsb()).hid_port.devices(1)
    assert [(device.usage_page, device.usage) for device in devices] == [(0xFF00, k) for k in (1, 2, 3, 4)]


def test_a_port_receives_and_sends(make_board):
    usb = FakeUsb()
    port = make_board(usb).open()
    usb.configure()
    taken: list[bytes] = []
    bridge = SimpleNamespace(
        busy=False, take=lambda report: taken.append(bytes(report)), set_feature=None, start=lambda missed: None
    )
    for _ in range(100):
        port.receive(bridge)
    usb.out(b"\xd1\x30\x06\x01\x55")
    port.receive(bridge)
    assert taken == [b"\xd1\x30\x06\x01\x55"]
    assert port.send(0xDD, bytes(63))
    assert usb.sent == [b"\xdd" + bytes(63)]


def test_features_answer_from_prime_on(make_board):
    usb = FakeUsb()
    make_board(usb).hid_port.prime()
    assert usb.get_report(0xC0, 5) == b"\xc0\x41\x64\x00\x00"


def test_nothing_is_said_where_everything_is_found(make_board):
    board = make_board(FakeUsb())
    assert board.open()
    assert board.told == []


def test_without_hid_there_is_no_port(make_board):
    board = make_board(None)
    assert board.open() is None
    assert board.told == []


def test_with_other_devices_only_there_is_no_port(make_board):
    usb = FakeUsb()
    for device in usb.devices:
        device.usage_page = 1
    assert make_board(usb).open() is None


@pytest.mark.parametrize("field", [64, 70, 76])
def test_another_layout_of_the_devices_is_told(make_board, field):
    usb = FakeUsb()
    usb.sram[usb.address_of(usb.devices[0]) - SRAM + field] ^= 1
    board = make_board(usb)
    assert board.open()
    assert ["read as zeros" in text for text in board.told] == [True]


def test_a_board_without_memorymap_is_told(make_board):
    board = make_board(FakeUsb(), memory=False)
    assert board.open()
    assert ["read as zeros" in board.told[0], "only reports of 63 bytes" in board.told[1]] == [True, True]


def test_what_is_needed_only_once_does_not_stay_loaded(make_board):
    make_board(FakeUsb()).open()
    assert not {"adafruit_hid", "ft260.opening", "ft260.endpoint_finder"} & set(sys.modules)
