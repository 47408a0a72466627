# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual board's USB: what boot.py decides, and HID with the firmware's habits."""

import pytest

from host_tests.boards.virtual.signals import BoardError, UsbStall

BOOT = """
import usb_hid, usb_midi, supervisor
usb_midi.disable()
supervisor.set_usb_identification("Maker", "Thing", 0x1209, 0x3911)
usb_hid.enable((
    usb_hid.Device(report_descriptor=b"first", usage_page=0xFF00, usage=1, report_ids=(0xA1, 0xC0),
                   in_report_lengths=(63, 63), out_report_lengths=(63, 4)),
    usb_hid.Device(report_descriptor=b"last", usage_page=0xFF00, usage=1, report_ids=(0xD0,),
                   in_report_lengths=(63,), out_report_lengths=(63,)),
))
print("boot")
"""
LOOP = "import usb_hid\nwhile True: supervisor.ticks_ms()\n"
MAILBOX = """
import usb_hid, memorymap
ram = memorymap.AddressRange(start=0x20000000, length=0x42000)
at = id(usb_hid.devices[0]) - 0x20000000
ids, ins = ram[at + 64 : at + 66], ram[at + 70 : at + 72]
print("layout", bytes(ids) == b"\\xa1\\xc0", bytes(ins) == b"??", ram[at + 86])
p = int.from_bytes(ram[at + 12 : at + 16], "little") - 0x20000000
ram[p : p + 3] = b"abc"
while True: supervisor.ticks_ms()
"""
DPRAM = """
import memorymap, usb_hid
d = memorymap.AddressRange(start=0x50100000, length=0x1000)
control = [c for c in range(0xC, 0x80, 8) if d[c + 3] & 0x8C == 0x8C][0]
buffer = d[control] + 256 * d[control + 1]
pid = d[0x81 + control] & 0x20
while True:
    if d[0x81 + control] & 0x20 != pid:
        pid ^= 0x20
        print("packet", bytes(d[buffer : buffer + 6]), usb_hid.devices[0].get_last_received_report(0xA1))
"""


@pytest.fixture
def board(request, run_code):
    made = run_code(getattr(request, "param", LOOP), boot=BOOT)
    made.run_until(lambda b: b.usb.configured)
    made.run(300)
    return made


def test_boot_py_decides_what_the_board_is(board):
    assert (board.usb.vid, board.usb.pid, board.usb.strings[:2]) == (0x1209, 0x3911, ["Maker", "Thing"])
    assert [i["class"] for i in board.usb.interfaces] == [2, 10, 8, 3]
    assert board.hid.report_descriptor == b"firstlast"
    assert board.life.boot_out == "boot\n"
    assert board.drive.read("boot_out.txt").endswith(b"\r\nboot.py output:\r\nboot\r\n")


def test_without_a_word_it_is_what_circuitpython_makes_it(run_code):
    board = run_code("import usb_hid\nprint(len(usb_hid.devices))\n")
    board.run_until("3\n")
    assert (board.usb.vid, board.usb.pid) == (0x2E8A, 0x101F)
    assert [i["class"] for i in board.usb.interfaces] == [2, 10, 8, 3, 1, 1]


def test_it_can_no_longer_be_changed_in_code_py(run_code):
    board = run_code("import usb_cdc\nusb_cdc.disable()\n")
    board.run_until("RuntimeError: Cannot change USB devices now")


def test_without_a_console(run_code):
    files = {"code.py": "import usb_cdc\nassert usb_cdc.console is None\n"}
    board = run_code("", files, boot="import usb_cdc\nusb_cdc.disable()\n")
    board.run(3000)
    assert board.life.finished
    assert board.exception is None
    assert board.console == ""


def test_on_a_charger_the_program_runs_all_the_same(run_code):
    code = """
import microcontroller, supervisor
print("x" * 9999)
microcontroller.nvm[0] = supervisor.runtime.usb_connected
"""
    board = run_code("", {"code.py": code}, host=False)
    board.run(3000)
    assert board.nvm.data[0] == 0
    with pytest.raises(BoardError, match="no HID interface"):
        board.hid.get_feature(0xA1, 4)


