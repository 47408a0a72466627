# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The PC's part of a turn: when the host is looked at, who has the bus, and when the bridge is active."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from sandbox import ticks
from sandbox.app import App
from sandbox.pc_turn import FLASH_INTERVAL, SILENCE, STAY, STAY_MOST, PcTurn

TIMEOUT = 10000
LOOK, JOB, LIGHT, FLASH = "look at the drive", "step of the uploader", "light", "flash"
WATCH_CHIP = "look for the chip"
HOST, SERVED, LET_GO, GIVE_WAY = "look at the host", "served", "let go", "gives way"


class Parts:
    """What an App is made of. `log` has what they did; `now` is the clock, which goes on a little with each look at it.

    `used`: in how many of the next looks a PC program uses the bridge; `steps`: so often it then has something to do;
    `gives_way`: turns that the uploader needs for it.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.log: list[str] = []
        self.used = self.steps = self.gives_way = 0
        self.due = False
        self.bridge = SimpleNamespace(
            requests=0, busy=False, used=self._used, poll=self._poll, let_go=lambda: self.log.append(LET_GO)
        )
        port = SimpleNamespace(
            watch=lambda count: self.used > 0, receive=self._receive, answer=lambda bridge: self.log.append(HOST)
        )
        self.light = SimpleNamespace(step=lambda now: None, flash=lambda now: self.log.append(FLASH))
        uploader = SimpleNamespace(
            step=lambda: self.log.append(JOB), wake=lambda: None, give_way=self._give_way, at_rest=True
        )
        drive = SimpleNamespace(due=lambda now: self.due, look=self._look)
        console = SimpleNamespace(poll=lambda: None)
        self.watch_due = False
        chip = SimpleNamespace(watch_due=lambda now: self.watch_due, watch=lambda now: self.log.append(WATCH_CHIP))
        self.turn = PcTurn(self._clock, self.bridge, port, uploader, chip, self.light, TIMEOUT)
        self.app = App(self._clock, None, None, drive, uploader, self.light, console, self.turn)

    def _clock(self) -> int:
        self.now += 0.25
        return int(self.now) % ticks.PERIOD

    def _used(self) -> bool:
        self.used -= self.used > 0
        return self.used > 0 or self.bridge.busy

    def _receive(self, bridge: object) -> None:
        if self.used and not self.bridge.busy:
            self.bridge.requests += 1
            self.bridge.busy = self.steps > 0

    def _poll(self) -> None:
        self.log.append(SERVED)
        self.steps -= 1
        self.bridge.busy = self.steps > 0

    def _give_way(self) -> bool:
        self.log.append(GIVE_WAY)
        self.gives_way -= self.gives_way > 0
        return not self.gives_way

    def _look(self, now: int) -> None:
        self.log.append(LOOK)
        self.due = False

    def poll(self, at: float | None = None) -> list[str]:
        """What the parts did in one turn."""
        self.now = self.now if at is None else at
        before = len(self.log)
        self.app.poll()
        return self.log[before:]


@pytest.fixture
def parts() -> Parts:
    return Parts()


def test_the_files_have_the_board_while_no_program_uses_the_bridge(parts):
    assert parts.poll() == [JOB]


def test_the_host_is_looked_at_once_more_after_a_look_at_the_drive(parts):
    parts.due = True
    assert parts.poll() == [JOB, LOOK, HOST]


def test_a_request_waits_until_the_uploader_has_given_way(parts):
    parts.used, parts.steps, parts.gives_way = 2, 1, 3
    first = parts.poll()
    assert SERVED not in first
    assert JOB not in first
    done = [*parts.poll(), *parts.poll(), *parts.poll()]
    assert done.index(SERVED) > done.index(GIVE_WAY)
    assert (GIVE_WAY in parts.poll(), JOB in parts.log) == (False, False)


def test_requests_that_follow_each_other_are_served_in_one_turn_for_a_while(parts):
    parts.used, parts.steps = 2, 1
    parts.poll()
    parts.used, parts.steps = 10_000, 10_000
    began = parts.now
    turn = parts.poll()
    assert turn.count(SERVED) > 10
    assert STAY_MOST <= parts.now - began <= STAY_MOST + 2
    parts.used = parts.steps = 0
    parts.bridge.busy = False
    began = parts.now
    parts.poll()
    assert parts.now - began <= STAY


def test_a_burst_of_requests_flashes_at_most_ten_times_a_second(parts):
    flashes = []
    for at in range(1000, 3000, 5):
        parts.used, parts.steps = 2, 1
        if FLASH in parts.poll(at):
            flashes.append(at)
    assert len(flashes) > 15
    assert all(later - earlier >= FLASH_INTERVAL for earlier, later in pairwise(flashes))


def test_the_bridge_is_active_until_its_timeout_after_the_last_use(parts):
    parts.used = 2
    parts.poll(1000)
    assert parts.turn.active
    assert JOB not in [*parts.poll(1000 + TIMEOUT / 2), *parts.poll(1000 + TIMEOUT - 1)]
    assert parts.poll(1000 + TIMEOUT + STAY + 2)[:2] == [LET_GO, JOB]
    assert not parts.turn.active


def test_the_chip_is_looked_for_when_the_program_is_silent(parts):
    parts.watch_due = True
    parts.used = 2
    parts.poll(1000)
    assert WATCH_CHIP not in [*parts.poll(1010), *parts.poll(1040)]
    assert WATCH_CHIP in parts.poll(1010 + SILENCE)


def test_an_expired_bridge_stays_so_when_the_clock_wraps(parts):
    parts.used = 2
    parts.poll(ticks.PERIOD - 1000)
    for at in (ticks.PERIOD + 1000, ticks.PERIOD + TIMEOUT, 2 * ticks.PERIOD - 1000):
        parts.poll(at)
    assert parts.log.count(LET_GO) == 1
