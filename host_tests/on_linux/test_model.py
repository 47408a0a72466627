# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The USB cable of `make test-linux`, without a Linux: descriptors, USB/IP, and the virtual board behind them."""

import itertools
import struct
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from ft260 import descriptor, reports
from host_tests.on_linux.model import LinuxModel
from host_tests.on_linux.usb_device import HID, Requests
from host_tests.on_linux.usbip import ECONNRESET, EPIPE, HEADER, OUT_NOTICED_MS, Cable

ABSENT, EEPROM = 0x2A, 0x50
GET_REPORT, SET_REPORT, GET_DESCRIPTOR = (0xA1, 1), (0x21, 9), (0x80, 6)
FEATURE_A0, FEATURE_A1, FEATURE_C0 = 0x3A0, 0x3A1, 0x3C0
IDLE, BUSY, ADDRESS_NAK = 0x20, 0x41, 0x26


class Answer(NamedTuple):
    status: int
    data: bytes
    when: float


class Host:
    """Sends requests as vhci-hcd does; `answers` by the number of the request."""

    def __init__(self, model: LinuxModel) -> None:
        self.model, self.now = model, model.now_ms
        self.trace: list[tuple[float, str]] = []
        self.cable = Cable(model, lambda when, text: self.trace.append((when, text)))
        self.answers: dict[int, Answer] = {}
        self.wake = self.now
        self._reads: set[int] = set()
        self._number = 0
        self._received = b""

    def message(self, endpoint: int, to_host: bool, data: bytes = b"", setup: bytes = bytes(8)) -> bytes:
        self._number += 1
        if to_host:
            self._reads.add(self._number)
        return struct.pack(">10I", 1, self._number, 0, to_host, endpoint, 0, len(data), 0, 0, 0) + setup + data

    def send(self, message: bytes) -> int:
        self.wake, answers = self.cable.step(self.now, message)
        self.now = max(self.now, self.model.now_ms)
        self._received += answers
        while len(self._received) >= HEADER:
            _, number = struct.unpack_from(">2I", self._received)
            status, length = struct.unpack_from(">iI", self._received, 20)
            size = HEADER + (length if number in self._reads else 0)
            self.answers[number] = Answer(status, self._received[HEADER:size], self.now)
            self._received = self._received[size:]
        return self._number

    def run(self, ms: float) -> None:
        end = self.now + ms
        while self.now < end:
            self.now = max(self.now, min(self.wake, end))
            self.send(b"")

    def finished(self, number: int) -> Answer:
        while number not in self.answers:
            self.run(1)
        return self.answers[number]

    def control(self, request: tuple[int, int], value: int, length: int = 0, data: bytes = b"") -> Answer:
        setup = struct.pack("<BBHHH", *request, value, 3, length or len(data))
        return self.finished(self.send(self.message(0, bool(request[0] & 0x80), data, setup)))

    def out(self, *report: int) -> Answer:
        return self.finished(self.send(self.message(4, False, bytes(report))))

    def poll(self) -> int:
        return self.send(self.message(4, True))

    def status(self) -> int:
        return self.control(GET_REPORT, FEATURE_C0, 5).data[1]


@pytest.fixture
def host() -> Iterator[Host]:
    """At a board whose program has started."""
    model = LinuxModel()
    made = Host(model)
    made.run(4000)
    yield made
    model.close()


# ---- descriptors ----


def test_the_host_sees_the_projects_own_descriptor_and_8_ms(host: Host):
    report = host.control(GET_DESCRIPTOR, 0x2200, 4096).data
    assert report == b"".join(descriptor.descriptor(k) for k in range(len(reports.PARTS)))
    device = host.control(GET_DESCRIPTOR, 0x0100, 18).data
    assert struct.unpack_from("<2H", device, 8) == (0x0403, 0x6030)
    whole = host.control(GET_DESCRIPTOR, 0x0200, 255).data
    assert struct.unpack_from("<H", whole, 2) == (len(whole),)
    parts, at = [], 0
    while at < len(whole):
        parts.append(whole[at : at + whole[at]])
        at += whole[at]
    hid = next(k for k, part in enumerate(parts) if part[1] == 4 and part[5] == HID)
    assert parts[hid + 1] == bytes((9, 0x21, 0x11, 1, 0, 1, 0x22)) + struct.pack("<H", len(report))
    assert [part[3:] for part in parts[hid + 2 : hid + 4]] == [bytes((3, 64, 0, 1))] * 2


