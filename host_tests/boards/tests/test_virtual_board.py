# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual board itself: clock, imports, hangs. It does what CircuitPython 10.0.3 was seen to do."""

import pytest

from host_tests.boards.virtual.clock import RealClock
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.signals import BoardTimeout, DeviceHang

LOOP = "import microcontroller\nprint('ready')\nwhile True: supervisor.ticks_ms()\n"


def test_a_second_of_device_time_passes_in_a_run_of_a_second(run_code):
    board = run_code("""
        while True:
            started = supervisor.ticks_ms()
            while supervisor.ticks_ms() - started < 1000: pass
            print("second")
    """)
    board.run(2000)
    board.run_until("second")
    start = len(board.console)
    board.run(3005)
    assert board.console[start:].count("second") == 3


def test_two_runs_are_equal_to_the_last_bit(run_code):
    code = """
        import microcontroller, time
        for n in range(5):
            microcontroller.nvm[n] = n
            time.sleep(0.01 * n)
            print(time.monotonic_ns())
    """
    first, second = run_code(code), run_code(code)
    first.run(4000)
    for _ in range(400):
        second.run(10)
    assert first.console == second.console
    assert first.nvm.log == second.nvm.log


def test_ticks_wrap_65_seconds_after_power_on(run_code):
    board = run_code("""
        last = 0
        while True:
            now = supervisor.ticks_ms()
            if now < last: print("wrapped")
            last = now
    """)
    board.run(65000)
    assert "wrapped" not in board.console
    board.run(1000)
    assert "wrapped" in board.console


def test_spinning_without_the_board_is_told_with_the_place(run_code):
    board = run_code("def endless():\n    while True: pass\nendless()\n", wall_limit_s=0.3)
    with pytest.raises(DeviceHang, match=r'File "code\.py", line 4, in endless'):
        board.run(3000)
    assert not board.powered
    board.drive.write("code.py", "import time\ntime.sleep(1)\nprint('repaired')\n")
    board.power_on()
    board.run_until("repaired")


def test_run_until_gives_up_in_time(run_code):
    board = run_code(LOOP)
    with pytest.raises(BoardTimeout, match=r"never"):
        board.run_until("never", timeout_ms=100)
    assert board.now_ms == 100


@pytest.mark.parametrize("name", ["typing", "pathlib", "dataclasses", "enum", "sysconfig", "nope"])
def test_what_the_firmware_does_not_have_cannot_be_imported(run_code, name):
    board = run_code(f"import {name}\n")
    board.run(3000)
    assert f"ImportError: no module named '{name}'" in board.console


def test_boards_do_not_see_each_others_modules(run_code):
    module = {"state.py": "values = []\n"}
    code = "import state\nstate.values.append({!r})\nprint(state.values)\n"
    first, second = run_code(code.format(1), module), run_code(code.format(2), module)
    first.run(3000)
    second.run(3000)
    assert "[1]\n" in first.console
    assert "[2]\n" in second.console


def test_packages_relative_imports_and_lib(run_code):
    files = {
        "pack/__init__.py": "from . import low\n",
        "pack/low.py": "VALUE = 7\n",
        "pack/high.py": "from .low import VALUE\nfrom pack import low\n",
        "lib/library.py": "NAME = __name__\n",
    }
    board = run_code("import pack.high, library\nprint(pack.high.VALUE, pack.low.VALUE, library.NAME)\n", files)
    board.run(3000)
    assert "7 7 library\n" in board.console


def test_the_real_clock_holds_the_device_back_and_never_hurries_it():
    wall = [100.0]

    def sleep(seconds):
        wall[0] += seconds

    clock = RealClock(wall_s=lambda: wall[0], sleep_s=sleep)
    clock.deadline = 1e9
    for _ in range(1000):
        clock.advance(0.5)
    assert wall[0] == pytest.approx(100.5, abs=0.003)
    wall[0] += 60
    clock.advance(100)
    assert clock.now == 600
    clock.advance(100)
    assert wall[0] == pytest.approx(160.6, abs=0.1)


def test_the_projects_own_files_run_unmodified(make_board):
    board = make_board(chip=VirtualFXCore())
    board.run_until("FXCore 0x30")
    board.run(1000)
    assert board.exception is None
    assert [t.result for t in board.i2c.log if t.data]
