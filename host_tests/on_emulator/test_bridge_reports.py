# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the host finds of the bridge: the descriptor, the features, and a status that is true from power-on on."""

from collections.abc import Iterator

import pytest

from ft260 import descriptor
from ft260.reports import PARTS
from host_tests.boards.emulator import Board
from host_tests.boards.pc_program import IDLE
from host_tests.boards.targets import RECORDER, Recorder
from host_tests.on_emulator.bridge_board import FEATURE, await_bridge, request, statuses, without_chip
from host_tests.on_emulator.versions import on_each_version

pytestmark = on_each_version("reports")

HID = 3  # interface class
BUSY, FAILED = 0x41, 0x32
START_MS = 15000  # the bridge is ready by then
WRITE = bytes((0xD0, RECORDER, 6, 1, 0x5A))


@pytest.fixture(scope="module")
def board(version: str) -> Iterator[Board]:
    with without_chip(version) as started:
        await_bridge(started)
        yield started


@pytest.fixture
def starting(version: str) -> Iterator[Board]:
    """The host has just configured it; the program has not begun."""
    with without_chip(version) as started:
        started.i2c.attach(RECORDER, Recorder())
        started.wait_configured()
        yield started


def test_the_host_finds_one_interface_with_all_reports(board: Board) -> None:
    assert board.hid.report_descriptor == b"".join(descriptor.descriptor(k) for k in range(len(PARTS)))
    assert (board.usb.vid, board.usb.pid) == (0x1209, 0x3911)
    assert [each["class"] for each in board.usb.interfaces].count(HID) == 1


@pytest.mark.parametrize("length", [5, 13, 25, 26, 64, 100])
def test_features_have_the_length_that_was_asked_for(board: Board, length: int) -> None:
    for head in ("a0 02 60 02 00", "a1 01 02 00 01 01", "b0"):
        report = bytes.fromhex(head)
        assert board.hid.get_report(FEATURE, report[0], length) == whole(report, length)
    answers = statuses(board, length)  # it is busy while it looks at its drive
    assert answers[-1] == whole(bytes.fromhex("c0 20 64 00"), length)


def whole(report: bytes, length: int) -> bytes:
    """Zeros added up to what one packet holds, and no more of it than was asked for."""
    return report.ljust(min(length, 64), b"\0")[:length]


def test_from_the_first_moment_on_the_status_is_busy_or_true_and_the_clock_never_zero(starting: Board) -> None:
    seen = statuses(starting, patience_ms=START_MS, pause_ms=1)
    assert seen[0][1] == BUSY
    assert {answer[0] for answer in seen} == {0xC0}
    assert {answer[2:] for answer in seen} == {b"\x64\0\0"}
    assert {answer[1] for answer in seen[:-1]} == {BUSY}
    assert seen[-1][1] == IDLE
    assert request(starting, WRITE) == IDLE
    assert [each.data for each in starting.i2c.log if each.addr == RECORDER] == [b"\x5a"]


def test_a_request_from_before_the_bridge_is_ready_is_told_as_failed(starting: Board) -> None:
    starting.hid.out(WRITE[0], WRITE[1:])
    seen = statuses(starting, patience_ms=START_MS, pause_ms=1)
    assert seen[0][1] == BUSY
    assert seen[-1][1] == FAILED
    assert RECORDER not in [each.addr for each in starting.i2c.log]
