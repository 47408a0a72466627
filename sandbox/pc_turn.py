# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The PC's part of a turn. What its programs ask is answered between two parts of a turn, and then it is true: so
nothing has to be shown, hurried or put off for it. Loaded only with the bridge.
"""

import gc

from sandbox import ticks

# A burst of PC commands flashes at most ten times a second.
FLASH_INTERVAL = 100
# Requests follow each other a few ms apart: so long the next one is waited for, and so long the rest of the turn waits.
STAY, STAY_MOST = 4, 25
WATCH = 20  # looks between two looks at the clock
# The chip is looked for when no request has come for so long.
SILENCE = 50
# A request leaves 0.4 KB of garbage. It is collected, which takes 12 ms, when so many are over and no other follows.
GARBAGE = 64


class PcTurn:
    """:param bridge: a ft260.bridge.Bridge
    :param port: its ft260.port.Port
    :param uploader: gives way to the PC
    :param chip: is looked after when the PC is silent
    :param int timeout: ms without a request after which the bridge is not `active` any more
    """

    def __init__(self, clock, bridge, port, uploader, chip, light, timeout):
        self._clock = clock
        self._bridge = bridge
        self._port = port
        self._uploader = uploader
        self._chip = chip
        self._light = light
        self._timeout = timeout
        self._idle = ticks.Timer(clock)
        self._used_at = self._flashed_at = clock()
        self._flashed = self._tidied = 0  # requests until then
        self._has_bus = False  # the uploader has given way
        self.active = False

    @property
    def requests(self):
        """Read and write requests so far."""
        return self._bridge.requests

    def poll(self):
        """The bridge comes first. Returns True while it is active: then nobody else uses bus or drive."""
        if self._bridge.busy or self._port.watch(1):
            self.look()
        if self._bridge.used():
            self._serve()
        elif not self.active:
            return False
        elif self._idle.over:
            self.active = self._has_bus = False
            self._bridge.let_go()
            return False
        self._has_bus = self._has_bus or self._uploader.give_way()
        now = self._clock()
        if self._has_bus and ticks.age(now, self._used_at) >= SILENCE and self._chip.watch_due(now):
            self._chip.watch(now)
        self._light.step(now)
        return True

    def look(self):
        """Takes what the host has sent, serves it, and lets its next question in. For long turns more than once."""
        port, bridge = self._port, self._bridge
        port.receive(bridge)
        if self._has_bus and bridge.busy:
            bridge.poll()
        port.answer(bridge)

    def close(self):
        """The program ends: nobody looks any more."""
        self._port.close()

    def _serve(self):
        """While requests follow each other nothing else is done, for a while."""
        clock, bridge, watch = self._clock, self._bridge, self._port.watch
        start = last = clock()
        self.active = True
        self._flash(start)
        while self._has_bus:
            if bridge.busy or watch(WATCH):
                self.look()
                now = clock()
                if bridge.used():
                    last = now
                if ticks.age(now, start) >= STAY_MOST:
                    break
            elif ticks.age(clock(), last) >= STAY:
                self._tidy()
                break
        self._used_at = last
        self._idle.start(self._timeout)

    def _tidy(self):
        if self._bridge.requests - self._tidied >= GARBAGE:
            self._tidied = self._bridge.requests
            gc.collect()

    def _flash(self, now):
        if self._flashed != self._bridge.requests and ticks.age(now, self._flashed_at) >= FLASH_INTERVAL:
            self._flashed = self._bridge.requests
            self._flashed_at = now
            self._light.flash(now)
