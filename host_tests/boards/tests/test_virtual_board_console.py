# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual board's console, and settings.toml as os.getenv reads it."""

import pytest

from host_tests.boards.virtual.drive.settings_toml import getenv
from host_tests.boards.virtual.signals import DeviceHang


def test_the_console_takes_256_bytes_when_nobody_reads(run_code):
    board = run_code("""
        import usb_cdc
        usb_cdc.console.write_timeout = 0
        while usb_cdc.console.in_waiting == 0: pass
        taken = usb_cdc.console.write(b"x" * 300), usb_cdc.console.write(b"y")
        while usb_cdc.console.in_waiting == 1: pass
        print(taken)
    """)
    board.run(2000)
    board.cdc.reading = False
    board.console_write("a")
    board.run(100)
    board.cdc.reading = True
    board.console_write("b")
    board.run_until("(256, 0)")


def test_print_to_a_host_that_does_not_read_is_a_hang(run_code):
    board = run_code("while True: print('x' * 50)\n")
    board.run(2000)
    board.cdc.reading = False
    with pytest.raises(DeviceHang, match=r"print\(\) blocks for ever"):
        board.run(2000)


def test_without_dtr_output_is_lost_and_never_blocks(run_code):
    board = run_code("""
        import usb_cdc
        while supervisor.runtime.serial_connected: pass
        taken = usb_cdc.console.write(b"z" * 999)
        print("z" * 999)
        while not supervisor.runtime.serial_connected: pass
        print("took", taken)
    """)
    board.run(3000)
    board.set_dtr(False)
    board.run(100)
    board.set_dtr(True)
    board.run_until("took 999")
    assert "z" not in board.console


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("K = 5", 5), ("K=0x30 # c", 48), ("K=-3", -3), ("K=1_000", 1000), ('K = "x" # c', "x"), ('K=""', ""),
        (r'K="a\t\"\u0041"', 'a\t"A'), ("K=1\nK=2", 1), ("[t]\nK=1", None), ("K.x=1", None), ("OTHER=x\nK=1", 1),
        ("K=1.5", ValueError), ("K=true", ValueError), ("K='x'", ValueError), ("K=007", ValueError),
        ('K="x', ValueError), ("K=1 2", ValueError), ("K", None),
    ],
)  # fmt: skip
def test_settings_are_read_as_the_firmware_reads_them(line, value):
    if value is ValueError:
        with pytest.raises(ValueError, match="nvalid"):
            getenv(line.encode(), "K")
    else:
        assert getenv(line.encode(), "K") == value


WIDE = "K = 1\r\nB = 2\r\n"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"\xef\xbb\xbfK = 1\nB = 2\n", {"B": 2}), (b"\xef\xbb\xbf# c\nK = 1\n", {"K": 1}),
        (b"A = 7\n" + WIDE.encode("utf-16") + b"C = 3\n", {"A": 7}), (WIDE.encode("utf-16"), {}),
        (WIDE.encode("utf-16-be"), {}), (b"A = 7\n" + b"K = 1\n".decode().encode("utf-16-le"), {"A": 7}),
        (b"\0\nK = 1\n", {}), (b"# a\0b\nK = 1\n", {"K": 1}), (b"K = 1\0\nB = 2\n", {"K": 1, "B": 2}),
        (b"K\0 = 1\nB = 2\n", {"B": 2}), (b"# \xe9\nK = 1\n", {"K": 1}), ('K = "\xe9"\n'.encode(), {"K": "\xe9"}),
        (b"A = 7 # a\xe2\x80\xa8K = 1\n", {"A": 7}), (b"# a\x1cK = 2\n\v\fK = 1\n", {"K": 1}),
        (b"\xc2\xa0K = 1\n", {}), (b'"K" = 1\n', {}), (b"A = 7\n [t]\nK = 1\n", {"A": 7}), (b'K = "x"\r\n', {"K": "x"}),
    ],
)  # fmt: skip
def test_settings_that_are_no_plain_utf_8_are_read_as_the_firmware_reads_them(data, found):
    assert {key: getenv(data, key) for key in "AKBC" if getenv(data, key) is not None} == found


@pytest.mark.parametrize("data", [b'K = "\xe9"\n', b'K = "a\0b"\n', b"K = 7\rA = 1\r"])
def test_a_value_that_is_no_plain_utf_8_is_an_error_as_the_firmware_has_it(data):
    with pytest.raises(ValueError):  # noqa: PT011 - UnicodeError has no text
        getenv(data, "K")