def test_descriptors_are_cut_to_what_the_host_wants_and_unknown_ones_stall(host: Host):
    assert host.control(GET_DESCRIPTOR, 0x0200, 9).data == Requests(host.model).answer(0x80, 6, 0x0200, 9)
    assert host.control(GET_DESCRIPTOR, 0x0301, 255).data.decode("utf-16le")[1:] == host.model.strings[0]
    assert host.control(GET_DESCRIPTOR, 0x0600, 10).status == -EPIPE
    assert host.control(GET_DESCRIPTOR, 0x0309, 10).status == -EPIPE


# ---- USB/IP ----


def test_a_message_may_come_in_pieces(host: Host):
    message = host.message(4, False, bytes((0xD0, EEPROM, 6, 2, 0x10, 0x5A)))
    for k in range(len(message)):
        number = host.send(message[k : k + 1])
    host.finished(number)
    host.run(30)  # the first request waits until garbage is collected
    assert host.model.eeprom.memory[0x10] == 0x5A


def test_several_messages_may_come_at_once(host: Host):
    first, second = (host.message(4, False, bytes((0xD0, EEPROM, 6, 1, 0x10 + k))) for k in range(2))
    number = host.send(first + second)
    assert host.finished(number).status == 0
    assert number - 1 in host.answers
    host.run(30)  # the first request waits until garbage is collected
    assert [each.data for each in host.model.board.i2c.log[-2:]] == [b"\x10", b"\x11"]


def test_a_request_that_waits_can_be_taken_back(host: Host):
    number = host.poll()
    host.run(20)
    assert number not in host.answers
    taken_back = host.send(struct.pack(">6I24x", 2, number + 1000, 0, 0, 0, number))
    host.run(1)
    assert taken_back == number
    assert host.answers[number + 1000].status == -ECONNRESET
    host.out(0xC2, EEPROM, 6, 1, 0)
    host.run(50)
    assert number not in host.answers  # nobody polls any more


# ---- the board behind it ----


def test_features_are_answered_from_the_projects_reply_buffers(host: Host):
    assert host.control(GET_REPORT, FEATURE_A0, 13).data == bytes((0xA0, 2, 0x60, 2)) + bytes(9)
    assert clock_khz(host) == 100
    host.control(SET_REPORT, FEATURE_A1, data=bytes((0xA1, 0x22, 0x90, 1)))
    host.run(5)
    assert clock_khz(host) == 400


def clock_khz(host: Host) -> int:
    """As the status tells it, once that is not busy: the board may be about something of its own."""
    while (answer := host.control(GET_REPORT, FEATURE_C0, 5).data)[1] != IDLE:
        host.run(1)
    assert answer[0] == 0xC0
    return int.from_bytes(answer[2:], "little")


def test_output_reports_go_at_the_pace_of_the_descriptor(host: Host):
    noticed = []
    for k in range(4):
        noticed.append(host.out(0xD0, EEPROM, 6, 1, k).when)
        host.run(k)
    gaps = [b - a for a, b in itertools.pairwise(noticed)]
    assert gaps == pytest.approx([round(gap) for gap in gaps])
    assert max(gaps) < 5
    went = [when for when, text in host.trace if text.startswith("OUT")]
    assert [b - a for a, b in zip(went, noticed, strict=True)] == pytest.approx([OUT_NOTICED_MS] * 4)


def test_input_reports_go_at_the_pace_of_the_descriptor(host: Host):
    host.model.eeprom.memory[:] = bytes(range(256))
    polls = [host.poll() for _ in range(3)]
    host.out(0xC2, EEPROM, 6, 130, 0)
    answers = [host.finished(number) for number in polls]
    assert [answer.data[:2] for answer in answers] == [b"\xde\x3c", b"\xde\x3c", b"\xd2\x0a"]
    assert b"".join(answer.data[2 : 2 + answer.data[1]] for answer in answers) == bytes(range(130))
    assert {len(answer.data) for answer in answers} == {64}
    came = [when for when, text in host.trace if text.startswith("IN")]
    assert [b - a for a, b in itertools.pairwise(came)] == pytest.approx([1, 1])


def test_the_status_tells_of_an_absent_address(host: Host):
    host.out(0xD0, ABSENT, 6, 1, 0)
    seen = [host.status()]
    while seen[-1] == BUSY:
        seen.append(host.status())
    assert seen[-1] == ADDRESS_NAK


def test_no_more_input_reports_are_fetched_than_the_host_asks_for(host: Host):
    """A driver asks for one at a time, and the next one takes as long as the driver does."""
    first = host.poll()
    host.out(0xC2, EEPROM, 6, 130, 0)
    host.out(0xC2, EEPROM, 6, 1, 0)
    host.out(0xC2, EEPROM, 6, 1, 0)  # not taken before the answer to the first has been fetched, or given up
    assert host.finished(first).data[:2] == b"\xde\x3c"
    assert len([text for _, text in host.trace if text.startswith("IN")]) == 1
