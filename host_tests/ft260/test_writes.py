# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Write requests of the bridge: which bytes become which bus writes, and what status they leave."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ft260 import reports
from host_tests.boards.targets import ABSENT, EEPROM, RECORDER
from host_tests.ft260.rig import Rig

IDLE, HELD, ADDRESS_NAK, DATA_NAK, TIMEOUT = 0x20, 0x40, 0x26, 0x2A, 0x32


@pytest.fixture
def rig() -> Rig:
    return Rig()


def chunks(data: bytes, size: int = 60) -> list[tuple[int, bytes]]:
    """(flag, data) of each report of one long write."""
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    flags = [0x02, *[0x00] * (len(parts) - 2), 0x04]
    return list(zip(flags, parts, strict=True))


def test_a_write_with_start_and_stop_is_one_bus_write(rig):
    rig.give(0xD0, RECORDER, 0x06, 2, b"\xa5\x5a")
    assert rig.on_the_bus == [("w", RECORDER, b"\xa5\x5a", True)]
    assert rig.status == IDLE


@pytest.mark.parametrize("report_id", [0xD0, 0xD5, 0xDE, 0xDF])
def test_the_length_byte_rules_not_the_id(rig, report_id):
    rig.give(report_id, RECORDER, 0x06, 3, b"abcdefgh")
    assert rig.recorder.writes == [b"abc"]


def test_missing_data_bytes_are_zero(rig):
    rig.give(0xD0, RECORDER, 0x06, 3, b"\xa5")
    assert rig.recorder.writes == [b"\xa5\x00\x00"]


@pytest.mark.parametrize("flags", [0x06, 0x07])
def test_a_repeated_start_needs_nothing_before_it(rig, flags):
    rig.give(0xD0, RECORDER, flags, 1, b"\x01")
    assert rig.on_the_bus == [("w", RECORDER, b"\x01", True)]


@pytest.mark.parametrize("start", [0x02, 0x03])
def test_chunks_from_start_to_stop_become_one_write(rig, start):
    rig.give(0xD0, RECORDER, start, 2, b"\x01\x02")
    assert rig.on_the_bus == []
    rig.give(0xD0, RECORDER, 0x00, 1, b"\x03")
    rig.give(0xD0, RECORDER, 0x04, 3, b"\x04\x05\x06")
    assert rig.on_the_bus == [("w", RECORDER, b"\x01\x02\x03\x04\x05\x06", True)]
    assert rig.status == IDLE


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=4200), st.integers(1, 60))
def test_however_a_write_is_cut_the_bus_sees_it_whole(data, size):
    rig = Rig()
    if len(data) <= size:
        rig.give(0xDE, RECORDER, 0x06, len(data), data)
    else:
        for flag, part in chunks(data, size):
            rig.give(0xDE, RECORDER, flag, len(part), part)
    assert rig.on_the_bus == [("w", RECORDER, data, True)]


def test_the_largest_block_of_the_chip_fits(rig):
    for flag, part in chunks(bytes(range(256)) * 16 + b"\x12\x34"):
        rig.give(0xDE, RECORDER, flag, len(part), part)
    assert [len(data) for data in rig.recorder.writes] == [4098]


def test_what_is_too_long_is_dropped_whole_and_told(rig):
    for flag, part in chunks(bytes(4201)):
        rig.give(0xDE, RECORDER, flag, len(part), part)
    assert rig.on_the_bus == []
    assert rig.status == DATA_NAK
    rig.give(0xD0, RECORDER, 0x06, 1, b"\x01")
    assert (rig.recorder.writes, rig.status) == ([b"\x01"], IDLE)


def test_after_an_overflow_the_rest_of_the_chain_is_not_written_either(rig):
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x01")
    for _ in range(71):
        rig.give(0xDE, RECORDER, 0x00, 60, bytes(60))
        if rig.status == DATA_NAK:
            break
    assert rig.status == DATA_NAK
    rig.give(0xD0, RECORDER, 0x04, 1, b"\x02")
    assert rig.on_the_bus == []
    assert rig.status == DATA_NAK


@pytest.mark.parametrize("flags", [0x00, 0x04])
def test_a_continuation_without_a_start_is_not_written(rig, flags):
    rig.give(0xD0, RECORDER, flags, 1, b"\x01")
    assert rig.on_the_bus == []
    assert rig.status == DATA_NAK


def test_a_second_start_completes_what_is_held(rig):
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x01")
    rig.give(0xD0, RECORDER, 0x06, 1, b"\x02")
    assert rig.recorder.writes == [b"\x01", b"\x02"]


def test_a_start_to_another_address_completes_what_is_held(rig):
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x01")
    rig.give(0xD0, EEPROM, 0x02, 1, b"\x10")
    assert rig.on_the_bus == [("w", RECORDER, b"\x01", True)]
    rig.give(0xD0, EEPROM, 0x04, 1, b"\x77")
    assert rig.on_the_bus[1:] == [("w", EEPROM, b"\x10\x77", True)]


def test_the_error_of_what_was_held_is_not_lost(rig):
    rig.give(0xD0, ABSENT, 0x02, 1, b"\x01")
    rig.give(0xD0, RECORDER, 0x06, 1, b"\x02")
    assert rig.recorder.writes == [b"\x02"]
    assert rig.status == ADDRESS_NAK


