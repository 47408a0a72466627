# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The console: sentences reach who reads them, early or late, and nobody who does not read holds up the device."""

from hypothesis import given
from hypothesis import strategies as st

from host_tests.scenes import OTHER, SONG, Pedal, broken, song
from host_tests.unheard import Unheard
from host_tests.virtual.console import FIFO_SIZE
from sandbox.console import Console

WAIT = 3000
PATIENCE = 5000


class Port:
    """usb_cdc.console that takes at most `room` bytes a call; `taken` is what the host has got."""

    def __init__(self, connected=True, room=64):
        self.connected, self.room = connected, room
        self.taken = b""
        self.calls = 0

    def write(self, data):
        self.calls += 1
        part = bytes(data[: self.room])
        self.taken += part
        return len(part)

    @property
    def lines(self):
        return self.taken.decode().split("\r\n")


def deliver(console):
    """Polls until nothing more goes out."""
    while console.poll():
        pass


@given(st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=90), max_size=20), st.data())
def test_lines_arrive_whole_and_in_order_however_little_the_port_takes(said, data):
    port = Port()
    console = Console(port)
    for line in said:
        console.say(line)
    while len(port.taken) < sum(len(line) + 2 for line in said):
        port.room = data.draw(st.integers(0, 100))
        if not console.poll():
            port.room = 1
            console.poll()
    deliver(console)
    assert port.taken == "".join(line + "\r\n" for line in said).encode()


def test_a_turn_costs_at_most_one_write():
    port = Port()
    console = Console(port)
    for _ in range(10):
        console.say("a sentence of a good length, as they are")
    for turn in range(1, 30):
        console.poll()
        assert port.calls <= turn


def test_without_news_the_port_is_left_alone():
    port = Port()
    console = Console(port)
    console.say("hello")
    deliver(console)
    calls = port.calls
    deliver(console)
    assert port.calls == calls


def test_a_terminal_that_is_opened_late_sees_what_was_said_before():
    port = Port(connected=False)
    console = Console(port)
    for line in ("one", "two"):
        console.say(line)
        deliver(console)
    assert port.calls == 0
    port.connected = True
    deliver(console)
    assert port.lines == ["one", "two", ""]


def test_a_terminal_that_is_opened_again_sees_it_again():
    port = Port()
    console = Console(port)
    console.say("one")
    deliver(console)
    port.connected = False
    console.poll()
    port.connected, port.taken = True, b""
    console.say("two")
    deliver(console)
    assert port.lines == ["one", "two", ""]


@given(st.integers(0, 200), st.integers(20, 60))
def test_a_reader_that_was_away_gets_no_mixture_of_lines(read_before, said):
    """Lines may be lost; a line that arrives has been said like that."""
    port = Port(room=read_before)
    console = Console(port)
    lines = [f"line {n} of many" for n in range(said)]
    console.say(lines[0])
    console.poll()
    port.room = 0
    for line in lines[1:]:
        console.say(line)
        console.poll()
    port.room = 64
    deliver(console)
    assert set(port.lines) <= {*lines, ""}
    assert port.lines[-2:] == [lines[-1], ""]


def test_a_host_that_never_reads_costs_a_bounded_memory():
    port = Port(room=0)
    console = Console(port)
    for _ in range(1000):
        console.say("x" * 1000)
        assert not console.poll()
    port.room = 4096
    deliver(console)
    assert 0 < len(port.taken) < 12000


def test_without_a_console_port_nothing_happens():
    console = Console(None)
    console.say("hello")
    assert not console.poll()


# ---- on the board ----
def test_the_first_lines_say_what_runs_here_and_which_chip_it_found(pedal):
    board = pedal(knobs={"serial": 0xCAFE0123, "device_id": 0x0203, "empty": (0, 10, 15)})
    board.run(WAIT)
    version, bus, identity, *more = board.console.splitlines()
    assert version.startswith("FXCore Sandbox 1.")
    assert "disk and HID" in version
    assert bus == "FXCore 0x30 at 100 kHz"
    assert all(text in identity for text in ("0x30", "0203", "CAFE0123", ": 1 2 3 4 5 6 7 8 9 B C D E"))
    assert more == []


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
    board.run(WAIT)
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
    with Unheard(dtr=False) as board:
        for turn in range(40):
            board.drop("output.hex", song(turn))
        lines = open_terminal(board)
    assert lines[0].startswith("FXCore Sandbox 1.")
    assert lines[1] == "FXCore 0x30 at 100 kHz"
    assert "output.hex: running" in lines[-1]


def test_a_host_that_does_not_read_never_holds_up_the_device():
    with Unheard({"output.hex": SONG}, reading=False) as board:
        for turn in range(20):
            board.drop("output.hex", song(turn))
            assert board.plays(song(turn))
        board.cdc.reading = True
        board.run(500)
        assert "output.hex: running" in board.console.splitlines()[-1]


def test_a_host_that_stops_reading_in_the_middle_of_a_line_loses_old_lines_but_gets_no_mixture(pedal):
    board = pedal()
    board.run(WAIT)
    board.cdc.reading = False
    since = board.note()
    for turn in range(20):
        board.drop("output.hex", broken(song(turn)))
        board.run(PATIENCE)
    board.cdc.reading = True
    board.run(500)
    assert len(since.lines) > 10
    assert len(set(since.lines)) == 1


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
    for turn in range(8):
        board.drop("output.hex", broken(song(turn)))
        board.run(PATIENCE)
    assert board.cdc.out_waiting == FIFO_SIZE
    stalled = turns_in_a_second(board)
    board.cdc.reading = True
    board.run(500)
    assert stalled > 0.8 * turns_in_a_second(board) > 100
