# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""SANDBOX_CHATTER: the console tells a developer what changes, and nothing else about the device is different."""

import re

import pytest

from host_tests.boards.pc_program import PcProgram
from host_tests.boards.pedal import LONG, OTHER, SEEN_AGAIN_MS, SONG, Pedal, broken, song
from host_tests.scenes.unheard import Unheard

ON = {"SANDBOX_CHATTER": 1}
TOLD = ("drive: ", "job: ", "chip: ", "bridge: ")
BRIDGE_TIMEOUT_MS = 10000


def told(text: str) -> list[str]:
    """The lines of the chatter, every time in them as N."""
    lines = [line for line in text.splitlines() if line.startswith(TOLD)]
    return [re.sub(r"\d+ ms", "N ms", line) for line in lines]


@pytest.fixture
def board(pedal):
    return pedal(settings=ON)


def test_the_first_line_says_that_it_is_on(board):
    assert board.console.splitlines()[0].endswith(", disk and HID, chatter")


def test_a_file_is_told_from_the_drive_to_the_chip_and_back(board):
    board.run(5000)
    assert told(board.console) == ["chip: stopped after N ms", "chip: identified after N ms"]
    since = board.note()
    board.drop("output.hex", SONG)
    board.run(SEEN_AGAIN_MS)
    board.drop("3.hex", OTHER)
    board.remove("output.hex")
    run = ["job: output.hex begun", "chip: ran after N ms", "job: output.hex ended after N ms"]
    assert told(since.text) == [
        f"drive: output.hex has {len(SONG)} bytes",
        *run,
        f"drive: 3.hex has {len(OTHER)} bytes",
        "job: 3.hex begun",
        "chip: burnt after N ms",
        "job: 3.hex ended after N ms",
        *run,
        "drive: output.hex is gone",
        "job: output.hex begun",
        "chip: stopped after N ms",
        "job: output.hex ended after N ms",
    ]


def test_the_times_are_those_of_the_bus(board):
    board.run(5000)
    since = board.note()
    board.drop("output.hex", LONG)
    [ran] = re.findall(r"chip: ran after (\d+) ms", since.text)
    [ended] = re.findall(r"job: output.hex ended after (\d+) ms", since.text)
    on_the_bus = since.transfers[-1].t_end_ms - since.transfers[0].t_start_ms
    assert on_the_bus - 5 <= int(ran) <= on_the_bus + 30
    assert int(ran) < int(ended) < since.transfers[-1].t_end_ms - since.at_ms


def test_a_chip_that_is_away_is_told_with_the_cause(board):
    board.run(5000)
    board.unplug_chip()
    since = board.note()
    board.drop("output.hex", SONG)
    assert "chip: failed, address-nak (errno 19) after N ms" in told(since.text)


def test_a_chip_whose_status_cannot_be_read_is_told_so(pedal):
    board = pedal(settings={**ON, "SANDBOX_VERIFY": "off"})
    board.drop("output.hex", SONG)
    assert "chip: ran after N ms, without its status" in told(board.console)


def test_a_bridge_that_takes_the_bus_and_leaves_it_is_told(board):
    board.run(5000)
    pc = PcProgram(board)
    for data in (b"\x0e\x00", b"\x5a\xa5", b"\x0e\x00"):
        pc.write(0x30, data)
    board.run(BRIDGE_TIMEOUT_MS + 500)
    pc.write(0x30, b"\x0e\x00")
    board.run(BRIDGE_TIMEOUT_MS + 500)
    bridge = [line for line in told(board.console) if line.startswith("bridge")]
    assert bridge == ["bridge: active", "bridge: idle, requests: 3", "bridge: active", "bridge: idle, requests: 1"]


def test_an_upload_that_gives_way_is_told(pedal):
    board = pedal(settings=ON, clock_look_ms=0.2)
    board.run(5000)
    since = board.note()
    board.drive.write("output.hex", LONG)
    board.run_until(lambda b: len(since.transfers) > 6, timeout_ms=3000, poll_ms=0.2)
    PcProgram(board).write(0x30, b"\x0e\x00")
    board.run(100)
    assert told(since.text)[1:] == [
        "job: output.hex begun",
        "job: output.hex ended after N ms",
        "bridge: active",
        "chip: withdrawn after N ms",
    ]


def test_without_the_bridge_it_tells_the_rest(pedal):
    board = pedal({"output.hex": SONG}, settings={**ON, "SANDBOX_HID": 0})
    board.run(3000)
    assert "disk, chatter" in board.console.splitlines()[0]
    assert "job: output.hex ended after N ms" in told(board.console)


def story(pedal, settings: dict[str, int]) -> Pedal:
    board = pedal({"output.hex": SONG, "3.hex": OTHER}, settings=settings)
    board.run(SEEN_AGAIN_MS)
    board.drop("output.hex", broken(LONG))
    board.drop("output.hex", LONG)
    board.remove("output.hex")
    return board


def test_the_chip_sees_no_difference(pedal):
    silent, chatty = story(pedal, {}), story(pedal, ON)
    assert told(silent.console) == []
    assert [event.step for event in chatty.chip.history] == [event.step for event in silent.chip.history]
    others = [line for line in chatty.console.splitlines()[1:] if not line.startswith(TOLD)]
    assert others == silent.console.splitlines()[1:]


def test_where_it_is_off_it_is_not_even_loaded(planter, pedal):
    planter.at_import("sandbox.chatter")
    board = pedal({"output.hex": SONG})
    board.run(3000)
    assert board.plays(SONG)
    assert planter.hits == 0


def test_a_host_that_does_not_read_holds_nothing_up():
    with Unheard({"output.hex": SONG}, reading=False, settings=ON, clock_look_ms=4) as board:
        for turn in range(8):
            board.drop("output.hex", song(turn))
            assert board.plays(song(turn))
