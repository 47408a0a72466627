# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""SANDBOX_CHATTER = 1: the console tells a developer each change of state as well.

The parts know nothing of it: it looks at them from outside, after each turn. Without it nothing is loaded or spent.
"""

from fxcore.programmer import FAILED
from sandbox import ticks


class Chatter:
    """The App, and after each of its turns one sentence for each change.

    :param clock: returns the current tick
    :param say: takes a sentence; never waits
    :param pc_turn: None in the variant without USB HID
    """

    def __init__(self, app, clock, say, drive, uploader, programmer, pc_turn):
        self._app = app
        self._clock = clock
        self._say = say
        self._drive = drive
        self._uploader = uploader
        self._programmer = programmer
        self._pc_turn = pc_turn
        self._looks = 0
        self._stamps = {}
        self._job = None
        self._job_since = 0
        self._busy = False
        self._busy_since = 0
        self._active = False
        self._requests = 0
        self.shut_down = app.shut_down

    def poll(self):
        """One turn of the App, and what it has changed."""
        self._app.poll()
        now = self._clock()
        if self._looks != self._drive.looks:
            self._looks = self._drive.looks
            self._tell_drive()
        if self._busy != self._programmer.busy:
            self._tell_chip(now)
        if self._job != self._uploader.subject:
            self._tell_job(now)
        if self._pc_turn is not None and self._active != self._pc_turn.active:
            self._tell_bridge()

    def _tell_drive(self):
        for watch in self._drive.watches:
            if self._stamps.get(watch.name) != watch.stamp:
                self._stamps[watch.name] = watch.stamp
                found = "is gone" if watch.stamp is None else "has {} bytes".format(watch.stamp[0])
                self._say("drive: {} {}".format(watch.name, found))

    def _tell_job(self, now):
        if self._job is not None:
            self._say("job: {} ended after {} ms".format(self._job, ticks.age(now, self._job_since)))
        self._job = self._uploader.subject
        self._job_since = now
        if self._job is not None:
            self._say("job: {} begun".format(self._job))

    def _tell_chip(self, now):
        self._busy = self._programmer.busy
        if self._busy:
            self._busy_since = now
            return
        outcome = self._programmer.outcome
        if outcome == FAILED:
            fault = self._programmer.fault
            outcome = "failed, {} ({})".format(fault.code, fault.detail)
        blind = ", without its status" if self._programmer.blind else ""
        self._say("chip: {} after {} ms{}".format(outcome, ticks.age(now, self._busy_since), blind))

    def _tell_bridge(self):
        self._active = not self._active
        if self._active:
            self._say("bridge: active")
            return
        self._say("bridge: idle, requests: {}".format(self._pc_turn.requests - self._requests))
        self._requests = self._pc_turn.requests
