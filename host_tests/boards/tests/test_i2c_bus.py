# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual I2C bus: wire time, acknowledges, scripted faults, and a controller that bit-bangs its lines."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_tests.boards.hand_clock import Clock
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import OFF, PROGRAMMING, RUN
from host_tests.boards.virtual.i2c.bus import FOREVER, AddressNak, Bus, DataNak, NoPullUps, Timeout, Transaction
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom


class Notebook:
    """A target that writes down what reaches it; `limit`: bytes it acknowledges per write."""

    def __init__(self, limit: int = 10_000, takes: object = None) -> None:
        self.writes: list[bytes] = []
        self.limit, self.takes, self.read_size, self.stretch_us = limit, takes, 1, 0
        self.sent = 0

    def ack(self, data: bytes) -> bool:
        return len(data) <= self.limit

    def write(self, data: bytes) -> object:
        self.writes.append(data)
        return self.takes

    def read(self, n: int) -> bytes:
        self.sent += n
        return bytes(range(self.sent - n, self.sent))


@pytest.fixture
def bus() -> Bus:
    return Bus(Clock())


@pytest.fixture
def target(bus) -> Notebook:
    target = Notebook()
    bus.attach(0x42, target)
    return target


# ---- transfers ----


def test_a_write_takes_its_time_on_the_wire(bus, target):
    bus.write(0x42, bytes(20))
    assert bus.clock.now_ms() == pytest.approx((2 + 9 * 21) / 100)
    bus.frequency = 400_000
    bus.read(0x42, 20)
    assert bus.clock.now_ms() == pytest.approx((2 + 9 * 21) * (1 / 100 + 1 / 400))


def test_clock_stretching_is_added_to_each_byte(bus, target):
    target.stretch_us = 50
    bus.write(0x42, bytes(20))
    assert bus.clock.now_ms() == pytest.approx((2 + 9 * 21) / 100 + 20 * 0.05)


def test_an_address_nobody_has_is_refused(bus, target):
    with pytest.raises(AddressNak):
        bus.write(0x43, b"ab")
    assert [bus.probe(address) for address in (0x42, 0x43)] == [True, False]
    assert target.writes == []
    bus.detach(0x42)
    assert not bus.probe(0x42)


def test_bytes_before_a_refused_one_reach_the_target(bus, target):
    target.limit = 3
    with pytest.raises(DataNak) as refused:
        bus.write(0x42, b"abcdef")
    assert refused.value.at == 3
    assert target.writes == [b"abc"]
    assert (bus.log[-1].data, bus.log[-1].acked, bus.log[-1].result) == (b"abcd", 3, "data NAK at byte 3")


@pytest.mark.parametrize(("takes", "refused"), [(None, False), (True, False), (4, False), (False, True), (3, True)])
def test_a_target_can_refuse_the_last_byte_of_a_whole_write(bus, target, takes, refused):
    target.takes = takes
    if refused:
        with pytest.raises(DataNak):
            bus.write(0x42, b"abcd")
    else:
        bus.write(0x42, b"abcd")
    assert bus.log[-1].acked == (3 if refused else 4)


def test_a_read_asks_in_the_targets_own_portions(bus, target):
    assert bus.read(0x42, 5) == bytes(range(5))
    target.read_size = 4
    assert bus.read(0x42, 5) == bytes(range(5, 10))
    assert target.sent == 13  # what is left of the second portion is lost


def test_a_write_and_read_with_repeated_start_are_two_transactions(bus, target):
    assert bus.write_then_read(0x42, b"x", 2) == b"\x00\x01"
    assert [(t.kind, t.data, t.stop, t.result) for t in bus.log] == [
        ("w", b"x", False, "ok"),
        ("r", b"\x00\x01", True, "ok"),
    ]
    assert str(bus.log[0]) == "w 0x42 [78] ok, no stop"


def test_a_transfer_that_does_not_fit_into_a_second_times_out(bus, target):
    bus.frequency = 30_000
    bus.write(0x42, bytes(3300))
    before = bus.clock.now_ms()
    with pytest.raises(Timeout):
        bus.write(0x42, bytes(4098))
    assert bus.clock.now_ms() - before == pytest.approx(1000)
    assert len(target.writes[-1]) < 3334


def test_every_transaction_is_announced(bus, target):
    seen: list[Transaction] = []
    bus.on_transaction = seen.append
    bus.write(0x42, b"a")
    bus.probe(0x43)
    assert seen == bus.log
    assert [t.result for t in seen] == ["ok", "address NAK"]


# ---- scripted faults ----


def outcomes(bus: Bus, count: int) -> list[str]:
    for n in range(count):
        try:
            bus.write(0x42, bytes((n, 1, 2, 3)))
        except (AddressNak, DataNak, Timeout):
            bus.stuck()
    return [t.result for t in bus.log]


