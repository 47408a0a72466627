# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Read requests of the bridge: bus transfers, input reports and their order with the status."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.boards.targets import ABSENT, EEPROM, RECORDER
from host_tests.ft260.rig import Rig

IDLE, ADDRESS_NAK, DATA_NAK, TIMEOUT = 0x20, 0x26, 0x2A, 0x32


@pytest.fixture
def rig() -> Rig:
    return Rig()


def received(rig: Rig) -> bytes:
    return b"".join(payload[1 : 1 + payload[0]] for _, payload in rig.port.sent)


@pytest.mark.parametrize(("count", "report_id"), [(1, 0xD0), (4, 0xD0), (5, 0xD1), (12, 0xD2), (60, 0xDE)])
def test_data_comes_under_the_smallest_id_in_a_full_report(rig, count, report_id):
    rig.give(0xC2, EEPROM, 0x06, count, 0)
    assert rig.port.sent == [(report_id, bytes([count, *range(count)]).ljust(63, b"\0"))]
    assert rig.on_the_bus == [("r", EEPROM, bytes(range(count)), True)]


def test_the_second_length_byte_may_be_missing(rig):
    rig.give(0xC2, EEPROM, 0x06, 2)
    assert received(rig) == b"\x00\x01"


def test_a_long_read_is_one_transfer_and_several_reports(rig):
    rig.give(0xC2, EEPROM, 0x06, 0, 1)
    assert [(report_id, payload[0]) for report_id, payload in rig.port.sent] == [(0xDE, 60)] * 4 + [(0xD3, 16)]
    assert received(rig) == bytes(range(256))
    assert len(rig.on_the_bus) == 1


def test_no_old_bytes_follow_a_short_report(rig):
    rig.give(0xC2, EEPROM, 0x06, 60, 0)
    rig.give(0xC2, EEPROM, 0x06, 1, 0)
    assert rig.port.sent[1][1] == bytes([1, 60]).ljust(63, b"\0")


@pytest.mark.parametrize("flags", [0x02, 0x03, 0x06, 0x07])
def test_a_read_takes_the_held_bytes_along_with_a_repeated_start(rig, flags):
    rig.give(0xD0, EEPROM, 0x02, 1, b"\x10")
    rig.give(0xC2, EEPROM, flags, 2, 0)
    assert rig.on_the_bus == [("w", EEPROM, b"\x10", False), ("r", EEPROM, b"\x10\x11", True)]
    assert received(rig) == b"\x10\x11"


def test_a_read_elsewhere_completes_what_is_held(rig):
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x10")
    rig.give(0xC2, EEPROM, 0x06, 2, 0)
    assert rig.on_the_bus == [("w", RECORDER, b"\x10", True), ("r", EEPROM, b"\x00\x01", True)]


def test_a_read_after_a_finished_write_is_a_transfer_of_its_own(rig):
    rig.give(0xD0, EEPROM, 0x06, 1, b"\x10")
    rig.give(0xC2, EEPROM, 0x06, 2, 0)
    assert rig.on_the_bus == [("w", EEPROM, b"\x10", True), ("r", EEPROM, b"\x10\x11", True)]


def test_a_read_in_several_requests_goes_on_where_it_was(rig):
    rig.give(0xD0, EEPROM, 0x02, 1, b"\x20")
    for flags, count in ((0x03, 60), (0x00, 120), (0x04, 20)):
        rig.give(0xC2, EEPROM, flags, count, 0)
    assert received(rig) == bytes((0x20 + k) % 256 for k in range(200))
    assert [kind for kind, *_ in rig.on_the_bus] == ["w", "r", "r", "r"]


def test_a_read_larger_than_the_buffer_goes_on_with_a_new_start(rig):
    rig.give(0xD0, EEPROM, 0x02, 1, b"\x05")
    rig.give(0xC2, EEPROM, 0x07, 10000 & 0xFF, 10000 >> 8)
    assert received(rig) == bytes((5 + k) % 256 for k in range(10000))
    assert [len(data) for _, _, data, _ in rig.on_the_bus] == [1, 4199, 4200, 1601]


def test_a_read_of_nothing_asks_whether_the_address_answers(rig):
    rig.give(0xC2, EEPROM, 0x06, 0, 0)
    assert (rig.status, rig.port.sent) == (IDLE, [])
    rig.give(0xC2, ABSENT, 0x06, 0, 0)
    assert (rig.status, rig.port.sent) == (ADDRESS_NAK, [])


