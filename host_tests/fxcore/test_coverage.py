# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Coverage, the set of filled byte positions, against a Python set."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fxcore.coverage import Coverage

LENGTH = 700


@st.composite
def runs(draw, longest=LENGTH) -> tuple[int, int]:
    """start, end: one position at least."""
    start = draw(st.integers(0, LENGTH - 1))
    return start, draw(st.integers(start + 1, min(LENGTH, start + longest)))


@settings(deadline=None, max_examples=200)
@given(added=st.lists(runs(longest=256), max_size=12), asked=st.lists(runs(), min_size=1, max_size=12))
def test_it_answers_as_a_set_does(added, asked):
    coverage, model = Coverage(LENGTH), set()
    for start, end in added:
        coverage.add(start, end)
        model |= set(range(start, end))
        for at in {max(start - 1, 0), start, end - 1, min(end, LENGTH - 1)}:
            assert bool(coverage.has(at)) == (at in model)
    for start, end in asked:
        run = range(start, end)
        assert bool(coverage.any(start, end)) == any(at in model for at in run)
        assert bool(coverage.all(start, end)) == all(at in model for at in run)
        assert coverage.last(end) == max((at for at in model if at < end), default=-1)


@settings(deadline=None, max_examples=50)
@given(added=st.lists(runs(longest=256), max_size=5), again=runs(longest=256))
def test_cleared_it_is_as_new(added, again):
    used, new = Coverage(LENGTH), Coverage(LENGTH)
    for run in added:
        used.add(*run)
    used.clear()
    assert not any(used.has(at) for at in range(LENGTH))
    for coverage in (used, new):
        coverage.add(*again)
    assert [bool(used.has(at)) for at in range(LENGTH)] == [bool(new.has(at)) for at in range(LENGTH)]


def test_every_short_run_at_every_place():
    for start in range(20):
        for end in range(start + 1, 40):
            coverage = Coverage(40)
            coverage.add(start, end)
            assert [at for at in range(40) if coverage.has(at)] == list(range(start, end))
            assert coverage.all(start, end)
            assert coverage.last(40) == end - 1
            assert not coverage.any(0, start) if start else True
            assert not coverage.any(end, 40) if end < 40 else True


def test_one_position_alone_and_one_missing_position_are_seen_by_every_run():
    length = 40
    for place in range(length):
        alone, but_one = Coverage(length), Coverage(length)
        alone.add(place, place + 1)
        for start, end in ((0, place), (place + 1, length)):
            if start < end:
                but_one.add(start, end)
        for start in range(length):
            for end in range(start + 1, length + 1):
                inside = start <= place < end
                assert bool(alone.any(start, end)) == inside
                assert bool(but_one.all(start, end)) != inside


def test_a_length_that_is_no_multiple_of_eight():
    coverage = Coverage(4730)
    coverage.add(4729, 4730)
    assert coverage.last(4730) == 4729
    assert coverage.last(4729) == -1
    assert not coverage.has(4728)
