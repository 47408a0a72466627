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
            getenv(line, "K")
    else:
        assert getenv(line, "K") == value
