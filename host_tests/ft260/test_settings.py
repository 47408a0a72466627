# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Settings of the bridge by feature report, its GPIO port, and when it counts as active."""

import pytest

from ft260.pins import Pins
from host_tests.boards.targets import EEPROM, RECORDER
from host_tests.ft260.rig import Rig


@pytest.fixture
def rig() -> Rig:
    return Rig()


# ---- A1 20 ----


@pytest.mark.parametrize("padding", [b"", bytes(62)])
def test_a_reset_drops_what_is_held_and_frees_the_bus(rig, padding):
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x01")
    rig.bridge.set_feature(0xA1, b"\x20" + padding)
    assert rig.bus.calls == ["recover"]
    rig.give(0xD0, RECORDER, 0x06, 1, b"\x02")
    assert rig.recorder.writes == [b"\x02"]


def test_a_reset_clears_the_error(rig):
    rig.give(0xD0, 0x11, 0x06, 1, b"\x01")
    rig.bridge.set_feature(0xA1, b"\x20")
    assert rig.status == 0x20


def test_a_reset_drops_a_request_that_waits_for_the_bus(rig):
    rig.take(0xD0, RECORDER, 0x06, 1, b"\x01")
    rig.bridge.set_feature(0xA1, b"\x20")
    rig.serve()
    assert rig.on_the_bus == []


# ---- A1 22 ----


@pytest.mark.parametrize(
    ("asked", "khz"),
    [
        (60, 60), (100, 100), (400, 400), (1000, 1000),
        (1001, 1000), (3400, 1000),
        (0, 100), (59, 100), (3401, 100), (0x6400, 100), (0x9001, 100), (0xFFFF, 100),
    ],
)  # fmt: skip
def test_the_clock_is_set_and_shown(rig, asked, khz):
    rig.bridge.set_feature(0xA1, bytes([0x22, asked & 0xFF, asked >> 8]) + bytes(60))
    assert rig.bus.calls == [khz]
    assert rig.feature(0xC0) == bytes([0x20, khz & 0xFF, khz >> 8, 0])


def test_missing_bytes_of_the_clock_are_zero(rig):
    rig.bridge.set_feature(0xA1, b"\x22\x64")
    rig.bridge.set_feature(0xA1, b"\x22")
    assert rig.bus.calls == [100, 100]


def test_setting_the_clock_keeps_the_status(rig):
    rig.give(0xD0, 0x11, 0x06, 1, b"\x01")
    rig.bridge.set_feature(0xA1, b"\x22\x90\x01")
    assert rig.feature(0xC0) == b"\x26\x90\x01\x00"
    rig.take(0xD0, RECORDER, 0x06, 1, b"\x01")
    rig.bridge.set_feature(0xA1, b"\x22\x64\x00")
    assert rig.feature(0xC0)[0] & 0x01


# ---- the others ----


@pytest.mark.parametrize("request_id", [0x01, 0x02, 0x03, 0x05, 0x06, 0x0B, 0x40, 0x41, 0x50, 0x61, 0x65, 0x99])
def test_all_other_requests_are_accepted(rig, request_id):
    rig.bridge.set_feature(0xA1, bytes([request_id, 1]))
    assert (rig.bridge.rejected, rig.bus.calls) == (0, [])


@pytest.mark.parametrize(("report_id", "payload"), [(0xA1, b""), (0xA0, b"\x20"), (0xB0, b"\x01\x02\x03"), (0xC0, b"")])
def test_features_that_cannot_be_set_are_counted(rig, report_id, payload):
    rig.bridge.set_feature(report_id, payload)
    assert (rig.bridge.rejected, rig.pins.set_to) == (1, [])


def test_gpio_is_passed_on_and_shown_at_once(rig):
    rig.bridge.set_feature(0xB0, b"\x21\x3f\x80\xff" + bytes(59))
    assert rig.pins.set_to == [b"\x21\x3f\x80\xff"]
    assert rig.feature(0xB0) == rig.pins.state()


# ---- pins ----


class Pin:
    """digitalio.DigitalInOut; `outside` is the level of an input, `looks` counts."""

    def __init__(self) -> None:
        self.looks = 0
        self.output, self.outside, self.changes = False, False, 0
        self._level = False

    def switch_to_output(self, value: bool = False) -> None:
        self.output, self._level = True, value
        self.changes += 1

    def switch_to_input(self) -> None:
        self.output = False
        self.changes += 1

    @property
    def value(self) -> bool:
        self.looks += 1
        return self._level if self.output else self.outside

    @value.setter
    def value(self, level: bool) -> None:
        assert self.output
        self._level = level


@pytest.fixture
def pins() -> list[Pin]:
    return [Pin() for _ in range(14)]


def test_both_groups_of_pins_in_their_order(pins):
    port = Pins(pins)
    port.set(b"\x01\x21\x82\xc2")
    outputs = [k for k, pin in enumerate(pins) if pin.output]
    high = [k for k, pin in enumerate(pins) if pin.output and pin.value]
    assert (outputs, high) == ([0, 5, 7, 12, 13], [0, 7, 13])
    pins[1].outside = pins[6].outside = True
    assert bytes(port.state()) == b"\x03\x21\x83\xc2"


def test_a_pin_that_stays_what_it_is_is_not_switched(pins):
    port = Pins(pins)
    port.set(b"\x01\x01\x00\x00")
    port.set(b"\x00\x01\x00\x00")
    assert (pins[0].changes, pins[0].value) == (1, False)
    port.set(b"\x00\x00\x00\x00")
    assert (pins[0].changes, pins[0].output) == (2, False)
    assert sum(pin.changes for pin in pins[1:]) == 0


def test_bits_without_a_pin_are_ignored(pins):
    Pins(pins).set(b"\xc0\xc0\x00\x00")
    assert not any(pin.output for pin in pins)


def test_levels_are_those_of_the_moment_they_are_asked_for(pins):
    port = Pins(pins)
    assert port.state() == bytes(4)
    pins[13].outside = True
    assert port.state() == b"\x00\x00\x80\x00"
    assert [pin.looks for pin in pins] == [2] * 14


# ---- activity ----


@pytest.mark.parametrize(
    "touch",
    [
        lambda rig: rig.give(0xD0, RECORDER, 0x06, 1, b"\x01"),
        lambda rig: rig.give(0xDF, RECORDER, 0x06, 1, b"\x01"),
        lambda rig: rig.give(0xC2, EEPROM, 0x06, 1, 0),
        lambda rig: rig.bridge.set_feature(0xA1, b"\x20"),
        lambda rig: rig.bridge.set_feature(0xA1, b"\x22\x64\x00"),
    ],
)
def test_what_uses_the_bridge_is_noticed_once(touch):
    rig = Rig()
    assert not rig.bridge.used()
    touch(rig)
    assert [rig.bridge.used() for _ in range(3)] == [True, False, False]


def test_features_without_effect_on_the_bus_do_not_count(rig):
    rig.bridge.set_feature(0xA1, b"\x02\x01")
    rig.bridge.set_feature(0xB0, bytes(4))
    assert not rig.bridge.used()


def test_a_long_read_is_use_all_the_time(rig):
    rig.take(0xC2, EEPROM, 0x06, 200, 0)
    for now in range(3):
        rig.poll(now)
        assert rig.bridge.used()


def test_requests_are_counted_for_the_light(rig):
    rig.give(0xD0, RECORDER, 0x06, 1, b"\x01")
    rig.give(0xC2, EEPROM, 0x06, 1, 0)
    rig.give(0x99, b"")
    assert rig.bridge.requests == 2
