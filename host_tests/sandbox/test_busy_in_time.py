# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Nothing slow happens while a PC's request may arrive unseen: the app's turns, with parts that only take notes."""

from types import SimpleNamespace

import pytest

from sandbox import pc_turn, ticks
from sandbox.app import App
from sandbox.pc_turn import PcTurn

TIMEOUT = 10
LOOK, JOB = "look at the drive", "step of the uploader"


class Parts:
    """What an App is made of. `log` has what they did; `now` is the clock."""

    def __init__(self) -> None:
        self.now = 0
        self.log: list[str] = []
        self.active = self.due = self.light_changes = False
        self.job = 0  # turns it still takes
        self.bridge = SimpleNamespace(
            requests=0, busy=False, used=lambda: self.active, poll=lambda: None,
            let_go=lambda: self.log.append("let go"),
            occupy=lambda: self.log.append("occupy"), free=lambda: self.log.append("free"),
        )  # fmt: skip
        port = SimpleNamespace(poll=lambda bridge: None, catch=lambda: False)
        self.light = SimpleNamespace(
            changes=lambda now: self.light_changes, show=lambda: self.log.append("light"),
            step=lambda now: self.log.append("light"), flash=lambda now: None,
        )  # fmt: skip
        self.uploader = SimpleNamespace(step=self._step, wake=lambda: None, give_way=lambda: True, at_rest=True)
        drive = SimpleNamespace(due=lambda now: self.due, look=self._look)
        console = SimpleNamespace(poll=lambda: None)
        chip = SimpleNamespace(watch_due=lambda now: False)
        turn = PcTurn(lambda: self.now, self.bridge, port, self.uploader, chip, self.light, TIMEOUT)
        self.app = App(lambda: self.now, None, None, drive, self.uploader, self.light, console, turn)

    def _look(self, now: int) -> None:
        self.log.append(LOOK)
        self.due = False

    def _step(self) -> None:
        if self.job:
            self.log.append(JOB)
            self.job -= 1
            self.uploader.at_rest = not self.job

    def turn(self, at: int | None = None) -> list[str]:
        """What the parts did in one turn."""
        self.now = self.now + 1 if at is None else at
        before = len(self.log)
        self.app.poll()
        return self.log[before:]

    def request(self, at: int) -> list[str]:
        self.bridge.requests += 1
        return self.turn(at)


@pytest.fixture
def parts() -> Parts:
    return Parts()


@pytest.fixture
def collected(monkeypatch, parts):
    monkeypatch.setattr(pc_turn, "gc", SimpleNamespace(collect=lambda: parts.log.append("collect")))


def test_the_host_sees_busy_while_the_drive_is_looked_at(parts):
    parts.due = True
    assert parts.turn() == ["occupy", LOOK]
    assert parts.turn() == ["free"]
    assert parts.turn() == []


def test_the_host_sees_busy_while_the_light_changes(parts):
    parts.light_changes = True
    assert parts.turn() == ["occupy", "light"]
    parts.light_changes = False
    assert parts.turn() == ["free"]


def test_the_host_sees_busy_as_long_as_an_upload_takes(parts):
    parts.job, parts.uploader.at_rest = 3, False
    turns = [parts.turn() for _ in range(4)]
    assert turns == [["occupy", JOB]] * 3 + [["free"]]


def test_while_the_bridge_is_active_the_light_changes_only_where_no_request_can_come(parts):
    parts.active = True
    parts.request(at=1000)
    stepped = [at for at in range(1001, 1033) if parts.turn(at) == ["light"]]
    assert stepped == [at for at in range(1001, 1033) if 2 <= (at - 1000) % 8 <= 4]


def test_requests_that_leave_no_such_moment_do_not_stop_the_light(parts):
    parts.active = parts.bridge.busy = True
    stepped = [at for at in range(1000, 1200, 8) if parts.request(at) == ["light"]]
    assert stepped == list(range(1000, 1200, 40))
    assert [parts.turn(at) for at in range(1201, 1208)] == [[]] * 7


def test_garbage_is_collected_while_a_request_is_served_and_never_after_it(parts, collected):
    """Linux asks for the status once its data is there, and takes busy for a failure."""
    parts.active = True
    for k in range(65):
        parts.request(at=8 * k)
        for at in range(8 * k + 1, 8 * k + 8):
            assert parts.turn(at) in ([], ["light"])
    assert "collect" in parts.log[-8:]
    assert parts.log.count("collect") == 1
    assert "occupy" not in parts.log


def test_garbage_of_the_files_is_collected_when_the_first_request_begins(parts, collected):
    parts.turn(990)
    parts.active = True
    assert "collect" not in parts.turn(994)  # the host has only set something: it may ask for an idle status now
    assert "collect" in parts.request(at=1000)
    assert "collect" not in parts.turn(1003)


def test_the_bridge_is_active_until_its_timeout_after_the_last_use(parts):
    parts.due = True
    parts.active = True
    parts.turn(1000)
    parts.active = False
    assert [parts.turn(at) for at in (1001, 1009)] == [[], []]
    assert parts.turn(1011) == ["let go", "occupy", LOOK]
    assert parts.turn(1012) == ["free"]


def test_an_expired_bridge_stays_so_when_the_clock_wraps(parts):
    parts.active = True
    parts.turn(ticks.PERIOD - 4)
    parts.active = False
    parts.turn(4)
    assert "let go" not in parts.log
    parts.turn(8)
    parts.turn(ticks.PERIOD - 4)
    assert parts.log.count("let go") == 1