@pytest.mark.parametrize("count", [1, 60, 200])
def test_a_refused_read_still_answers_in_full_length(rig, count):
    rig.give(0xC2, ABSENT, 0x06, count, 0)
    assert received(rig) == b"\xff" * count
    assert rig.status == ADDRESS_NAK


def test_a_register_address_that_is_refused_is_an_error_of_the_read(rig):
    rig.wires.fault("nak_data", at_byte=0)
    rig.give(0xD0, EEPROM, 0x02, 1, b"\x10")
    rig.give(0xC2, EEPROM, 0x07, 4, 0)
    assert (rig.status, received(rig)) == (DATA_NAK, b"\xff" * 4)


def test_a_stuck_bus_is_a_timeout(rig):
    rig.wires.fault("timeout")
    rig.give(0xC2, EEPROM, 0x06, 4, 0)
    assert (rig.status, len(received(rig))) == (TIMEOUT, 4)


# ---- a host that does not fetch ----


def test_the_bridge_waits_for_the_host_without_blocking(rig):
    rig.port.ready = False
    rig.take(0xC2, EEPROM, 0x06, 100, 0)
    for now in range(0, 400, 10):
        rig.poll(now)
    assert rig.bridge.busy
    rig.port.ready = True
    rig.serve()
    assert received(rig) == bytes(range(100))


def test_data_that_nobody_fetches_is_given_up(rig):
    rig.port.ready = False
    rig.take(0xC2, EEPROM, 0x06, 100, 0)
    rig.poll(0)
    asked = rig.clock.now
    rig.poll(asked + 499)
    assert rig.bridge.busy
    rig.poll(asked + 502)
    assert not rig.bridge.busy
    assert rig.status == TIMEOUT
    rig.port.ready = True
    rig.give(0xC2, EEPROM, 0x06, 2, 0)
    assert (received(rig), rig.status) == (bytes([100, 101]), IDLE)


def test_a_reset_ends_the_wait_for_the_host(rig):
    rig.port.ready = False
    rig.take(0xC2, EEPROM, 0x06, 100, 0)
    for now in (0, 100):
        rig.poll(now)
    rig.bridge.set_feature(0xA1, b"\x20")
    rig.take(0xC2, EEPROM, 0x06, 4, 0)
    for now in (1000, 1020):
        rig.poll(now)
    assert rig.bridge.busy
    rig.port.ready = True
    rig.serve()
    assert (len(received(rig)), rig.status) == (4, IDLE)


def test_the_patience_begins_anew_with_each_report(rig):
    rig.take(0xC2, EEPROM, 0x06, 180, 0)
    for now in range(0, 1200, 400):
        rig.port.ready = False
        rig.poll(now)
        rig.port.ready = True
        rig.poll(now + 399)
    assert received(rig) == bytes(range(180))


def test_a_failing_send_is_tried_once(rig):
    rig.port.fails = True
    rig.give(0xC2, EEPROM, 0x06, 180, 0)
    assert rig.status == TIMEOUT
    rig.port.fails = False
    rig.give(0xC2, EEPROM, 0x06, 2, 0)
    assert received(rig) == bytes([180, 181])


def test_waiting_survives_the_wrap_of_the_clock(rig):
    rig.port.ready = False
    rig.take(0xC2, EEPROM, 0x06, 1, 0)
    rig.poll((1 << 29) - 100)
    asked = rig.clock.now
    rig.poll(asked + 400)
    assert rig.bridge.busy
    rig.poll(asked + 502)
    assert not rig.bridge.busy


def test_a_reset_ends_a_long_read(rig):
    rig.take(0xC2, EEPROM, 0x06, 0xFF, 0xFF)
    for _ in range(5):
        rig.poll(0)
    assert len(rig.port.sent) == 5
    rig.bridge.set_feature(0xA1, b"\x20")
    assert not rig.bridge.busy
    rig.serve()
    assert (len(rig.port.sent), rig.status) == (5, IDLE)


@settings(deadline=None)
@given(st.integers(1, 700), st.sampled_from([0x06, 0x07]), st.booleans())
def test_every_read_answers_with_exactly_what_was_asked_for(count, flags, absent):
    rig = Rig()
    rig.give(0xC2, ABSENT if absent else EEPROM, flags, count & 0xFF, count >> 8)
    assert len(received(rig)) == count
    assert all(len(payload) == 63 and 1 <= payload[0] <= 60 for _, payload in rig.port.sent)
    assert rig.status == (ADDRESS_NAK if absent else IDLE)
