# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The light by itself: which of several things it shows, and in what rhythm."""

from itertools import combinations, pairwise
from types import SimpleNamespace

import pytest

from fxcore.programmer import BURNT, RAN
from host_tests.boards.note import colour_name
from host_tests.tools.readme import table
from sandbox import ticks
from sandbox.light import BLIP, Light
from sandbox.playing import FILE, Playing

NOW = 100500  # not in the dip of the heartbeat
AMBER_AFTER = 800  # an error that began so long ago shows amber

# The rows of the README's table, highest first: priority, light, how the light is told, what it shows then.
ROWS = (
    ("1 work", "blue blinks", lambda bench: bench.load(RAN), "blue"),
    ("1 work", "purple blinks", lambda bench: bench.load(BURNT), "purple"),
    ("1 work", "green for 2 s", lambda bench: bench.light.success(NOW), "green"),
    ("1 work", "short green blink", lambda bench: bench.light.success(NOW, BLIP), "green"),
    (
        "2 error",
        "rapid red, then 1 to 5 slow amber blinks, every 3 s",
        lambda bench: bench.light.error(NOW - AMBER_AFTER, 3),
        "amber",
    ),
    ("3 bridge flash", "short white flash", lambda bench: bench.light.flash(NOW), "white"),
    ("4 heartbeat", "red with a short dip every second", lambda bench: bench.playing.runs(FILE), "red"),
    ("5 off", "off", lambda bench: None, "off"),
)
PAIRS = [(high, low) for high, low in combinations(ROWS, 2) if high[0] != low[0]]


class FakePixel:
    """Remembers what was written, and when."""

    def __init__(self):
        self.now = 0
        self.log = []

    def __setitem__(self, index, colour):
        assert index == 0
        self.log.append((self.now, colour_name(colour)))


@pytest.fixture
def bench():
    """`light`, its `pixel`, what it follows, and `run(start, end)`: steps each ms and returns [(colour, length)].

    `load(outcome)`: the programmer loads a program from now on, `load(None)`: no more. `playing`: what plays.
    """
    pixel, programmer, playing = FakePixel(), SimpleNamespace(loading=None), Playing()
    light = Light(programmer, playing, pixel)

    def run(start, end, loads_until=None):
        pixel.log.clear()
        for ms in range(end - start):
            pixel.now = ms
            if start + ms == loads_until:
                load(None)
            light.step(ticks.add(start, ms))
        log = [*pixel.log, (end - start, "")]
        return [(colour, until - at) for (at, colour), (until, _) in pairwise(log)]

    def load(outcome):
        programmer.loading = outcome

    return SimpleNamespace(light=light, pixel=pixel, playing=playing, load=load, run=run)


def shown(bench, now=NOW):
    bench.light.step(now)
    return bench.pixel.log[-1][1]


def test_the_readme_has_the_same_table():
    _, rows = table("light")
    assert [row[:2] for row in rows] == [[priority, what] for priority, what, _, _ in ROWS]


@pytest.mark.parametrize(("high", "low"), PAIRS, ids=lambda row: row[1])
def test_what_stands_higher_in_the_table_is_shown_first(bench, high, low):
    low[2](bench)
    assert shown(bench) == low[3]
    high[2](bench)
    assert shown(bench, NOW + 1) == high[3]


def test_of_all_at_once_the_highest_is_shown(bench):
    for row in reversed(ROWS):
        row[2](bench)
        assert shown(bench) == row[3]


def test_after_the_work_comes_what_it_had_covered(bench):
    bench.playing.runs(FILE)
    bench.load(RAN)
    bench.light.step(NOW)
    bench.load(None)
    bench.light.step(NOW + 200)
    assert shown(bench, NOW + 1000) == "red"


def test_the_green_of_a_burn_is_not_cut_short_when_what_ran_before_runs_again(bench):
    bench.light.success(NOW)
    bench.load(RAN)
    assert bench.run(NOW, NOW + 2001) == [("green", 2000), ("blue", 1)]


def test_the_next_burn_is_seen_at_once(bench):
    bench.light.success(NOW)
    bench.load(BURNT)
    assert shown(bench) == "purple"


def test_an_error_ends_the_work_that_failed(bench):
    bench.load(RAN)
    bench.light.step(NOW - 1000)
    bench.load(None)
    bench.light.error(NOW - AMBER_AFTER, 1)
    assert shown(bench) == "amber"


@pytest.mark.parametrize("duration", [1, 120, 545, 700])
def test_work_of_any_length_is_seen_as_at_least_two_blinks(bench, duration):
    bench.load(RAN)
    phases = bench.run(NOW, NOW + duration + 1000, loads_until=NOW + duration)
    blinks = [length for colour, length in phases if colour == "blue"]
    assert len(blinks) >= 2
    assert all(length >= 50 for length in blinks)
    assert phases[-1][0] == "off"
    assert phases[-1][1] >= 500


def test_success_is_green_for_two_seconds(bench):
    bench.light.success(NOW)
    assert bench.run(NOW, NOW + 5000) == [("green", 2000), ("off", 3000)]


def test_work_blinks_without_end(bench):
    bench.load(BURNT)
    phases = bench.run(NOW, NOW + 10000)
    assert [colour for colour, _ in phases] == ["purple", "off"] * (len(phases) // 2)
    assert all(50 <= length <= 250 for _, length in phases)


@pytest.mark.parametrize("number", range(1, 6))
def test_an_error_is_rapid_red_and_then_its_class_in_slow_amber_every_three_seconds(bench, number):
    bench.light.error(NOW, number)
    once = bench.run(NOW, NOW + 3000)
    blinks = [(colour, length) for colour, length in once if colour != "off"]
    reds = [length for colour, length in blinks if colour == "red"]
    ambers = [length for colour, length in blinks if colour == "amber"]
    assert blinks == [("red", length) for length in reds] + [("amber", length) for length in ambers]
    assert len(ambers) == number
    assert len(reds) >= 3
    assert max(reds) * 3 <= min(ambers)
    assert once[-1][0] == "off"
    for later in range(1, 20):
        assert bench.run(NOW + 3000 * later, NOW + 3000 * (later + 1)) == once


def test_the_heartbeat_dips_shortly_once_a_second(bench):
    bench.playing.runs(FILE)
    assert bench.run(100000, 103000) == [("off", 100), ("red", 900)] * 3


def test_a_flash_is_short(bench):
    bench.light.flash(NOW)
    (flash, _) = bench.run(NOW, NOW + 500)
    assert flash[0] == "white"
    assert flash[1] <= 100


@pytest.mark.parametrize("before_wrap", [1, 100, 450, 1500])
def test_the_rhythm_of_an_error_and_the_length_of_a_success_survive_the_wrap_of_the_clock(bench, before_wrap):
    start = ticks.PERIOD - before_wrap
    bench.light.error(start, 4)
    assert len([colour for colour, _ in bench.run(start, start + 3000) if colour == "amber"]) == 4
    bench.light.success(start)
    assert bench.run(start, start + 2500)[0] == ("green", 2000)


def test_the_pixel_is_written_only_when_its_colour_changes(bench):
    bench.run(NOW, NOW + 5000)
    assert len(bench.pixel.log) == 1
    bench.run(NOW + 5000, NOW + 10000)
    assert bench.pixel.log == []
