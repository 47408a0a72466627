# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The emulator itself, through every part of its driver. All tests share one board, which goes on from test to test."""

import re
from collections.abc import Callable, Iterator

import pytest

from host_tests.boards.emulator import Board, UsbStall
from host_tests.boards.targets import Memory
from host_tests.on_emulator.four_devices import BOOT_PY, CODE_PY, Picky

pytestmark = pytest.mark.xdist_group("emulator")

REPORT = bytes((0xC0, 0xFF, 0xEE)) + bytes(range(60))


class Bench:
    """The board with a memory at 0x50 and a picky target at 0x51."""

    def __init__(self, board: Board) -> None:
        self.board, self.memory = board, Memory()
        board.i2c.attach(0x50, self.memory)
        board.i2c.attach(0x51, Picky())

    def says(self, action: Callable[[], object], expected: str, timeout_ms: float = 3000) -> None:
        """The console says so after the action."""
        start = len(self.board.console)
        action()
        self.board.run_until(expected, timeout_ms, start=start)

    def i2c(self, *data: int) -> Callable[[], None]:
        """Asks the project for an I2C write: address and three bytes."""
        return lambda: self.board.hid.out(0x11, bytes(data) + bytes(5 - len(data)))


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Board({"boot.py": BOOT_PY, "code.py": CODE_PY, "lib/mod.py": "X = 1\n"}) as board:
        made = Bench(board)
        board.run_until("READY nvm", 8000)
        board.run(300)
        yield made


def test_the_host_reads_what_boot_py_said(bench: Bench) -> None:
    usb = bench.board.usb
    assert (usb.vid, usb.pid, usb.strings[:2]) == (0x1209, 1, ["Maker", "Four devices"])
    assert usb.configuration_descriptor[1] == 2
    assert [interface["class"] for interface in usb.interfaces].count(3) == 1


def test_one_collection_holds_twenty_reports(bench: Bench) -> None:
    descriptor = bench.board.hid.report_descriptor
    assert len(set(re.findall(rb"\x85(.)\x09\x01\x95", descriptor, re.S))) == 20
    assert descriptor.count(b"\xa1\x01") == 1


def test_reports_go_both_ways(bench: Bench) -> None:
    hid = bench.board.hid
    first = hid.read(500)
    assert first is not None
    assert first[1:] == (0x10, REPORT)
    assert hid.get_feature(0x10, 63) == REPORT
    assert hid.get_report(3, 0x10, 5) == bytes((0x10,)) + REPORT[:4]
    bench.says(lambda: hid.set_feature(0x18, b"\x01\x02\x03\x04"), "report 18 4 01020304")
    bench.says(lambda: hid.set_output(0x19, b"\x09\x08\x07\x06\x05"), "report 19 5 09080706")
    bench.says(lambda: hid.out(0x23, bytes(range(7))), "report 23 7 00010203")
    echo = hid.read(200)
    assert echo is not None
    assert echo[1:] == (0x23, bytes(range(7)))


def test_an_invalid_request_stalls(bench: Bench) -> None:
    with pytest.raises(UsbStall):
        bench.board.usb.control(0x80, 6, 0x3077, 0x409, 255)


def test_i2c_reaches_its_target_at_its_speed(bench: Bench) -> None:
    bench.says(bench.i2c(0x50, 0x20, 0xAA, 0xBB), "write ok")
    assert bench.memory.data[0x20:0x22] == b"\xaa\xbb"
    done = bench.board.i2c.log[-1]
    assert (done.addr, done.kind, done.data, done.acked, done.stop) == (0x50, "w", b"\x20\xaa\xbb", 3, True)
    assert 0.3 < done.t_end_ms - done.t_start_ms < 0.6


def test_i2c_reads_after_a_repeated_start(bench: Bench) -> None:
    bench.says(bench.i2c(0x50, 0x20, 0xAA, 0xBB), "write ok")
    bench.says(lambda: bench.board.hid.out(0x12, bytes((0x50, 0x1F, 0, 0, 0, 0))), "got 1faabb22")
    assert [(done.kind, done.stop) for done in bench.board.i2c.log[-2:]] == [("w", False), ("r", True)]


def test_a_target_refuses_address_or_byte(bench: Bench) -> None:
    bench.says(bench.i2c(0x33, 1, 2, 3), "write errno 19")
    bench.memory.is_busy = True
    bench.says(bench.i2c(0x50, 1, 2, 3), "write errno 19")
    bench.memory.is_busy = False
    bench.says(bench.i2c(0x50, 0x90, 2, 3), "write errno 5")
    assert bench.board.i2c.log[-1].acked == 1
    assert bench.memory.writes[-1] == b"\x90"
    bench.says(bench.i2c(0x51, 1, 2, 3), "write errno 5")
    bench.says(bench.i2c(0x51, 1, 2, 4), "write ok")


def test_a_bus_scan_finds_the_targets(bench: Bench) -> None:
    bench.says(lambda: bench.board.hid.out(0x14, bytes(8)), "scan [80, 81]")


def test_a_line_held_low_times_out(bench: Bench) -> None:
    bench.board.i2c.stuck(sda_low=True)
    bench.says(bench.i2c(0x50, 0x30, 1, 2), "write errno 116")
    bench.board.i2c.stuck()
    bench.says(bench.i2c(0x50, 0x30, 1, 2), "write ok")


def test_pins_show_and_take_levels(bench: Bench) -> None:
    bench.board.hid.out(0x13, bytes((0x20, 0x10, 0x30, 0, 0, 0, 0)))
    bench.board.run_until(lambda board: board.pixel.color == (0x10, 0x20, 0x30), 1000)
    bench.says(lambda: bench.board.drive_gpio(8, 0), "button False")
    bench.board.drive_gpio(8, None)


def test_the_drive_is_written_in_pieces(bench: Bench) -> None:
    drive = bench.board.drive
    assert {"boot.py", "code.py", "lib/mod.py", "boot_out.txt"} <= set(drive.list())
    assert b"boot.py done" in drive.read("boot_out.txt")
    bench.says(lambda: drive.write("drop.hex", b"A" * 3000 + b"12345678"), "file (3008, b'12345678')")
    start = len(bench.board.console)
    part = drive.write("drop.hex", b"B" * 5000 + b"abcdefgh", order="dir-first", partial=1)
    bench.board.run(1500)
    assert not part.done
    assert "abcdefgh" not in bench.board.console[start:]
    bench.says(part.resume, "file (5008, b'abcdefgh')")
    bench.says(lambda: drive.delete("drop.hex"), "file None")
    assert bench.board.console.count("READY") == 1


def test_flash_outlives_a_power_cycle(bench: Bench) -> None:
    board = bench.board
    bench.says(lambda: board.hid.out(0x1F, b"\x2a" + bytes(10)), "nvm set")
    board.drive.write("drop.hex", b"kept")
    board.run(1500)
    start = len(board.console)
    bench.says(board.power_cycle, "READY nvm 42", 8000)
    board.run_until("file (4, b'kept')", 2000, start=start)
    bench.says(board.reset, "READY nvm 42", 8000)
    assert [kind for _, kind in board.resets[-2:]] == ["power", "pin"]


def test_ctrl_c_reaches_the_prompt(bench: Bench) -> None:
    bench.says(lambda: bench.board.console_write("\x03\x03"), "Press any key to enter the REPL")


def test_the_drive_goes_on_while_the_program_has_ended(bench: Bench) -> None:
    """The chip sleeps then."""
    drive = bench.board.drive
    drive.mount()
    drive.write("drop.hex", b"after the end")
    bench.board.run(1500)
    assert drive.read("drop.hex") == b"after the end"
