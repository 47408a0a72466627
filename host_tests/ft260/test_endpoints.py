# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Endpoint 0 beside the OUT endpoint: order, what has no room, what a host may send that nobody expects."""

import pytest

from host_tests.boards.targets import ABSENT, EEPROM, RECORDER
from host_tests.ft260.fake_usb_hid import CLEAR, INTE, MARK, Range, Registers
from host_tests.ft260.rig import UsbRig

RESET = b"\xa1\x20"
FEATURE, OUTPUT = 3, 2
START, MIDDLE, STOP = 0x02, 0x00, 0x04
SETTLED = 60  # turns after which everything that came over endpoint 0 has been found


@pytest.fixture
def rig() -> UsbRig:
    return UsbRig()


@pytest.fixture
def busy_rig(rig) -> UsbRig:
    """Its host does not fetch input reports, so that a read of two reports stays under service."""
    rig.usb.fetching = False
    rig.usb.out(bytes([0xC2, EEPROM, 6, 100, 0]))
    rig.turns(20)
    assert rig.bridge.busy
    return rig


def write(*data: int, flags: int = 0x06, address: int = RECORDER) -> bytes:
    return bytes([0xD0 + (len(data) - 1) // 4, address, flags, len(data), *data])


def whole(report: bytes) -> bytes:
    return report.ljust(64, b"\0")


def fetch_again(rig: UsbRig) -> None:
    rig.usb.fetching = True
    rig.usb.fetch()
    rig.turns(400)


# ---- order ----


@pytest.mark.parametrize("size", [2, 64])
@pytest.mark.parametrize("turns", [0, 1, 2, 3, 4, 5, 8, 40])
def test_a_reset_does_not_drop_what_came_after_it(rig, size, turns):
    rig.usb.set_report(FEATURE, RESET.ljust(size, b"\0"))
    rig.turns(turns)
    rig.usb.out(write(1, flags=START))
    rig.turns(40)
    rig.usb.out(write(2, flags=STOP))
    rig.turns(40)
    assert (rig.recorder.writes, rig.status) == ([b"\x01\x02"], 0x20)


@pytest.mark.parametrize("turns", range(6))
def test_a_request_over_endpoint_0_goes_before_a_later_packet(rig, turns):
    rig.usb.set_report(OUTPUT, whole(write(1)))
    rig.turns(turns)
    rig.usb.out(write(2))
    rig.turns(100)
    assert rig.recorder.writes == [b"\x01", b"\x02"]


def test_a_request_that_waits_is_dropped_by_a_reset(busy_rig):
    busy_rig.usb.set_report(OUTPUT, whole(write(1)))
    busy_rig.turns(SETTLED)
    busy_rig.usb.set_report(FEATURE, RESET)
    busy_rig.turns(SETTLED)
    assert (busy_rig.recorder.writes, busy_rig.status) == ([], 0x20)


# ---- room ----


def test_a_chunk_without_room_waits_with_its_host_and_the_write_is_whole(busy_rig):
    for chunk in (write(1, flags=START), write(*range(5), flags=MIDDLE), write(*range(9), flags=STOP)):
        busy_rig.usb.set_report(OUTPUT, whole(chunk))
        busy_rig.turns(SETTLED)
    assert busy_rig.recorder.writes == [bytes([1, *range(5), *range(9)])]
    assert busy_rig.status == 0x20


def test_a_report_over_endpoint_0_waits_for_an_earlier_packet(busy_rig):
    assert busy_rig.usb.out(write(1))
    busy_rig.usb.set_report(OUTPUT, whole(write(2)))
    fetch_again(busy_rig)
    assert busy_rig.recorder.writes == [b"\x01", b"\x02"]


def test_a_reset_drops_a_packet_that_came_before_it_and_none_that_came_after(busy_rig):
    busy_rig.usb.out(write(1))
    busy_rig.usb.set_report(FEATURE, RESET)
    while not busy_rig.usb.out(write(2)):
        busy_rig.turn()
    busy_rig.turns(SETTLED)
    assert (busy_rig.recorder.writes, busy_rig.status) == ([b"\x02"], 0x20)


def test_a_request_that_waits_is_shown_as_busy_whatever_is_set_meanwhile(busy_rig):
    busy_rig.usb.set_report(OUTPUT, whole(write(1, 2)))
    busy_rig.turns(SETTLED)
    busy_rig.usb.set_report(FEATURE, b"\xa1\x22\x90\x01")
    busy_rig.turns(SETTLED)
    assert busy_rig.status == 0x41
    fetch_again(busy_rig)
    assert (busy_rig.recorder.writes, busy_rig.status) == ([b"\x01\x02"], 0x20)


def test_without_memory_a_waiting_request_is_served_without_another_one():
    rig = UsbRig(memory=False)
    rig.usb.out(whole(bytes([0xC2, EEPROM, 6, 100, 0])))
    rig.usb.out(whole(write(1)))
    rig.turns(1000)
    assert rig.recorder.writes == [b"\x01"]


# ---- what nobody expects ----


def test_a_set_report_without_data_is_ignored(rig):
    rig.usb.get_report(0xC0, 5)
    rig.usb.set_report(FEATURE, b"", report_id=0xA1)
    rig.turns(SETTLED)
    assert rig.bus.calls == []


def test_another_setting_without_parameters_is_no_i2c_reset(rig):
    rig.usb.out(write(1, flags=START))
    rig.turns(20)
    rig.usb.set_report(FEATURE, b"\xa1\x40")
    rig.turns(SETTLED)
    rig.usb.out(write(2, flags=STOP))
    rig.turns(20)
    assert (rig.recorder.writes, rig.bus.calls) == ([b"\x01\x02"], [])


def test_a_read_behind_a_write_that_fills_the_buffer_is_served(rig):
    for k in range(70):
        rig.usb.out(write(*bytes(60), flags=START if k == 0 else MIDDLE, address=EEPROM))
        rig.turns(20)
    rig.usb.out(bytes([0xC2, EEPROM, 7, 4, 0]))
    rig.turns(400)
    assert rig.status == 0x20
    assert sum(report[1] for report in rig.usb.sent) == 4


def test_a_host_that_configures_the_board_anew_leaves_no_busy_behind(rig):
    rig.usb.out(write(1))
    rig.usb.configure()
    rig.turns(200)
    assert rig.status == 0x20


def test_the_endpoint_stays_held_when_the_board_is_configured_anew_while_a_request_waits(busy_rig):
    busy_rig.usb.set_report(OUTPUT, whole(write(1)))
    busy_rig.turns(SETTLED)
    busy_rig.usb.configure()
    busy_rig.turns(SETTLED)
    assert busy_rig.usb.out(write(2))
    assert not busy_rig.usb.out(write(3))


def test_an_error_outlives_settings_until_a_reset(rig):
    rig.usb.out(write(1, address=ABSENT))
    rig.turns(20)
    for setting in (b"\xa1\x22\x64\x00", b"\xb0\x00\x00\x00\x00", b"\xa1\x02\x01"):
        rig.usb.set_report(FEATURE, setting)
        rig.turns(SETTLED)
        assert rig.status == 0x26
    rig.usb.set_report(FEATURE, RESET)
    rig.turns(SETTLED)
    assert rig.status == 0x20


@pytest.mark.parametrize(("part", "at"), [(Range, MARK), (Registers, slice(INTE + CLEAR, INTE + CLEAR + 4))])
def test_a_request_that_comes_while_the_one_before_is_marked_is_not_overlooked(rig, monkeypatch, part, at):
    came: list[object] = []
    write_item = part.__setitem__

    def set_item(self, index, value):
        write_item(self, index, value)
        if index == at and not came:
            came.append(index)
            rig.usb.knock(0xA1, 1, FEATURE, 0xC0, 5)

    monkeypatch.setattr(part, "__setitem__", set_item)
    assert rig.status == 0x20  # the host waits until both have been let in
    assert (len(came), rig.usb.registers.setup, rig.port.watch(1)) == (1, False, False)
