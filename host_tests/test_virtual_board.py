# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual board itself: life cycle, clock, console, chip. It does what CircuitPython 10.0.3 was seen to do."""

import pytest

from host_tests.virtual.clock import RealClock
from host_tests.virtual.fxcore_chip import VirtualFXCore
from host_tests.virtual.signals import BoardTimeout, DeviceHang

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


def test_an_exception_ends_the_program_but_not_the_board(run_code):
    board = run_code("def f():\n    raise ValueError('boom')\nf()\n")
    board.run(3000)
    assert isinstance(board.exception, ValueError)
    shown = (
        'Traceback (most recent call last):\n  File "code.py", line 5, in <module>\n  File "code.py", line 4, in f\n'
    )
    assert shown + "ValueError: boom\n" in board.console
    assert board.usb.configured
    board.console_write("\x04")
    board.run(3000)
    assert board.console.count("ValueError: boom") == 2


def test_an_exception_in_boot_py_leaves_code_py_running(run_code):
    board = run_code(LOOP, boot="print('before')\n1 / 0\n")
    board.run_until("ready")
    assert board.boot_out.startswith("before\nTraceback")
    assert "ZeroDivisionError" in board.drive.read("boot_out.txt").decode()


@pytest.mark.parametrize("catch", ["Exception", "KeyboardInterrupt"])
def test_ctrl_c_reaches_only_who_asks_for_it(run_code, catch):
    board = run_code(f"""
        print("ready")
        try:
            while True: supervisor.ticks_ms()
        except {catch}:
            print("caught")
        finally:
            print("cleaned up")
    """)
    board.run_until("ready")
    board.console_write("\x03")
    board.run(100)
    assert ("caught" in board.console) == (catch == "KeyboardInterrupt")
    assert "cleaned up" in board.console


def test_reload_runs_finally_and_starts_code_py_again(run_code):
    board = run_code("""
        import sys
        print(supervisor.runtime.run_reason)
        try:
            if "STARTUP" in str(supervisor.runtime.run_reason): supervisor.reload()
        except Exception: print("wrong")
        finally: print("cleaned up")
    """)
    board.run(5000)
    assert "STARTUP\ncleaned up\n" in board.console
    assert "SUPERVISOR_RELOAD" in board.console
    assert "wrong" not in board.console
    assert board.resets == []


def test_a_reset_is_abrupt(run_code):
    board = run_code("""
        import microcontroller, time
        print("ready")
        time.sleep(0.01)
        try: microcontroller.reset()
        finally: microcontroller.nvm[0] = 1
    """)
    board.run_until("ready")
    board.run(20)
    assert [reason for _, reason in board.resets] == ["microcontroller.reset()"]
    assert board.nvm.log == []
    assert not board.usb.configured


def test_a_watchdog_not_fed_resets_and_the_end_of_the_program_stops_it(run_code):
    code = """
        import microcontroller, watchdog
        microcontroller.watchdog.timeout = 8
        microcontroller.watchdog.mode = watchdog.WatchDogMode.RESET
        print("ready")
        while {}: supervisor.ticks_ms()
    """
    ended, hung = run_code(code.format(False)), run_code(code.format(True))
    for board in (ended, hung):
        board.run_until("ready")
        board.run(8100)
    assert ended.resets == []
    assert [reason for _, reason in hung.resets] == ["watchdog"]


def test_a_watchdog_started_before_its_timeout_is_set_resets_at_once(run_code):
    board = run_code("""
        import microcontroller, watchdog
        microcontroller.watchdog.mode = watchdog.WatchDogMode.RESET
        supervisor.ticks_ms()
        print("lived on")
    """)
    board.run(3000)
    assert "lived on" not in board.console
    assert board.resets


def test_power_cut_at_a_moment_runs_no_more_code(run_code):
    board = run_code("""
        import microcontroller
        try:
            while True: supervisor.ticks_ms()
        finally: microcontroller.nvm[0] = 1
    """)
    board.run(3000)
    board.cut_power(after_ms=5)
    board.run(100)
    assert not board.powered
    assert board.nvm.log == []
    board.power_on()
    board.run_until(lambda b: b.usb.configured)


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


def test_what_was_sent_before_a_power_cut_has_arrived(run_code):
    board = run_code("print('last words')\nwhile True: supervisor.ticks_ms()\n")
    board.run(3000)
    board.power_cycle()
    assert "last words\n" in board.console


def test_the_projects_own_files_run_unmodified(make_board):
    board = make_board(chip=VirtualFXCore())
    board.run_until("FXCore 0x30")
    board.run(1000)
    assert board.exception is None
    assert [t.result for t in board.i2c.log if t.data]
