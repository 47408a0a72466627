# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Asks the chip's address every two seconds: is it still there, is it there again?"""

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

    def __init__(self, bus, address, now):
        self._bus = bus
        self._address = address
        self.away = None
        self.seen(now)

    def lost(self, now, fault):
        """The chip is not there; `probe` will look for it."""
        self.away = fault
        self.seen(now)

    def seen(self, now):
        """It is known how it is about the chip: no probe for a while."""
        self._probe_at = ticks.add(now, PROBE_INTERVAL)
        self._missed = False

    def hurry(self):
        """What was known is not any more."""
        self._probe_at = None

    def due(self, now):
        """True when two seconds have passed since the chip was last seen or looked for."""
        return self._probe_at is None or ticks.reached(now, self._probe_at)

    def probe(self, now):
        """Looks whether the chip answers; returns a Fault if it does not, or fails to do so for another reason than
        before, and None if all is as it was or `away` has become None.

        A chip that was there is missed only if a second probe finds the same, which is due at once.
        """
        fault = self._ask()
        away, missed = self.away, self._missed
        self.seen(now)
        if fault is None:
            self.away = None
        elif fault.code in AWAY:
            if away is None and not missed:
                self._missed = True
                self.hurry()
            elif away is None or fault.code != away.code:
                self.away = fault
                return fault
        return None

    def scan(self):
        """Generator: one address per step; returns the others that answer, None if the bus fails."""
        found = []
        try:
            for address in range(FIRST_ADDRESS, LAST_ADDRESS + 1):
                if address != self._address and self._bus.answers(address):
                    found.append(address)
                yield
        except Fault:
            return None
        return found

    def _ask(self):
        try:
            return None if self._bus.answers(self._address) else Fault(ADDRESS_NAK)
        except Fault as fault:
            return fault