@pytest.mark.parametrize(
    ("kind", "result"),
    [
        ("nak_address", "address NAK"),
        ("nak_data", "data NAK at byte 3"),
        ("timeout", "timeout"),
        ("stuck_sda", "timeout"),
    ],
)
def test_a_fault_strikes_at_its_step_and_as_often_as_told(bus, target, kind, result):
    fault = bus.fault(kind, step=1, times=2)
    assert outcomes(bus, 5) == ["ok", result, result, "ok", "ok"]
    assert fault.hits == 2


def test_an_absent_target_stays_away_until_the_fault_is_taken_back(bus, target):
    bus.fault("absent", step=1)
    assert outcomes(bus, 4) == ["ok"] + ["address NAK"] * 3
    bus.clear_faults()
    assert outcomes(bus, 1)[-1] == "ok"


def test_a_fault_may_wait_for_a_certain_transfer(bus, target):
    bus.fault("nak_address", match=lambda attempt: attempt.data[:1] == b"\x02", times=FOREVER)
    assert outcomes(bus, 4) == ["ok", "ok", "address NAK", "ok"]


def test_a_byte_that_a_write_does_not_have_cannot_be_refused(bus, target):
    fault = bus.fault("nak_data", at_byte=4)
    assert outcomes(bus, 2) == ["ok", "ok"]
    with pytest.raises(DataNak) as refused:
        bus.write(0x42, bytes(5))
    assert (refused.value.at, fault.hits) == (4, 1)
    assert target.writes[-1] == bytes(4)


@pytest.mark.parametrize("at_byte", range(5))
@pytest.mark.parametrize("kind", ["timeout", "stuck_sda", "stuck_scl", "no_pull_ups"])
def test_a_stalled_write_has_delivered_what_came_before(bus, target, kind, at_byte):
    bus.fault(kind, at_byte=at_byte)
    with pytest.raises(Timeout):
        bus.write(0x42, b"abcd")
    assert bus.clock.now_ms() == pytest.approx(1000)
    assert target.writes == ([b"abcd"[:at_byte]] if at_byte else [])
    assert all(bus.lines) == (kind == "timeout")


def test_a_stalled_read_takes_a_second(bus, target):
    bus.fault("timeout", at_byte=2)
    with pytest.raises(Timeout):
        bus.read(0x42, 4)
    assert bus.clock.now_ms() == pytest.approx(1000)
    assert bus.log[-1].data == b"\x00\x01"


def test_a_transfer_that_is_too_short_for_a_stall_goes_through(bus, target):
    fault = bus.fault("timeout", at_byte=5)
    assert outcomes(bus, 1) == ["ok"]
    assert fault.hits == 0


@pytest.mark.parametrize("kind", ["w", "r"])
def test_a_line_that_goes_low_during_a_transfer_ends_it(bus, target, kind):
    class Tripping(Clock):
        def advance(self, ms: float) -> None:
            super().advance(ms)
            if self.now > 0.5:
                bus.stuck(scl_low=True)

    bus.clock = Tripping()
    transfer = {"w": lambda: bus.write(0x42, bytes(100)), "r": lambda: bus.read(0x42, 100)}[kind]
    with pytest.raises(Timeout):
        transfer()
    assert 1 < len(bus.log[-1].data) < 10
    assert target.writes == ([bus.log[-1].data] if kind == "w" else [])


def test_an_unknown_kind_of_fault_is_refused(bus):
    with pytest.raises(ValueError, match="gremlin"):
        bus.fault("gremlin")


# ---- the lines ----


def test_a_stuck_line_stops_every_transfer(bus, target):
    for sda, scl in ((True, False), (False, True)):
        bus.stuck(sda_low=sda, scl_low=scl)
        assert bus.lines == (not sda, not scl)
        with pytest.raises(Timeout):
            bus.probe(0x42)
    bus.stuck()
    assert bus.probe(0x42)


def test_without_supply_there_are_no_pull_ups_and_no_chip(bus):
    chip = VirtualFXCore(now_ms=bus.clock.now_ms)
    bus.attach(0x30, chip)
    bus.write(0x30, b"\xa5\x5a\x30")
    bus.supply(False)
    assert bus.lines == (False, False)
    assert chip.mode == OFF
    with pytest.raises(NoPullUps):
        bus.open()
    with pytest.raises(Timeout):
        bus.write(0x30, b"\x0e\x00")
    bus.supply(True)
    bus.open(400_000)
    assert (bus.frequency, chip.mode) == (400_000, RUN)
    assert bus.log[-1].result == "timeout"


def test_nine_pulses_and_a_stop_free_a_stuck_sda(bus, target):
    bus.stuck(sda_low=True, release_after=9)
    for pulse in range(9):
        assert not bus.lines.sda, pulse
        bus.drive(scl=False)
        bus.drive(scl=True)
    assert bus.lines.sda
    bus.drive(scl=False)
    bus.drive(sda=False)
    bus.drive(scl=True)
    bus.drive(sda=True)
    assert bus.probe(0x42)
    assert target.writes == []


