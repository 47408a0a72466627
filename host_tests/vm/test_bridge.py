# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bridge on the real interpreter: what the host sees of it, long transfers, refusals, whole programs."""

import random
from collections.abc import Iterator

import pytest

from ft260 import descriptor
from ft260.reports import PARTS
from host_tests.emulator import Board
from host_tests.ft260_rig import ABSENT, EEPROM, RECORDER, Recorder
from host_tests.linux_driver.usbip import OUT_NOTICED_MS
from host_tests.programs.generate import FOLDER, blocks
from host_tests.virtual.eeprom import VirtualEeprom
from host_tests.virtual.fxcore_chip import VirtualFXCore
from host_tests.vm.scene import Play

pytestmark = pytest.mark.xdist_group("bridge")  # one process keeps the tests that share a board

NOBODY = 0x77  # the device looks for its chip there, and leaves the bridge's targets alone
START_MS = 2500
FEATURE = 3
CONTENT = bytes(range(256))
IDLE, ADDRESS_NAK, BUSY = 0x20, 0x26, 0x41


@pytest.fixture(scope="module")
def board() -> Iterator[Board]:
    with Board(Play(variant="disk-hid", settings={"SANDBOX_I2C_ADDRESS": NOBODY}).drive()) as started:
        started.run_until(f"{NOBODY:#x} at 100 kHz", 15000)
        started.run(START_MS)
        started.i2c.attach(EEPROM, VirtualEeprom(lambda: started.now_ms, CONTENT, page=256))
        started.i2c.attach(RECORDER, Recorder())
        yield started


def status(board: Board) -> int:
    return board.hid.get_report(FEATURE, 0xC0, 5)[1]


def done(board: Board) -> int:
    """The status at the end of a request, which has been noticed by now."""
    board.run(OUT_NOTICED_MS)
    while (now := status(board)) & 1:
        board.run(0.2)
    return now


