# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One turn of the main loop, and who owns the bus in it."""

from sandbox import ticks

# A pixel write costs 1.5 ms: a burst of PC commands flashes at most ten times a second.
FLASH_INTERVAL = 100


class App:
    """The whole device. `bridge` and `port` are None in the variant without USB HID."""

    def __init__(self, clock, bus, chip, drive, uploader, light, console, bridge, port):
        self._clock = clock
        self._bus = bus
        self._chip = chip
        self._drive = drive
        self._uploader = uploader
        self._light = light
        self._console = console
        self._bridge = bridge
        self._port = port
        self._requests = 0
        self._flashed_at = clock()

    def poll(self):
        """One turn: at most one I2C transfer, one slice of a file, one look at the drive, one pixel write."""
        if self._bridge is not None and self._serve_pc():
            # The host must see "busy" within half a millisecond of its request: so many looks.
            self._port.catch()
            self._light.step(self._clock())
            self._port.catch()
        else:
            self._uploader.step()
            if self._drive.step(self._clock()):
                self._uploader.wake()
            self._light.step(self._clock())
        self._console.poll()

    def shut_down(self):
        """Leaves the chip in RUN mode and gives the pins back. A flash write under way is finished first."""
        # The exception may have hit inside a transfer, with the bus locked: it is opened anew.
        self._bus.close()
        programmer = self._chip.programmer
        programmer.finish()
        while programmer.step():
            pass
        if programmer.outcome is None:  # it hit the sequence of a flash write itself
            programmer.abandon()
            while programmer.step():
                pass
        self._bus.close()

    def _serve_pc(self):
        """The bridge comes first. Returns True while it is active: then nobody else uses bus or drive."""
        bridge = self._bridge
        self._port.poll(bridge)
        if not bridge.active(self._clock()):
            bridge.poll(self._clock())
            return False
        self._port.catch()
        if self._uploader.give_way():
            bridge.poll(self._clock())
        self._flash()
        return True

    def _flash(self):
        now = self._clock()
        if self._requests != self._bridge.requests and ticks.age(now, self._flashed_at) >= FLASH_INTERVAL:
            self._requests = self._bridge.requests
            self._flashed_at = now
            self._light.flash(now)