def test_pulses_do_not_free_a_line_that_is_held_for_good(bus):
    bus.stuck(sda_low=True)
    for _ in range(20):
        bus.drive(scl=False)
        bus.drive(scl=True)
    assert not bus.lines.sda


class BitBanger:
    """A controller made of pins."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus

    def start(self) -> None:
        self.bus.drive(sda=True)
        self.bus.drive(scl=True)
        self.bus.drive(sda=False)
        self.bus.drive(scl=False)

    def stop(self) -> None:
        self.bus.drive(sda=False)
        self.bus.drive(scl=True)
        self.bus.drive(sda=True)

    def bit(self, level: bool) -> bool:
        self.bus.drive(sda=level)
        seen = self.bus.drive(scl=True).sda
        self.bus.drive(scl=False)
        return seen

    def byte(self, value: int) -> bool:
        """Sends it; was it acknowledged?"""
        for n in range(7, -1, -1):
            self.bit(bool(value >> n & 1))
        return not self.bit(True)

    def read(self, more: bool) -> int:
        value = 0
        for _ in range(8):
            value = value << 1 | self.bit(True)
        self.bit(not more)
        return value


@given(st.binary(max_size=12), st.integers(1, 12), st.integers(1, 5))
def test_bit_banged_transfers_reach_the_target_like_others(data, n, read_size):
    logs = []
    for bit_banged in (False, True):
        bus = Bus(Clock())
        target = Notebook()
        target.read_size = read_size
        bus.attach(0x42, target)
        if bit_banged:
            pins = BitBanger(bus)
            pins.start()
            assert pins.byte(0x84)
            assert all(pins.byte(value) for value in data)
            pins.start()
            assert pins.byte(0x85)
            got = bytes(pins.read(more=i < n - 1) for i in range(n))
            pins.stop()
        else:
            got = bus.write_then_read(0x42, data, n)
        assert bus.lines == (True, True)
        logs.append((got, target.writes, [(t.kind, t.address, t.data, t.result, t.acked, t.stop) for t in bus.log]))
    assert logs[0] == logs[1]


@pytest.mark.parametrize("address", [0x42, 0x43])
def test_a_bit_banged_scan_finds_who_is_there(bus, target, address):
    pins = BitBanger(bus)
    pins.start()
    assert pins.byte(address << 1) == (address == 0x42)
    pins.stop()
    assert (bus.log[-1].address, bus.log[-1].address_ack, bus.log[-1].bit_banged) == (address, address == 0x42, True)
    assert target.writes == []


def test_a_byte_refused_on_the_pins_is_in_the_log(bus, target):
    target.limit = 1
    pins = BitBanger(bus)
    pins.start()
    assert [pins.byte(value) for value in (0x84, 7, 8, 9)] == [True, True, False, False]
    pins.stop()
    assert target.writes == [b"\x07"]
    assert (bus.log[-1].data, bus.log[-1].result) == (b"\x07\x08", "data NAK at byte 1")


@given(st.lists(st.sampled_from(list(product((True, False), repeat=2))), max_size=200))
def test_no_wiggling_of_the_lines_upsets_the_bus(levels):
    bus = Bus(Clock())
    chip = VirtualFXCore(now_ms=bus.clock.now_ms)
    bus.attach(0x30, chip)
    for sda, scl in levels:
        bus.drive(sda=sda, scl=scl)
    bus.drive(sda=True, scl=True)
    for _ in range(9):
        bus.drive(scl=False)
        bus.drive(scl=True)
    pins = BitBanger(bus)
    pins.start()
    pins.stop()
    assert bus.lines == (True, True)
    bus.write(0x30, b"\xa5\x5a\x30")
    assert chip.mode == PROGRAMMING


# ---- the EEPROM ----


@pytest.fixture
def eeprom(bus) -> VirtualEeprom:
    eeprom = VirtualEeprom(bus.clock.now_ms, b"hello")
    bus.attach(eeprom.address, eeprom)
    return eeprom


def test_the_eeprom_reads_on_from_its_pointer(bus, eeprom):
    assert bus.write_then_read(0x50, b"\x00", 3) == b"hel"
    assert bus.read(0x50, 3) == b"lo\xff"
    assert bus.write_then_read(0x50, b"\xff", 2) == b"\xffh"


def test_the_eeprom_does_not_answer_while_it_writes(bus, eeprom):
    bus.write(0x50, b"\x02LL")
    polls = 0
    while not bus.probe(0x50):
        polls += 1
    assert bus.clock.now_ms() >= 5
    assert polls > 10
    assert bus.write_then_read(0x50, b"\x00", 5) == b"heLLo"
    assert eeprom.writes == 1


def test_a_write_wraps_within_its_page(bus, eeprom):
    bus.write(0x50, bytes((14,)) + b"abcd")
    assert eeprom.memory[8:18] == b"cd" + b"\xff" * 4 + b"ab" + b"\xff" * 2


def test_content_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="257"):
        VirtualEeprom(content=bytes(257))