def chunks(data: bytes, address: int = RECORDER, pad: int = 0) -> list[bytes]:
    """A write as a program sends it that knows the chip: START, middle, STOP; the smallest ID that holds a chunk."""
    parts = [data[at : at + 60] for at in range(0, len(data), 60)]
    last = len(parts) - 1
    heads = [
        bytes((0xD0 + (len(part) - 1) // 4, address, 2 * (k == 0) | 4 * (k == last), len(part)))
        for k, part in enumerate(parts)
    ]
    return [(head + part).ljust(pad, b"\0") for head, part in zip(heads, parts, strict=True)]


def read(board: Board, length: int, address: int = EEPROM) -> bytes:
    board.hid.out(0xC2, bytes((address, 6, length & 0xFF, length >> 8)))
    got = b""
    while len(got) < length:
        report = board.hid.read(1000)
        assert report is not None
        _, report_id, payload = report
        count = payload[0]
        assert report_id == 0xD0 + (count - 1) // 4
        assert payload[1 + count :] == bytes(62 - count)
        got += payload[1 : 1 + count]
    return got


def test_the_host_finds_one_interface_with_all_reports(board: Board) -> None:
    assert board.hid.report_descriptor == b"".join(descriptor.descriptor(k) for k in range(len(PARTS)))
    assert (board.usb.vid, board.usb.pid) == (0x1209, 0x3911)
    assert [each["class"] for each in board.usb.interfaces].count(3) == 1


@pytest.mark.parametrize("length", [5, 13, 25, 26, 64, 100])
def test_features_have_the_length_that_was_asked_for(board: Board, length: int) -> None:
    for head in ("a0 02 60 02 00", "a1 01 02 00 01 01", "b0", "c0 20 64 00"):
        expected = bytes.fromhex(head)
        while (got := board.hid.get_report(FEATURE, expected[0], length))[:2] == bytes((0xC0, BUSY)):
            board.run(1)  # it looks at its drive
        assert got == expected.ljust(min(length, 64), b"\0")[:length]


def test_from_the_first_moment_on_the_status_is_busy_or_true_and_the_clock_never_zero() -> None:
    with Board(Play(variant="disk-hid", settings={"SANDBOX_I2C_ADDRESS": NOBODY}).drive()) as started:
        started.i2c.attach(RECORDER, Recorder())
        started.usb.wait_configured()
        seen: list[bytes] = []
        while not seen or seen[-1][1] == BUSY:
            seen.append(started.hid.get_report(FEATURE, 0xC0, 5))
            started.run(1)
        assert {answer[0] for answer in seen} == {0xC0}
        assert {answer[2:] for answer in seen} == {b"\x64\0\0"}
        assert seen[-1][1] == IDLE
        started.hid.out(0xD0, bytes((RECORDER, 6, 1, 0x5A)))
        assert done(started) == IDLE
        assert [each.data for each in started.i2c.log if each.addr == RECORDER] == [b"\x5a"]


def test_a_request_from_before_the_bridge_is_ready_is_told_as_failed() -> None:
    with Board(Play(variant="disk-hid", settings={"SANDBOX_I2C_ADDRESS": NOBODY}).drive()) as started:
        started.i2c.attach(RECORDER, Recorder())
        started.usb.wait_configured()
        started.hid.out(0xD0, bytes((RECORDER, 6, 1, 0x5A)))
        while (now := status(started)) == BUSY:
            started.run(1)
        assert now == 0x32
        assert RECORDER not in [each.addr for each in started.i2c.log]


def test_4098_bytes_in_69_reports_back_to_back_are_one_write(board: Board) -> None:
    data = random.Random(1).randbytes(4098)
    reports = chunks(data)
    assert len(reports) == 69
    for report in reports:
        board.hid.out(report[0], report[1:])
    assert done(board) == IDLE
    sent = board.i2c.log[-1]
    assert (sent.addr, sent.data, sent.stop) == (RECORDER, data, True)


def test_reads_of_every_length(board: Board) -> None:
    for length in range(1, 251):
        board.i2c.targets[EEPROM].pointer = 0
        assert read(board, length) == CONTENT[:length], length
    assert done(board) == IDLE


def test_a_refusal_is_never_taken_for_a_success(board: Board) -> None:
    """The status right after the request is that of the request."""
    moments = random.Random(2)
    for k in range(200):
        board.hid.out(0xD0, bytes((RECORDER, 6, 1, 1)))
        assert done(board) == IDLE
        board.run(moments.uniform(0, 30))
        board.hid.out(0xD0, bytes((ABSENT, 6, 1, 1)))
        assert done(board) == ADDRESS_NAK, k


def test_a_refusal_after_a_pause_is_never_taken_for_a_success() -> None:
    """The bridge is not active any more then, and the device looks at its drive."""
    settings = {"SANDBOX_I2C_ADDRESS": NOBODY, "SANDBOX_BRIDGE_TIMEOUT": 1}
    moments = random.Random(3)
    with Board(Play(variant="disk-hid", settings=settings).drive()) as started:
        started.i2c.attach(RECORDER, Recorder())
        started.run_until(f"{NOBODY:#x} at 100 kHz", 15000)
        started.run(START_MS)
        for k in range(25):
            started.hid.out(0xD0, bytes((RECORDER, 6, 1, 1)))
            assert done(started) == IDLE
            started.run(1000 + moments.uniform(0, 260))
            started.hid.out(0xD0, bytes((ABSENT, 6, 1, 1)))
            assert done(started) == ADDRESS_NAK, k


def test_a_host_that_does_not_fetch_its_data_stops_nothing(board: Board) -> None:
    board.hid.pause()
    board.hid.out(0xC2, bytes((EEPROM, 6, 200, 0)))
    board.run(1000)
    assert done(board) == 0x32
    board.hid.out(0xD0, bytes((RECORDER, 6, 1, 0x77)))
    assert done(board) == IDLE
    board.hid.pause(False)
    while board.hid.read(50):
        pass
    assert read(board, 200) == board.i2c.log[-1].data


# ---- a whole program ----
def web_page(write: bytes) -> list[bytes]:
    """Everything under D0, 63 bytes after the ID."""
    return [bytes((0xD0,)) + report[1:].ljust(63, b"\0") for report in chunks(write)]


def vendors_programmer(write: bytes) -> list[bytes]:
    """The smallest ID, whole packets."""
    return chunks(write, pad=64)


@pytest.mark.parametrize(("client", "pause_ms"), [(web_page, 50), (vendors_programmer, 0)])
def test_a_program_is_loaded_and_runs(board: Board, client, pause_ms: float) -> None:
    chip = VirtualFXCore(now_ms=lambda: board.now_ms)
    board.i2c.attach(chip.address, chip)
    image = blocks((FOLDER / "cloud.hex").read_text())
    count = 0x0800 + len(image.program) // 4 - 1
    board.hid.set_feature(0xA1, b"\x20".ljust(63, b"\0"))
    board.run(100)
    writes = [b"\x04\x7f", image.mreg, b"\x01\x0f", image.creg, b"\x02\x0b", image.sfr, count.to_bytes(2, "big")]
    for write in [b"\xa5\x5a\x30", *writes, image.program, b"\x0d\x00"]:
        for report in client(write):
            board.hid.out(report[0], report[1:])
            board.run(pause_ms)
        board.run(100)
    board.run(1000)
    assert chip.running == image
    assert chip.complaints == []
    for write in (b"\x0e\x00", b"\x5a\xa5"):
        for report in client(write):
            board.hid.out(report[0], report[1:])
            board.run(50)
    assert chip.mode == "RUN"
    board.i2c.attach(RECORDER, Recorder())
