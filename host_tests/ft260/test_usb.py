# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge's USB side on a fake controller: descriptor, reply buffers, and every way a report can come in."""

import random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ft260 import descriptor, reports
from ft260.reply_buffers import ReplyBuffers
from host_tests.boards.targets import ABSENT, EEPROM, RECORDER
from host_tests.ft260.fake_usb_hid import HIDD, HW_ENDPOINT, SRAM, STRUCTS, FakeUsb
from host_tests.ft260.rig import UsbRig

FEATURES, READ, DATA = [0xA0, 0xA1, 0xB0, 0xC0], 0xC2, list(range(0xD0, 0xDF))


@pytest.fixture
def rig() -> UsbRig:
    return UsbRig()


def write(*data: int, flags: int = 0x06, address: int = RECORDER) -> bytes:
    """A write request of exactly the bytes it needs."""
    return bytes([0xD0 + (len(data) - 1) // 4, address, flags, len(data), *data])


# ---- descriptor ----


def main_items(data: bytes) -> list[tuple[str, int, int, int]]:
    """(kind, report ID, bits per field, fields) of each main item; and ("collection", usage page, usage, type)."""
    kinds = {0x80: "input", 0x90: "output", 0xB0: "feature", 0xA0: "collection", 0xC0: "end"}
    state: dict[int, int] = {}
    found: list[tuple[str, int, int, int]] = []
    at = 0
    while at < len(data):
        size = (0, 1, 2, 4)[data[at] & 3]
        tag, value = data[at] & 0xFC, int.from_bytes(data[at + 1 : at + 1 + size], "little")
        at += 1 + size
        if tag == 0xA0:
            found.append(("collection", state[0x04], state[0x08], value))
        elif tag in kinds:
            found.append((kinds[tag], state.get(0x84, 0), state.get(0x74, 0), state.get(0x94, 0)))
        else:
            state[tag] = value
    return found


def test_the_descriptor_is_one_vendor_collection_with_63_byte_reports():
    items = main_items(b"".join(descriptor.descriptor(k) for k in range(len(reports.PARTS))))
    assert items[0] == ("collection", 0xFF00, 1, 1)
    assert [item[0] for item in items].count("collection") == 1
    assert items[-1][0] == "end"
    assert {item[2:] for item in items[1:-1]} == {(8, 63)}
    by_kind = {kind: [item[1] for item in items if item[0] == kind] for kind in ("feature", "output", "input")}
    assert by_kind == {"feature": FEATURES, "output": [READ, *DATA], "input": DATA}


def test_circuitpython_takes_the_devices():
    made = descriptor.devices(SimpleNamespace, 1)
    assert len(made) <= 8
    for device in made:
        assert len(device.report_ids) == len(device.in_report_lengths) == len(device.out_report_lengths) <= 6
        assert all(sends == 63 for sends in device.out_report_lengths)
        for report_id, answers in zip(device.report_ids, device.in_report_lengths, strict=True):
            assert answers == (1 if report_id == READ else 63)


# ---- reply buffers ----


def test_features_answer_before_there_is_a_bridge():
    usb = FakeUsb()
    assert ReplyBuffers(usb.sram, usb.address_of(usb.devices[0])).usable
    assert usb.get_report(0xA0, 13) == bytes([0xA0, 2, 0x60, 2, 0, *bytes(8)])
    assert usb.get_report(0xA1, 25) == bytes([0xA1, 1, 2, 0, 1, 1, *bytes(19)])
    assert usb.get_report(0xB0, 5) == bytes([0xB0, 0, 0, 0, 0])
    assert usb.get_report(0xC0, 5) == bytes([0xC0, 0x41, 100, 0, 0])


@pytest.mark.parametrize("length", [5, 25, 64, 100])
def test_hosts_may_ask_for_more_than_the_chip_has(length):
    usb = FakeUsb()
    ReplyBuffers(usb.sram, usb.address_of(usb.devices[0]))
    assert usb.get_report(0xC0, length) == bytes([0xC0, 0x41, 100]).ljust(min(length, 64), b"\0")


def test_the_status_is_busy_until_requests_are_taken():
    rig = UsbRig(started=False)
    assert rig.status == 0x41
    rig.turns(100)
    assert rig.status == 0x20


def test_a_request_from_before_the_bridge_is_an_error_not_a_success():
    rig = UsbRig(started=False)
    rig.usb.out(write(0x5A))
    rig.turns(100)
    assert rig.status == 0x32
    assert rig.recorder.writes == []
    rig.hid.out(0xD0, write(0x5A)[1:])
    assert rig.status == 0x20


def test_a_program_that_starts_again_has_missed_nothing_that_was_served(rig):
    rig.hid.out(0xD0, write(0x5A)[1:])
    rig.turns(40)
    rig.restart_program()
    assert rig.status == 0x20


STRUCT_FIELDS = {
    "an ID": (64, b"\x01"),
    "an in length": (70, b"\x10"),
    "an out length": (76, b"\x10"),
    "a null pointer": (8, bytes(4)),
    "a pointer below SRAM": (8, (0x1FFFFFFF).to_bytes(4, "little")),
    "a pointer behind SRAM": (20, (0x20042000).to_bytes(4, "little")),
}


@pytest.mark.parametrize("field", STRUCT_FIELDS)
def test_another_layout_is_left_alone(field):
    usb = FakeUsb()
    offset, value = STRUCT_FIELDS[field]
    usb.sram[STRUCTS + offset : STRUCTS + offset + len(value)] = value
    before = bytes(usb.sram)
    box = ReplyBuffers(usb.sram, usb.address_of(usb.devices[0]))
    box.store(0xC0, b"\x20\x64\x00\x00")
    assert not box.usable
    assert bytes(usb.sram) == before


@pytest.mark.parametrize("address", [0, SRAM, SRAM + 0x42000 - 80, SRAM + STRUCTS + 4, 0x10000000, 1 << 40])
def test_an_address_that_is_none_is_not_used(address):
    usb = FakeUsb()
    before = bytes(usb.sram)
    assert not ReplyBuffers(usb.sram, address).usable
    assert bytes(usb.sram) == before


def test_without_access_to_memory_nothing_is_written():
    box = ReplyBuffers(None, SRAM + STRUCTS)
    box.store(0xC0, b"\x20")
    assert not box.usable


# ---- reports in ----


@pytest.mark.parametrize("padding", [0, 2, 58])
@pytest.mark.parametrize("way", ["interrupt", "endpoint 0"])
def test_each_report_arrives_once_whatever_its_length_and_way(rig, way, padding):
    for k in range(12):
        report = write(k, 0xAA) + bytes(padding)
        if way == "interrupt":
            assert rig.usb.out(report)
        else:
            rig.usb.set_report(2, report)
        rig.turns(40)
    rig.turns(200)
    assert rig.recorder.writes == [bytes([k, 0xAA]) for k in range(12)]


def test_a_report_id_that_is_not_declared_arrives_too(rig):
    rig.usb.out(bytes([0xDF, RECORDER, 0x06, 2, 1, 2]))
    rig.turns(40)
    rig.usb.set_report(2, bytes([0xDF, RECORDER, 0x06, 2, 3, 4]).ljust(64, b"\0"))
    rig.turns(40)
    assert rig.recorder.writes == [b"\x01\x02", b"\x03\x04"]


def test_the_same_report_again_is_another_report(rig):
    exact = write(1, 2) + bytes(58)
    for send in (rig.usb.out, lambda data: rig.usb.set_report(2, data)) * 4:
        send(exact)
        rig.turns(40)
    assert rig.recorder.writes == [b"\x01\x02"] * 8


def test_a_shorter_report_has_nothing_of_the_one_before(rig):
    rig.usb.out(write(*range(60)))
    rig.turns(40)
    rig.usb.out(bytes([0xDE, RECORDER, 0x06, 3, 9]))
    rig.turns(40)
    assert rig.recorder.writes[1] == b"\x09\x00\x00"


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_none_of_many_mixed_reports_is_lost_or_doubled(seed):
    rig, rng, wanted = UsbRig(), random.Random(seed), []
    for k in range(40):
        data = bytes([k, *rng.randbytes(rng.choice([0, 1, 2, 7, 59]))])
        report = write(*data)
        report = rng.choice([report, report.ljust(64, b"\0"), b"\xd0" + report[1:].ljust(63, b"\0")])
        wanted.append(data)
        if rng.random() < 0.8:
            while not rig.usb.out(report):
                rig.turn()
        else:
            rig.turns(40)
            rig.usb.set_report(2, report)
            rig.turns(10)
        rig.turns(rng.choice([0, 1, 10, 40]))
        if rng.random() < 0.3:
            rig.turns(2)
            rig.usb.get_report(rng.choice([0xC0, 0xA1]), 5)
    rig.turns(100)
    assert rig.recorder.writes == wanted


def test_the_host_waits_while_the_interpreter_is_kept_from_looking(rig):
    """However long: the endpoint holds one packet and stays closed until it has been taken."""
    queue = [write(k, 1) + bytes(58 * (k % 2)) for k in range(1, 6)]

    def host_goes_on_sending() -> None:
        rig.usb.in_blocking_call = True
        while queue and rig.usb.out(queue[0]):
            queue.pop(0)
        rig.usb.served()
        while queue and rig.usb.out(queue[0]):
            queue.pop(0)

    rig.bus.during = host_goes_on_sending
    rig.usb.out(write(0, 1))
    rig.turns(200)
    assert rig.recorder.writes == [bytes([k, 1]) for k in range(6)]


def test_the_status_right_behind_a_report_is_that_of_the_report(rig):
    for address, status in ((ABSENT, 0x26), (RECORDER, 0x20)) * 3:
        rig.usb.out(write(1, 2, address=address))
        assert rig.status == status


def test_the_status_right_behind_the_data_is_that_of_the_read(rig):
    for address, status in ((ABSENT, 0x26), (EEPROM, 0x20)) * 3:
        rig.usb.out(bytes([READ, address, 0x06, 100, 0]))
        fetched = len(rig.usb.sent)
        while len(rig.usb.sent) < fetched + 2:
            rig.turn()
        assert rig.status == status


def test_the_status_behind_two_reports_is_that_of_the_second(rig):
    rig.usb.out(write(1, 2))
    rig.port.receive(rig.bridge)
    rig.usb.out(write(3, 4, address=ABSENT))
    assert rig.status in (0x26, 0x41)
    rig.turns(40)
    assert (rig.recorder.writes, rig.status) == ([b"\x01\x02"], 0x26)


def test_junk_does_not_leave_the_status_busy(rig):
    rig.usb.out(b"\x99\x01\x02")
    rig.turns(40)
    assert (rig.status, rig.bridge.rejected) == (0x20, 1)


def test_an_empty_packet_is_junk(rig):
    rig.usb.out(b"")
    rig.turns(40)
    rig.usb.out(write(1, 2))
    rig.turns(40)
    assert (rig.bridge.rejected, rig.recorder.writes) == (1, [b"\x01\x02"])


def test_a_report_over_endpoint_0_waits_for_the_bridge(rig):
    rig.usb.fetching = False
    rig.usb.out(bytes([READ, EEPROM, 0x06, 100, 0]))
    rig.turns(20)
    assert rig.bridge.busy
    rig.usb.set_report(2, write(1, 2))
    rig.turns(20)
    assert (rig.recorder.writes, rig.status) == ([], 0x41)
    rig.usb.fetching = True
    rig.usb.fetch()
    rig.turns(20)
    assert rig.recorder.writes == [b"\x01\x02"]


def test_exact_reports_over_endpoint_0_keep_their_order_if_nobody_looked_between_them(rig):
    rig.usb.set_report(2, bytes([0xD0, EEPROM, 0x02, 1, 0x20]).ljust(64, b"\0"))
    rig.usb.set_report(2, bytes([READ, EEPROM, 0x07, 2, 0]).ljust(64, b"\0"))
    rig.turns(100)
    assert rig.usb.sent[-1][:4] == b"\xd0\x02\x20\x21"


# ---- settings in ----


@pytest.mark.parametrize("length", [4, 11, 63, 64])
def test_a_setting_of_any_length_arrives_once(rig, length):
    rig.usb.set_report(3, b"\xa1\x22\x90\x01".ljust(length, b"\0"))
    rig.turns(60)
    assert rig.bus.calls == [400]
    assert rig.usb.get_report(0xC0, 5) == b"\xc0\x20\x90\x01\x00"


def test_a_setting_is_not_taken_before_its_data_has_come(rig):
    rig.usb.set_report(3, b"\xa1\x20")
    rig.turns(60)
    rig.usb.set_report(3, b"\xa1\x22\x64\x00".ljust(64, b"\0"))
    rig.turns(60)
    for request in (b"\xa1\x22\xc8\x00", b"\xa1\x22\x2c\x01"):
        rig.usb.set_report(3, request, status=lambda: rig.turns(5))
        rig.turns(60)
    assert rig.bus.calls == ["recover", 100, 200, 300]


def test_an_answer_is_not_mistaken_for_a_setting(rig):
    for _ in range(3):
        rig.usb.get_report(0xA1, 25)
        rig.usb.get_report(0xB0, 5)
        rig.turns(10)
    assert (rig.bridge.rejected, rig.pins.set_to, rig.bus.calls) == (0, [], [])


def test_an_exact_setting_survives_a_look_at_the_status_right_behind_it(rig):
    rig.usb.set_report(3, b"\xa1\x22\x90\x01".ljust(64, b"\0"))
    rig.usb.get_report(0xC0, 5)
    rig.turns(60)
    assert rig.bus.calls == [400]


def test_a_setting_that_never_comes_is_forgotten(rig):
    rig.usb._setup(0x21, 9, 3, 0xA1, 4)
    rig.turns(60)
    rig.usb.get_report(0xC0, 5)
    rig.turns(60)
    assert rig.bus.calls == []
    rig.usb.set_report(3, b"\xa1\x22\x90\x01")
    rig.turns(60)
    assert rig.bus.calls == [400]


def test_a_reset_ends_a_read_that_nobody_fetches(rig):
    rig.usb.fetching = False
    rig.usb.out(bytes([READ, EEPROM, 0x06, 200, 0]))
    rig.turns(20)
    rig.usb.set_report(3, b"\xa1\x20")
    rig.turns(20)
    assert (rig.bridge.busy, rig.status) == (False, 0x20)


def test_gpio_by_feature_report(rig):
    rig.usb.set_report(3, b"\xb0\x01\x03\x00\x80")
    rig.turns(60)
    assert rig.pins.set_to == [b"\x01\x03\x00\x80"]
    assert rig.usb.get_report(0xB0, 5) == b"\xb0" + rig.pins.state()


# ---- coming and going ----


def test_copies_from_before_the_bridge_ran_are_not_served_late():
    rig = UsbRig(configured=False)
    rig.usb.configure()
    rig.usb.out(write(1, 2) + bytes(58))
    rig.port = rig._make_port()
    rig.turns(200)
    assert rig.recorder.writes == []


@pytest.mark.parametrize("endpoint", [1, 4, 7, 15])
def test_the_endpoint_is_found_wherever_it_is(endpoint):
    rig = UsbRig(endpoint=endpoint)
    rig.usb.out(write(1, 2))
    rig.turns(40)
    assert rig.recorder.writes == [b"\x01\x02"]


def test_without_a_host_nothing_happens():
    rig = UsbRig(configured=False)
    rig.turns(500)
    assert (rig.port.ready, rig.bridge.rejected, rig.told) == (False, 0, [])
    rig.usb.configure()
    rig.turns(100)
    rig.usb.out(write(1, 2))
    rig.turns(40)
    assert rig.recorder.writes == [b"\x01\x02"]


@pytest.mark.parametrize("packet_waits", [False, True])
def test_a_host_that_configures_the_board_anew_is_served(rig, packet_waits):
    if packet_waits:
        rig.usb.out(write(9, 9))
    rig.usb.bus_reset()
    rig.turns(40)
    rig.recorder.writes.clear()
    rig.usb.configure()
    rig.turns(40)
    for k in range(4):
        assert rig.usb.out(write(k))
        assert not rig.usb.out(write(k))  # held back, so TinyUSB leaves the endpoint alone again
        rig.turns(40)
    assert rig.recorder.writes == [bytes([k]) for k in range(4)]


@pytest.mark.parametrize("reports", [0, 1, 2])
def test_the_next_program_finds_the_endpoint_whatever_came_between(rig, reports):
    rig.usb.out(write(1, 2))
    rig.turns(40)
    accepted = [rig.usb.out(write(9, 9) + bytes(58 * k)) for k in range(reports)]
    rig.restart_program()
    assert accepted == [True, False][:reports]
    rig.usb.out(write(3, 4))
    rig.turns(40)
    assert (rig.recorder.writes, rig.told) == ([b"\x01\x02", b"\x03\x04"], [])


def test_a_host_that_does_not_fetch_costs_no_blocking(rig):
    rig.usb.fetching = False
    for _ in range(3):
        while not rig.usb.out(bytes([READ, EEPROM, 0x06, 100, 0])):
            rig.turn()
        rig.turns(5000)
    assert rig.usb.blocked_ms == 0
    rig.usb.out(write(1, 2))
    rig.turns(40)
    assert (rig.recorder.writes, rig.status) == ([b"\x01\x02"], 0x20)
    rig.usb.fetching = True
    rig.usb.fetch()
    rig.usb.out(bytes([READ, EEPROM, 0x06, 2, 0]))
    rig.turns(40)
    assert rig.usb.sent[-1][:4] == bytes([0xD0, 2, 44, 45])


def test_a_host_that_is_gone_costs_no_blocking(rig):
    rig.usb.out(bytes([READ, EEPROM, 0x06, 100, 0]))
    rig.usb.bus_reset()
    rig.turns(5000)
    assert not rig.bridge.busy
    rig.usb.configure()
    rig.turns(100)
    rig.usb.out(bytes([READ, EEPROM, 0x06, 2, 0]))
    rig.turns(40)
    assert (rig.usb.blocked_ms, rig.usb.sent[-1][:2]) == (0, b"\xd0\x02")


# ---- with less than the board has ----

HW_FIELDS = {
    "pointers elsewhere": (HW_ENDPOINT + 4, bytes(4)),
    "not a receiver": (HW_ENDPOINT - 3, b"\x00"),
    "another endpoint": (HW_ENDPOINT - 2, b"\x05"),
    "another packet size": (HW_ENDPOINT + 20, b"\x20"),
    "another type": (HW_ENDPOINT + 23, b"\x02"),
    "another interface": (HIDD + 1, b"\x83"),
    "another OUT endpoint": (HIDD + 2, b"\x05"),
    "a boot keyboard": (HIDD + 3, b"\x01"),
}


@pytest.mark.parametrize("field", HW_FIELDS)
def test_an_unknown_usb_driver_is_left_alone_and_exact_reports_are_served(field):
    rig = UsbRig(configured=False)
    rig.usb.configure()
    offset, value = HW_FIELDS[field]
    rig.usb.sram[offset : offset + len(value)] = value
    before = bytes(rig.usb.sram[HIDD : HW_ENDPOINT + 24])
    rig.turns(200)
    assert rig.usb.sram[HIDD : HW_ENDPOINT + 24] == before
    assert ["only reports of 63 bytes" in text for text in rig.told] == [True]
    rig.usb._keep(write(1, 2).ljust(64, b"\0"))
    rig.turns(40)
    assert rig.recorder.writes == [b"\x01\x02"]


def test_without_access_to_memory_exact_reports_are_served():
    rig = UsbRig(memory=False)
    for k in range(5):
        rig.usb.out(write(k, 1).ljust(64, b"\0"))
        rig.turns(40)
        rig.usb.out(write(k, 2))
        rig.turns(40)
    rig.usb.set_report(3, b"\xa1\x22\x90\x01".ljust(64, b"\0"))
    rig.usb.out(bytes([READ, EEPROM, 0x06, 2, 0]).ljust(64, b"\0"))
    rig.turns(40)
    assert rig.recorder.writes == [bytes([k, 1]) for k in range(5)]
    assert rig.bus.calls == [400]
    assert rig.usb.sent[-1][:4] == b"\xd0\x02\x00\x01"
    assert rig.usb.get_report(0xC0, 5) == b"\xc0\x00\x00\x00\x00"


def test_without_access_to_memory_a_host_that_does_not_fetch_costs_one_wait():
    rig = UsbRig(memory=False)
    rig.usb.fetching = False
    rig.usb.out(bytes([READ, EEPROM, 0x06, 180, 0]).ljust(64, b"\0"))
    rig.turns(5000)
    assert rig.usb.blocked_ms == 2000
    rig.usb.out(write(1, 2).ljust(64, b"\0"))
    rig.turns(40)
    assert rig.recorder.writes == [b"\x01\x02"]
