# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Knows whether the chip answers, and says so once per outage."""

from fxcore.errors import ADDRESS_NAK, BUS_STUCK, NO_PULLUPS, Fault
from sandbox import ticks

PROBE_INTERVAL = 2000
FIRST_ADDRESS = 0x08
LAST_ADDRESS = 0x77
# With one of these the chip is not there, and is waited for.
AWAY = (ADDRESS_NAK, NO_PULLUPS, BUS_STUCK)


class Presence:
    """`away` is the Fault of the outage under way, or None.

    :param bus: `answers(address)`, raising Fault
    :param int address: the chip's
    """

    def __init__(self, bus, address):
        self._bus = bus
        self._address = address
        self._probe_at = None
        self.away = None

    def lost(self, now, fault):
        """The chip is not there; `probe` will look for it."""
        self.away = fault
        self._probe_at = ticks.add(now, PROBE_INTERVAL)

    def rest(self, now):
        """The chip has just been seen: no probe for a while."""
        self._probe_at = ticks.add(now, PROBE_INTERVAL)

    def due(self, now):
        """True when two seconds have passed since the chip was last seen or looked for."""
        return self._probe_at is None or ticks.reached(now, self._probe_at)

    def probe(self, now):
        """Looks whether the chip answers; returns None or the Fault that says why not."""
        self._probe_at = ticks.add(now, PROBE_INTERVAL)
        try:
            if self._bus.answers(self._address):
                if self.away is not None:
                    self.away = self._probe_at = None
                return None
            return Fault(ADDRESS_NAK)
        except Fault as fault:
            return fault

    def scan(self):
        """Generator: one address per step; returns a sentence about who does answer."""
        found = []
        try:
            for address in range(FIRST_ADDRESS, LAST_ADDRESS + 1):
                if self._bus.answers(address):
                    found.append("0x{:02X}".format(address))
                yield
        except Fault:
            return "the bus failed while looking for others"
        return "answering: " + ", ".join(found) if found else "no other address answers"
