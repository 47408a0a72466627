# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The interval in the configuration descriptor: changed where it is what is expected, and early enough."""

import struct

import pytest

from ft260.pace import set_interval
from host_tests.ft260.fake_usb_hid import Range, Registers

PLACES = {"10.0.3": 0xF0D0, "9.2.7": 0xFC14, "over the end of a piece": 0xF3D0}
INTERFACE = struct.pack("<BBBBBBBBB", 9, 4, 3, 0, 2, 3, 0, 0, 7)
HID = struct.pack("<BBHBBBH", 9, 0x21, 0x0111, 0, 1, 0x22, 197)


def endpoint(address: int, size: int = 64, interval: int = 8) -> bytes:
    return struct.pack("<BBBBHB", 7, 5, address, 3, size, interval)


def ram_with(at: int, *parts: bytes) -> Range:
    ram = Range(0x42000)
    ram.put(at, b"".join(parts))
    return ram


@pytest.fixture
def registers() -> Registers:
    return Registers(lambda: None)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("ms", [1, 4])
def test_both_endpoints_get_the_interval(registers, place, ms):
    at = PLACES[place]
    ram = ram_with(at, INTERFACE, HID, endpoint(0x84), endpoint(4))
    assert set_interval(ram, registers, ms)
    assert ram[at : at + 32] == INTERFACE + HID + endpoint(0x84, interval=ms) + endpoint(4, interval=ms)


def test_a_host_that_has_begun_to_read_is_not_told_two_things(registers):
    registers.address = 7
    ram = ram_with(PLACES["10.0.3"], INTERFACE, HID, endpoint(0x84), endpoint(4))
    before = bytes(ram)
    assert not set_interval(ram, registers, 1)
    assert bytes(ram) == before


@pytest.mark.parametrize(
    "others",
    [
        (endpoint(0x84), endpoint(4, size=32)),
        (endpoint(0x84, interval=1), endpoint(4)),
        (endpoint(0x84), INTERFACE),
        (),
    ],
)
def test_another_descriptor_is_left_alone(registers, others):
    ram = ram_with(PLACES["10.0.3"], INTERFACE, HID, *others)
    before = bytes(ram)
    assert not set_interval(ram, registers, 1)
    assert bytes(ram) == before


def test_where_no_interval_is_known_nothing_is_changed(registers):
    ram = ram_with(PLACES["10.0.3"], INTERFACE, HID, endpoint(0x84), endpoint(4))
    before = bytes(ram)
    assert not set_interval(ram, registers, 0)
    assert bytes(ram) == before
