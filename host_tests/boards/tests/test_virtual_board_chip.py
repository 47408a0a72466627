# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual board's I2C, pins, nvm and pixel."""

import pytest

from host_tests.boards.virtual.board import REPOSITORY
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore

OPEN = """
import board, busio, digitalio, microcontroller, memorymap, time
def attempt(what):
    try: print("done", what())
    except (OSError, ValueError, RuntimeError) as e: print("failed", e, getattr(e, "errno", ""))
i2c = busio.I2C(board.GP1, board.GP0)
i2c.try_lock()
"""


class Target:
    def write(self, data):
        return b"X" not in data

    def read(self, n):
        return b"\x55" * n


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        ("i2c.writeto(0x30, b'ab')", "done None"),
        ("i2c.writeto(0x31, b'ab')", "failed [Errno 19] No such device 19"),
        ("i2c.writeto(0x31, b'')", "failed [Errno 19] No such device 19"),
        ("i2c.writeto(0x30, b'aX')", "failed [Errno 5] Input/output error 5"),
        ("i2c.scan()", "done [48]"),
        ("i2c.readfrom_into(0x30, bytearray(0))", "failed buffer length must be >= 1"),
        ("i2c.unlock() or i2c.writeto(0x30, b'ab')", "failed Function requires lock"),
        ("i2c.deinit() or i2c.try_lock()", "failed Object has been deinitialized"),
        ("busio.I2C(board.GP1, board.GP0)", "failed GP1 in use"),
        ("digitalio.DigitalInOut(board.GP0)", "failed GP0 in use"),
        ("busio.I2C(board.GP3, board.GP2)", "failed No pull up found"),
        ("busio.I2C(board.GP4, board.GP5)", "failed Invalid pins"),
    ],
)
def test_i2c_answers_as_the_firmware_does(run_code, call, shown):
    board = run_code(OPEN + f"attempt(lambda: {call})\n")
    board.i2c.attach(0x30, Target())
    board.run_until("Code done")
    assert shown in board.console


def test_a_stuck_line_costs_a_second_and_looks_like_everybody(run_code):
    board = run_code(
        OPEN + "print('ready')\ntime.sleep(0.1)\nattempt(lambda: i2c.writeto(0x30, b'a'))\nprint(i2c.scan()[:3])\n"
    )
    board.i2c.attach(0x30, Target())
    board.run_until("ready")
    board.i2c.stuck(sda_low=True)
    started = board.now_ms
    board.run_until("failed [Errno 116] ETIMEDOUT 116")
    assert 1090 < board.now_ms - started < 1110
    board.run_until("[8, 9, 10]")


def test_a_transfer_of_more_than_a_second_fails(run_code):
    board = run_code(OPEN + "attempt(lambda: i2c.writeto(0x30, bytes(20000)))\n")
    board.i2c.attach(0x30, Target())
    board.run_until("ETIMEDOUT")


def test_no_pull_ups_no_bus(run_code):
    board = run_code("import board, busio\nbusio.I2C(board.GP1, board.GP0)\n")
    board.i2c.supply(False)
    board.run_until("RuntimeError: No pull up found on SDA or SCL")


def test_the_lines_can_be_seen_only_while_somebody_uses_the_pins(run_code):
    board = run_code(
        OPEN
        + """
sio = memorymap.AddressRange(start=0xD0000000, length=0x1000)
def lines(): return sio[4:8][0] & 3
used = lines()
i2c.deinit()
print("lines", used, lines())
attempt(lambda: sio[4])
"""
    )
    board.run_until("failed Unable to access unaligned IO register")
    assert "lines 3 0" in board.console


def test_bit_banging_frees_a_stuck_target(run_code):
    board = run_code("""
        import board, digitalio
        sda, scl = digitalio.DigitalInOut(board.GP0), digitalio.DigitalInOut(board.GP1)
        pulses = 0
        while not sda.value:
            scl.switch_to_output(False)
            scl.switch_to_input()
            pulses += 1
        print("free after", pulses)
    """)
    board.i2c.stuck(sda_low=True, release_after=5)
    board.run_until("free after 5")


def test_power_cut_before_the_third_transfer(run_code):
    board = run_code(OPEN + "for n in range(9): i2c.writeto(0x30, bytes([n]))\n")
    board.i2c.attach(0x30, Target())
    board.cut_power(i2c=2)
    board.run(3000)
    assert [t.data for t in board.i2c.log] == [b"\0", b"\1"]
    assert not board.powered


def test_the_chip_of_the_board_runs_on_the_boards_clock(make_board):
    chip = VirtualFXCore()
    board = make_board({"code.py": ""}, chip=chip)
    board.run(100)
    assert chip.now_ms() == 100
    assert board.i2c.targets == {0x30: chip}


def test_nvm_programs_only_into_empty_bytes_and_erases_otherwise(run_code):
    board = run_code("""
        from microcontroller import nvm
        nvm[0:3] = b"abc"
        nvm[3:5] = b"de"
        nvm[4:6] = b"ef"
        print(len(nvm), nvm[0:7])
    """)
    board.run_until("Code done")
    assert [(kind, at, n) for _, kind, at, n in board.nvm.log][:4] == [
        ("program", 0, 3), ("program", 3, 2), ("erase", 0, 4096), ("program", 0, 256),
    ]  # fmt: skip
    assert r"4096 bytearray(b'abcdef\xff')" in board.console


@pytest.mark.parametrize(("steps", "left"), [(0, b"old old"), (1, b"\xff" * 7), (2, b"newerld")])
def test_power_cut_in_an_nvm_write(run_code, steps, left):
    board = run_code("from microcontroller import nvm\nnvm[0:5] = b'newer'\n", nvm=b"old old")
    board.cut_power(nvm=steps)
    board.run(3000)
    assert not board.powered
    assert bytes(board.nvm.data[:7]) == left
    board.power_on()
    board.run_until("Code done")
    assert bytes(board.nvm.data[:5]) == b"newer"


def test_the_pixel_is_decoded_in_the_order_of_the_led(run_code):
    code = """
        import board, digitalio, neopixel_write
        pin = digitalio.DigitalInOut(board.NEOPIXEL)
        pin.switch_to_output()
        neopixel_write.neopixel_write(pin, bytes((1, 2, 3)))
        while True: supervisor.ticks_ms()
    """
    grb, rgb = run_code(code), run_code(code, pixel_order="RGB")
    for board in (grb, rgb):
        board.run(3000)
    assert (grb.pixel.color, rgb.pixel.color) == ((2, 1, 3), (1, 2, 3))


@pytest.mark.parametrize(
    ("percent", "wire"),
    [(30, (75, 23, 47)), (50, (127, 40, 80)), (7, (16, 5, 10)), (100, (255, 80, 160)), (0, (0, 0, 0))],
)
def test_brightness_is_rounded_as_in_the_firmware(run_code, percent, wire):
    """Its built-in pixelbuf has 256 steps of brightness; 30 percent of 255 is 75 there, not 76."""
    code = f"""
        import board, neopixel
        neopixel.NeoPixel(board.NEOPIXEL, 1, brightness={percent} / 100)[0] = 255, 80, 160
        while True: supervisor.ticks_ms()
    """
    board = run_code(code, {"lib/neopixel.py": (REPOSITORY / "lib" / "neopixel.py").read_text()})
    board.run(3000)
    assert board.pixel.color == wire
