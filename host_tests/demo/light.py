# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the NeoPixel did: colours by name, rhythms in words, and how bright an eye sees them."""

from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

Colour = tuple[int, int, int]
Log = list[tuple[float, Colour]]  # (ms, colour from then on)

COLOURS: dict[str, Colour] = {
    "red": (255, 0, 0),
    "amber": (255, 80, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "purple": (160, 0, 255),
    "white": (255, 255, 255),
}
RAPID_MS, BLINK_MS = 75, 300  # on for less than this: rapid, a blink; longer: steady
DARK_MS = 2200  # within a rhythm, the pause after one amber blink is the longest: 2,050 ms
EXPOSURE = 2.5  # of the eye: a NeoPixel at 30 percent is bright


def colour_name(colour: Colour) -> str:
    """The nearest of COLOURS whatever the brightness, or "off"."""
    top = max(colour)
    if not top:
        return "off"
    full = [255 * part / top for part in colour]
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(full, COLOURS[name], strict=True)))


def on_screen(colour: Colour) -> Colour:
    """The LED's light is proportional to its values, a screen's is not (sRGB, about the power 2.2)."""
    red, green, blue = (round(255 * min(1.0, part / 255 * EXPOSURE) ** (1 / 2.2)) for part in colour)
    return red, green, blue


def history(log: Log, until: float, count: int, sample_ms: float) -> list[Colour]:
    """The last `count` samples, newest last: of each the colour that was on longest. Sample bounds stand still."""
    last = int(until // sample_ms)
    samples, at = [], len(log) - 1
    for n in range(last, last - count, -1):
        begin, end = n * sample_ms, min((n + 1) * sample_ms, until)
        shares: dict[Colour, float] = {}
        while at >= 0:
            shares[log[at][1]] = shares.get(log[at][1], 0.0) + end - max(begin, min(log[at][0], end))
            if log[at][0] <= begin:
                break
            end = min(end, log[at][0])
            at -= 1
        samples.append(max(shares, key=shares.__getitem__) if shares else (0, 0, 0))
    return samples[::-1]


class Lit(NamedTuple):
    start: float
    end: float
    colour: str

    @property
    def rhythm(self) -> str:
        ms = self.end - self.start
        return "rapid" if ms < RAPID_MS else "blink" if ms < BLINK_MS else "steady"


def _lit(log: Log, start: float, until: float) -> list[Lit]:
    """When the light was on, clipped to that time."""
    ends = [*(t for t, _ in log), until][1:]
    spans = [Lit(max(t, start), min(end, until), colour_name(c)) for (t, c), end in zip(log, ends, strict=True)]
    spans = [span for span in spans if span.end > span.start]
    same = [list(group) for _, group in groupby(spans, key=lambda span: span.colour)]
    whole = [Lit(group[0].start, group[-1].end, group[0].colour) for group in same]
    return [span for span in whole if span.colour != "off"]


def phases(log: Log, start: float, until: float) -> list[str]:
    """Between two times, in words: ["red, a dip every 1.0 s", "rapid red blinks", "1 amber blink"].

    The last one is "off" when it has been dark for longer than any rhythm is.
    """
    lit = _lit(log, start, until)
    groups = [list(group) for _, group in groupby(lit, key=lambda one: (one.colour, one.rhythm))]
    told = [_described(group) for group in _without_fragments(groups)]
    return [*told, "off"] if until - (lit[-1].end if lit else start) > DARK_MS else told


def _without_fragments(groups: list[list[Lit]]) -> list[list[Lit]]:
    """Where something else cut a rhythm short, one odd piece is left: it belongs to its neighbour of that colour."""
    joined: list[list[Lit]] = []
    for group in groups:
        before = joined[-1] if joined else []
        if before and before[0].colour == group[0].colour and (_fragment(before) or _fragment(group)):
            before.extend(group)
        else:
            joined.append(group)
    return joined


def _fragment(group: list[Lit]) -> bool:
    return len(group) == 1 and not _steady(group)


def _steady(group: list[Lit]) -> bool:
    return any(lit.rhythm == "steady" for lit in group)


def _described(group: list[Lit]) -> str:
    colour, count = group[0].colour, len(group)
    if _steady(group):
        return _described_steady(group)
    if colour == "amber":  # these are to be counted
        return f"{count} amber blink{'s' * (count != 1)}"
    if count == 1:
        return f"short {colour}"
    rapid = sum(lit.rhythm == "rapid" for lit in group) * 2 > count
    return f"{'rapid ' * rapid}{colour} blinks"


def _described_steady(group: list[Lit]) -> str:
    if len(group) == 1:
        return f"{group[0].colour} for {(group[0].end - group[0].start) / 1000:.1f} s"
    starts = [lit.start for lit in group[1:]]  # the first one may have begun out of step
    periods = [after - before for before, after in pairwise(starts)]
    every = f" every {median(periods) / 1000:.1f} s" if periods else ""
    return f"{group[0].colour}, a dip{every}"