def test_gets_are_answered_with_zeros_until_the_buffer_is_written(board):
    assert board.hid.get_feature(0xC0, 63) == bytes(63)


@pytest.mark.parametrize("board", [MAILBOX], indirect=True)
def test_gets_are_answered_from_the_buffer_that_the_struct_points_to(board):
    assert "layout True True 2" in board.console
    assert board.hid.get_feature(0xC0, 4) == b"abc\0"
    assert board.hid.get_report(3, 0xC0, 3) == b"\xc0ab"
    assert board.hid.get_feature(0xA1, 4) == bytes(4)


def test_an_unknown_report_stalls(board):
    with pytest.raises(UsbStall):
        board.hid.get_feature(0x77, 4)


RECEIVE = """
import usb_hid
last = supervisor.ticks_ms()
while True:
    r = usb_hid.devices[0].get_last_received_report(0xC0)
    if r is not None: print("got", r)
    while supervisor.ticks_ms() - last < 50: pass
    last = supervisor.ticks_ms()
"""


@pytest.mark.parametrize("board", [RECEIVE], indirect=True)
def test_reports_of_another_length_are_dropped_and_of_two_the_last_wins(board):
    for payload in (b"abc", b"abcde"):
        board.hid.out(0xC0, payload)
        board.hid.set_feature(0xC0, payload)
    assert board.hid.dropped == 4
    board.run_until(lambda b: b.now_ms % 50 < 2)
    board.hid.set_output(0xC0, b"1111")
    board.hid.set_feature(0xC0, b"2222")
    board.run(200)
    assert board.console.count("got") <= 2
    assert board.console.rstrip().endswith("got b'2222'")


@pytest.mark.parametrize("board", [DPRAM], indirect=True)
def test_short_packets_can_be_read_in_the_dpram(board):
    board.hid.out(0xA1, b"long!" + bytes(58))
    board.run(20)
    board.hid.out(0xA1, b"xy")
    board.run(20)
    assert r"packet b'\xa1long!' b'long!" in board.console
    assert r"packet b'\xa1xyng!' None" in board.console


def test_short_set_report_can_be_read_in_the_dpram(board):
    board.hid.set_feature(0xA1, b"\x20\x01")
    assert board.memory.dpram[0:8] == bytes((0x21, 9, 0xA1, 3, 3, 0, 3, 0))
    assert board.memory.dpram[0x100:0x103] == b"\xa1\x20\x01"


SEND = """
import usb_hid
def send(n):
    started = supervisor.ticks_ms()
    try: usb_hid.devices[1].send_report(bytes([n]) * 63, 0xD0)
    except OSError as e: print(e, (supervisor.ticks_ms() - started) // 100)
    else: print("sent", n)
while not supervisor.runtime.serial_bytes_available: pass
for n in range(3): send(n)
"""


@pytest.mark.parametrize("board", [SEND], indirect=True)
def test_input_reports_come_every_8_ms(board):
    board.console_write("go")
    board.run(100)
    times, ids, payloads = zip(*board.hid.log, strict=True)
    assert ids == (0xD0,) * 3
    assert [p[0] for p in payloads] == [0, 1, 2]
    assert times[2] - times[1] == pytest.approx(8)


@pytest.mark.parametrize("board", [SEND], indirect=True)
def test_a_host_that_does_not_poll_blocks_send_report_for_two_seconds(board):
    board.hid.pause()
    board.console_write("go")
    board.run_until("Code done")
    assert board.console.count("USB busy 20") == 2
    board.hid.pause(False)
    assert board.hid.read(50)[2][0] == 0


def test_requests_wait_for_the_end_of_a_transfer(run_code):
    board = run_code("""
        import board, busio
        i2c = busio.I2C(board.GP1, board.GP0)
        i2c.try_lock()
        while True: i2c.writeto(0x30, bytes(200))
    """, boot=BOOT)  # fmt: skip

    class Sink:
        def write(self, data):
            return True

    board.i2c.attach(0x30, Sink())
    board.run(3000)
    asked = board.now_ms
    board.hid.get_feature(0xC0, 4)
    assert board.now_ms - asked > 2
