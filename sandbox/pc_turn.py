# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The PC's part of a turn: its requests are served, and the host never takes an old status for the answer.

The host must see "busy" within half a millisecond of its request. So what takes longer is done while it sees that
anyway, or when no request can come, or after `occupy`. Loaded only with the bridge.
"""

import gc

from sandbox import ticks

# A pixel write costs 2 ms: a burst of PC commands flashes at most ten times a second.
FLASH_INTERVAL = 100
# The host's requests come at a multiple of 8 ms after each other (CircuitPython's bInterval): in these ms between two
# of them there is time for a pixel write.
HID_INTERVAL = 8
QUIET_FROM, QUIET_TO = 2, 4
# Requests may leave no such moment, then the light is written while the host sees one of them as busy anyway.
LIGHT_PATIENCE = 40
# A request leaves 0.4 KB of garbage. Collecting takes 11 ms: it must not come by itself while a request may arrive, nor
# show busy after one: Linux takes that for the failure of a read. So it is done when a request begins.
GARBAGE = 64
# The chip is looked for when no request has come for so long.
SILENCE = 50


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
        self.active = False
        self.requests = self._tidied = 0
        self._arrived = self._flashed_at = self._lit_at = clock()
        self._occupied = False

    def poll(self):
        """The bridge comes first. Returns True while it is active: then nobody else uses bus or drive."""
        bridge, port = self._bridge, self._port
        port.poll(bridge)
        now = self._clock()
        if not self._is_active():
            bridge.poll()
            port.catch()
            self._tidied = self.requests - GARBAGE  # the files leave garbage too: it is due at the first request
            return False
        if bridge.requests != self.requests:
            self._begin_request(now)
        elif not bridge.busy and QUIET_FROM <= (now - self._arrived) % HID_INTERVAL <= QUIET_TO:
            self._step_light(now)
        port.catch()
        if self._uploader.give_way():
            bridge.poll()
            if not bridge.busy and ticks.age(now, self._arrived) >= SILENCE and self._chip.watch_due(now):
                self.occupy(True)
                self._chip.watch(now)
                self.occupy(False)
        port.catch()
        return True

    def _is_active(self):
        """True until the timeout after the last request, reset or clock setting."""
        if self._bridge.used():
            self.active = True
            self._idle.start(self._timeout)
        elif self.active and self._idle.over:
            self.active = False
            self._bridge.let_go()
        return self.active

    def occupy(self, occupied):
        """Has the host see busy in a turn that takes long."""
        if occupied:
            self._bridge.occupy()
        elif self._occupied:
            self._bridge.free()
        else:
            self._port.catch()
        self._occupied = occupied

    def catch(self):
        """One more look for a request, in a turn that is long."""
        self._port.catch()

    def _begin_request(self, now):
        """The host sees busy: what has been put off for too long is done now."""
        self.requests = self._bridge.requests
        self._arrived = now
        self._flash(now)
        if ticks.age(now, self._lit_at) >= LIGHT_PATIENCE:
            self._step_light(now)
        if self.requests - self._tidied > GARBAGE:
            self._tidied = self.requests
            gc.collect()

    def _step_light(self, now):
        self._lit_at = now
        self._light.step(now)

    def _flash(self, now):
        if ticks.age(now, self._flashed_at) >= FLASH_INTERVAL:
            self._flashed_at = now
            self._light.flash(now)
