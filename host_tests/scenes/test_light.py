# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the NeoPixel really shows, to the millisecond, while the device works."""

import math
from itertools import pairwise

import pytest

from host_tests.boards.pedal import LONG, OTHER, SONG, UPLOAD_MS, broken

FINE = 0.2  # clock_look_ms: turns of the loop as short as the real ones
BLOCK_MS = 370  # the longest block on the wire
LATE_MS = 10  # a colour may change that much late


@pytest.fixture
def beating(pedal):
    """A board that plays SONG and has nothing else to do."""
    board = pedal({"output.hex": SONG}, clock_look_ms=FINE)
    board.run(2 * UPLOAD_MS)
    assert board.plays(SONG)
    return board


def data_refused(board):
    board.i2c.fault("nak_data", match=lambda attempt: attempt.length == 514, times=math.inf)
    board.drive.write("output.hex", SONG)


def block_refused(board):
    board.chip.fail_next("PRG", 0x80, times=50)
    board.drive.write("output.hex", SONG)


def chip_absent(board):
    board.unplug_chip()
    board.drive.write("output.hex", SONG)


CAUSES = {
    1: lambda board: board.drive.write("output.hex", broken(SONG)),
    2: chip_absent,
    3: data_refused,
    4: block_refused,
    5: lambda board: None,  # a wrong setting, there from the start
}


@pytest.mark.parametrize("number", CAUSES)
def test_the_class_of_an_error_can_be_counted_every_three_seconds(pedal, number):
    wrong = {"SANDBOX_I2C_HZ": 1} if number == 5 else {}
    board = pedal(settings=wrong, clock_look_ms=FINE)
    CAUSES[number](board)
    board.run(8000)
    since = board.note()
    board.run(13000)
    seen = since.patterns[1:]  # the first one may have been cut
    assert len(seen) >= 2
    for blinks in seen:
        colours = [blink.colour for blink in blinks]
        assert colours == ["red"] * (len(colours) - number) + ["amber"] * number
        assert len(colours) - number >= 3
        assert all(blink.length < 100 if blink.colour == "red" else 150 < blink.length < 300 for blink in blinks)
    assert all(abs(b[0].start - a[0].start - 3000) < LATE_MS for a, b in pairwise(seen))


def test_the_heartbeat_is_solid_red_with_a_short_dip_once_a_second(beating):
    since = beating.note()
    beating.run(20000)
    dips = since.lit("off")
    assert len(dips) in (19, 20, 21)
    assert all(abs(b.start - a.start - 1000) < LATE_MS for a, b in pairwise(dips))
    assert all(50 < dip.length < 200 for dip in dips[1:-1])
    assert since.colours == ["red"]


def test_an_upload_blinks_also_when_one_block_keeps_the_loop(pedal):
    board = pedal(clock_look_ms=FINE)
    since = board.note()
    board.drop("output.hex", LONG)
    blinks = since.lit("blue")
    assert len(blinks) >= 2
    assert all(50 < blink.length < BLOCK_MS + 200 for blink in blinks)


def test_an_error_covers_the_heartbeat_and_an_upload_the_error(beating):
    beating.drop("output.hex", broken(OTHER))
    beating.run(5000)
    since = beating.note()
    beating.run(6000)
    assert all(phase.length < 100 for phase in since.lit("red"))
    since = beating.note()
    beating.drop("output.hex", OTHER)
    beating.run(4000)
    assert since.colours[-2:] == ["blue", "red"]
    assert "amber" not in since.colours[since.colours.index("blue") :]


def test_an_error_is_shown_until_the_next_action(pedal):
    board = pedal({"output.hex": broken(SONG)})
    board.run(10000)
    for _ in range(3):
        since = board.note()
        board.run(20000)
        assert len(since.patterns) >= 5
    board.remove("output.hex")
    since = board.note()
    board.run(5000)
    assert since.colours == []


def test_a_light_that_does_not_change_is_not_written(pedal):
    board = pedal()
    board.run(UPLOAD_MS)
    frames = len(board.pixel.frames)
    board.run(10000)
    assert len(board.pixel.frames) == frames
