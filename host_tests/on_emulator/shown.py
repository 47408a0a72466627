# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the light said, in states that two boards of different pace must have in common, each with its rhythm."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from host_tests.demo.light import Colour, colour_name

RAPID_MS = 95  # a rapid blink, made longer by a look at the drive
PATTERN_MS = 2900  # an error's pattern that went on for so long has been shown whole
LEAD_MS = 750  # from its first red to its first amber
IN_PATTERN_MS = 600  # the longest pause within one
APART_MS = 1200  # dark for so long: something else begins
BEAT_MS = 1200  # red for so long is no heartbeat
# By how much times may differ: a turn of the loop takes up to 14 ms, one with a block on the bus more.
SHARE, SLACK_MS = 0.35, 25


class State(NamedTuple):
    """`what`: "blue", "heartbeat", "error 3", "off", ...; the colours as they were sent; for how long (ms) they were on
    and off, 0 where that cannot be told because something else began; `reds`: the rapid blinks that begin an error's
    pattern."""

    what: str
    colours: frozenset[Colour] = frozenset()
    on: float = 0
    off: float = 0
    reds: int = 0

    def is_like(self, other: "State") -> bool:
        same = (self.what, self.colours, self.reds) == (other.what, other.colours, other.reds)
        return same and _is_near(self.on, other.on) and _is_near(self.off, other.off)

    def __str__(self) -> str:
        reds = f" after {self.reds} red" if self.reds else ""
        return f"{self.what}{reds} {sorted(self.colours)} on {self.on:.0f} ms, off {self.off:.0f} ms"


CUT = State("error ?")  # an error's pattern that was not shown whole


def _is_near(one: float, other: float) -> bool:
    return not one or not other or abs(one - other) <= SHARE * max(one, other) + SLACK_MS


class Span(NamedTuple):
    """One colour, without a break."""

    start: float
    end: float
    colour: Colour

    @property
    def ms(self) -> float:
        return self.end - self.start

    @property
    def name(self) -> str:
        return colour_name(self.colour)


def states(log: Sequence[tuple[float, Colour]], until: float) -> list[State]:
    """What a log of (ms, colour from then on) says up to that time. An error that was not shown whole counts only where
    no other one is beside it; states that repeat count once."""
    found: list[State] = []
    for state in _states(_lit(log, until), until):
        if found and state.what == found[-1].what:
            found[-1] = _longer(found[-1], state)
        elif state == CUT and found and found[-1].what.startswith("error"):
            continue
        else:
            if found and found[-1] == CUT and state.what.startswith("error"):
                found.pop()
            found.append(state)
    return found


def are_alike(some: list[State], others: list[State]) -> bool:
    return len(some) == len(others) and all(a.is_like(b) for a, b in zip(some, others, strict=True))


def _lit(log: Sequence[tuple[float, Colour]], until: float) -> list[Span]:
    ends = [*(t for t, _ in log), until][1:]
    spans = [Span(t, end, colour) for (t, colour), end in zip(log, ends, strict=True) if end > t]
    runs = [list(group) for _, group in groupby(spans, key=lambda span: span.colour)]
    return [Span(run[0].start, run[-1].end, run[0].colour) for run in runs if any(run[0].colour)]


def _is_rapid(span: Span) -> bool:
    return span.name == "red" and span.ms <= RAPID_MS


def _states(lit: list[Span], until: float) -> Iterator[State]:
    at, end, is_pattern = 0, lit[0].start if lit else 0, False
    while at < len(lit):
        if lit[at].start - end > APART_MS:
            yield State("off")
        is_pattern = _begins_pattern(lit[at:]) or (is_pattern and _is_lone_red(lit[at:]))
        size = _pattern_size(lit[at:]) if is_pattern else _run_size(lit[at:])
        before = lit[at - 1].end if at else 0
        part, at = lit[at : at + size], at + size
        after = lit[at].start if at < len(lit) else until
        state = _error(part, before, after) if is_pattern else _rhythm(part)
        yield state
        is_whole = is_pattern and state != CUT
        end = part[0].start + PATTERN_MS if is_whole else part[-1].end  # the pause at the end belongs to the pattern
    if until - end > APART_MS:
        yield State("off")


def _begins_pattern(lit: list[Span]) -> bool:
    """Amber, or rapid red more than once: what is left of a heartbeat may be as short as that."""
    if lit[0].name == "amber":
        return True
    return _is_rapid(lit[0]) and _pattern_size(lit) > 1


def _is_lone_red(lit: list[Span]) -> bool:
    """After a pattern, the first blink of one that was then cut; it may be held up by a write to the drive."""
    return lit[0].name == "red" and _run_size(lit) == 1


def _pattern_size(lit: list[Span]) -> int:
    """How many spans: rapid red, then amber."""
    size = 1
    while size < len(lit) and lit[size].start - lit[size - 1].end < IN_PATTERN_MS:
        is_red = _is_rapid(lit[size]) and _is_rapid(lit[size - 1])
        if not is_red and lit[size].name != "amber":
            break
        size += 1
    return size


def _run_size(lit: list[Span]) -> int:
    """How many spans of one colour with short pauses."""
    size = 1
    while size < len(lit) and lit[size].colour == lit[0].colour and lit[size].start - lit[size - 1].end <= APART_MS:
        if _begins_pattern(lit[size:]):
            break
        size += 1
    return size


def _error(part: list[Span], before: float, after: float) -> State:
    """`before`: the end of what was on last: its first blink, too, if a heartbeat, which is red, ran into that."""
    ambers = [span for span in part if span.name == "amber"]
    reds = len(part) - len(ambers)
    if not reds or not ambers:
        return CUT
    start = ambers[0].start - LEAD_MS
    if after - start < PATTERN_MS:
        return CUT
    reds += before > start + SLACK_MS
    colours = frozenset(span.colour for span in part)
    gaps = [b.start - a.end for a, b in pairwise(ambers)]
    return State(f"error {len(ambers)}", colours, _middle(ambers), median(gaps) if gaps else 0, reds)


def _rhythm(part: list[Span]) -> State:
    """Blinks, a heartbeat, or one colour for a while."""
    gaps = [b.start - a.end for a, b in pairwise(part)]
    off = median(gaps) if len(gaps) > 1 else 0  # one alone may be that of a turn that took long
    colours = frozenset({part[0].colour})
    if part[0].name == "red":
        if max(span.ms for span in part) > BEAT_MS:
            return State("red without a dip", colours)
        whole = part[1:-1]  # it begins and ends anywhere
        return State("heartbeat", colours, _middle(whole) if whole else 0, off)
    return State(part[0].name, colours, _middle(part), off)


def _middle(part: list[Span]) -> float:
    return median(span.ms for span in part)


def _longer(one: State, other: State) -> State:
    """Of two that follow each other, what is known of either. The first pattern may have begun half way."""
    return one._replace(on=one.on or other.on, off=one.off or other.off, reds=max(one.reds, other.reds))