def test_one_poll_uses_the_bus_once(rig):
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x01")
    rig.take(0xD0, RECORDER, 0x06, 1, b"\x02")
    counts = []
    while rig.bridge.busy:
        rig.bridge.poll()
        counts.append(len(rig.on_the_bus))
    assert counts == [1, 2]


def test_a_caller_that_keeps_the_bus_may_wait_with_polling(rig):
    rig.take(0xD0, RECORDER, 0x06, 1, b"\x02")
    assert rig.bridge.busy
    assert rig.bridge.used()
    assert rig.on_the_bus == []
    rig.serve()
    assert rig.recorder.writes == [b"\x02"]


@pytest.mark.parametrize(("held_status", "shown"), [(False, IDLE), (True, HELD)])
def test_the_status_while_a_start_waits_for_its_stop_is_a_setting(held_status, shown):
    rig = Rig(held_status=held_status)
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x01")
    assert rig.status == shown
    rig.give(0xD0, RECORDER, 0x04, 1, b"\x01")
    assert rig.status == IDLE


@pytest.mark.parametrize(
    ("kind", "status"), [("nak_address", ADDRESS_NAK), ("nak_data", DATA_NAK), ("timeout", TIMEOUT)]
)
def test_a_failed_write_shows_its_cause_until_the_next_request(rig, kind, status):
    rig.wires.fault(kind)
    rig.give(0xD0, RECORDER, 0x06, 2, b"\x01\x02")
    assert rig.status == status
    rig.poll(100)
    assert rig.status == status
    rig.give(0xD0, RECORDER, 0x06, 2, b"\x01\x02")
    assert rig.status == IDLE


def test_a_write_of_nothing_asks_whether_the_address_answers(rig):
    rig.give(0xD0, RECORDER, 0x06, 0)
    assert rig.status == IDLE
    rig.give(0xD0, ABSENT, 0x06, 0)
    assert rig.status == ADDRESS_NAK


# ---- what makes no sense ----


@pytest.mark.parametrize(
    "report",
    [
        bytes([0xD0, 0x80, 0x06, 1, 0]),  # no 7-bit address
        bytes([0xD0, RECORDER, 0x01, 1, 0]),  # no such flags
        bytes([0xD0, RECORDER, 0x08, 1, 0]),
        bytes([0xDE, RECORDER, 0x06, 61]),  # more than a report holds
        bytes([0xC2, 0xFF, 0x06, 1, 0]),
    ],
)
def test_a_request_that_makes_no_sense_is_an_error_and_breaks_its_chain(rig, report):
    rig.give(0xD0, RECORDER, 0x02, 1, b"\x01")
    rig.give(report)
    assert (rig.status, rig.bridge.rejected) == (DATA_NAK, 1)
    rig.give(0xD0, RECORDER, 0x04, 1, b"\x02")
    assert rig.on_the_bus == []


def test_other_reports_are_ignored_counted_and_told_once():
    told: list[str] = []
    rig = Rig(tell=told.append)
    rig.give(0xD0, ABSENT, 0x06, 1, b"\x01")
    for report_id in (0x00, 0x01, 0xB1, 0xC1, 0xE0, 0xF0, 0xFF):
        rig.give(report_id, bytes(20))
    assert rig.bridge.rejected == 7
    assert [("00" in text, "ignored" in text) for text in told] == [(True, True)]
    assert rig.status == ADDRESS_NAK


FLAGS = st.sampled_from([*reports.FLAGS, 0x01, 0x05, 0x08, 0xFF])
REPORT_IDS = st.one_of(st.sampled_from([0xC2, 0xD0, 0xD1, 0xDE, 0xDF]), st.integers(0, 255))
REPORT = st.tuples(
    REPORT_IDS,
    st.sampled_from([RECORDER, EEPROM, ABSENT, 0x80]),
    FLAGS,
    st.integers(0, 255),
    st.binary(max_size=60),
)


@settings(deadline=None)
@given(st.lists(REPORT, max_size=8))
def test_whatever_comes_nothing_escapes_and_the_bridge_goes_on(sequence):
    rig = Rig()
    for report_id, *header, data in sequence:
        rig.give(report_id, bytes(header), data)
        assert not rig.bridge.busy
        assert rig.status in (IDLE, ADDRESS_NAK, DATA_NAK)
    rig.bridge.set_feature(0xA1, b"\x20")
    rig.give(0xD0, RECORDER, 0x06, 2, b"\x55\xaa")
    assert (rig.recorder.writes[-1], rig.status) == (b"\x55\xaa", IDLE)


# ---- a program that is gone ----


def test_a_write_that_was_never_ended_is_told_and_not_sent():
    said: list[str] = []
    rig = Rig(held_status=True, tell=said.append)
    rig.give(0xD0, RECORDER, 0x02, 2, b"\x0c\x03")
    assert rig.status == HELD
    rig.bridge.let_go()
    assert said == ["bridge: a PC program began a write to 0x30 and never ended it: 2 bytes not sent"]
    assert rig.status == IDLE
    rig.give(0xC2, EEPROM, 0x06, 1, 0)
    rig.bridge.let_go()
    assert [kind for kind, *_ in rig.on_the_bus] == ["r"]
    assert len(said) == 1


def test_an_error_stays_in_the_status_when_the_bridge_falls_idle(rig):
    rig.give(0xD0, ABSENT, 0x06, 1, b"\x01")
    rig.bridge.let_go()
    assert rig.status == ADDRESS_NAK
