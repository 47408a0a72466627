# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The console: sentences reach who reads them, early or late, and nobody who does not read holds up the device."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.console import Console


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
