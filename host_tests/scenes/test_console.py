# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a terminal shows of a whole device, opened early, late, or by a host that does not read."""

from host_tests.boards.pedal import OTHER, SONG, Pedal, song
from host_tests.boards.virtual.usb.console import FIFO_SIZE
from host_tests.scenes.unheard import Unheard
from sandbox.console import LINES_KEPT

WAIT = 3000


def test_the_first_lines_say_what_runs_here_and_which_chip_it_found(pedal):
    board = pedal(knobs={"serial": 0xCAFE0123, "device_id": 0x0203, "empty": (0, 10, 15)})
    board.run(WAIT)
    version, bus, *more = board.console.splitlines()
    [identity] = [line for line in more if "serial number" in line]
    assert version.startswith("FXCore Sandbox 1.")
    assert "disk and HID" in version
    assert bus == "FXCore 0x30 at 100 kHz"
    assert all(text in identity for text in ("0x30", "0203", "CAFE0123", ": 1 2 3 4 5 6 7 8 9 B C D E"))


def test_the_variant_without_a_bridge_says_so(pedal):
    board = pedal(settings={"SANDBOX_HID": 0})
    board.run(WAIT)
    version = board.console.splitlines()[0]
    assert "disk" in version
    assert "HID" not in version


def test_the_chip_is_introduced_as_soon_as_it_is_known_and_once(pedal):
    board = pedal(present=False)
    board.run(WAIT)
    assert "serial number" not in board.console
    board.plug_chip()
    board.run(2 * WAIT)
    assert board.console.count("serial number 12345678") == 1
    for text in (SONG, OTHER):
        board.drop("output.hex", text)
    assert board.console.count("serial number 12345678") == 1


def open_terminal(board: Pedal) -> list[str]:
    """What a terminal program shows that is opened now."""
    assert board.console == ""
    board.set_dtr(True)
    board.run(200)
    return board.console.splitlines()


def test_a_late_terminal_sees_the_first_lines():
    with Unheard({"output.hex": SONG}, dtr=False) as board:
        lines = open_terminal(board)
    assert lines[0].startswith("FXCore Sandbox 1.")
    assert any("serial number" in line for line in lines)
    assert "output.hex: running" in lines[-1]


def test_after_much_has_been_said_a_late_terminal_still_sees_the_first_lines():
    with Unheard(dtr=False, clock_look_ms=4) as board:
        for turn in range(LINES_KEPT + 1):
            board.drop("output.hex", song(turn))
        lines = open_terminal(board)
    assert lines[0].startswith("FXCore Sandbox 1.")
    assert lines[1] == "FXCore 0x30 at 100 kHz"
    assert "output.hex: running" in lines[-1]


def test_a_host_that_has_never_read_does_not_hold_up_the_device():
    with Unheard({"output.hex": SONG}, reading=False, clock_look_ms=4) as board:
        for turn in range(8):
            board.drop("output.hex", song(turn))
            assert board.plays(song(turn))


def test_a_host_that_stops_reading_does_not_hold_up_the_device_and_later_gets_no_mixture_of_lines(pedal):
    board = pedal(clock_look_ms=4)
    board.run(2 * WAIT)
    board.cdc.reading = False
    since = board.note()
    for turn in range(LINES_KEPT + 10):
        board.drop("output.hex", song(turn))
    assert board.plays(song(turn))
    board.cdc.reading = True
    board.run(500)
    assert len(since.lines) > 10
    assert set(since.lines) == {"output.hex: running, 3 instructions"}


def turns_in_a_second(board: Pedal) -> int:
    """Turns of the loop: the watchdog is fed in each."""
    count = 0
    arm = board.watchdog.arm

    def counting_arm() -> None:
        nonlocal count
        count += 1
        arm()

    board.watchdog.arm = counting_arm  # type: ignore[method-assign]
    board.run(1000)
    board.watchdog.arm = arm  # type: ignore[method-assign]
    return count


def test_idle_turns_are_as_fast_with_a_host_that_does_not_read(pedal):
    board = pedal()
    board.cdc.reading = False
    for turn in range(12):
        board.drop("output.hex", song(turn))
    assert board.cdc.out_waiting == FIFO_SIZE
    stalled = turns_in_a_second(board)
    board.cdc.reading = True
    board.run(500)
    assert stalled > 0.8 * turns_in_a_second(board) > 100
