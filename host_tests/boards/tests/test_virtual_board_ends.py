# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How a program on the virtual board can end: exceptions, Ctrl-C, reload, reset, watchdog, power cuts."""

import pytest

LOOP = "print('ready')\nwhile True: supervisor.ticks_ms()\n"


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
    assert board.life.boot_out.startswith("before\nTraceback")
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


def test_what_was_sent_before_a_power_cut_has_arrived(run_code):
    board = run_code("print('last words')\nwhile True: supervisor.ticks_ms()\n")
    board.run(3000)
    board.power_cycle()
    assert "last words\n" in board.console
