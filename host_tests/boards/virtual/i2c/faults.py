# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What can go wrong on the virtual I2C bus: the errors a transfer raises and the faults a test scripts."""

import math
from collections.abc import Callable
from typing import NamedTuple

FOREVER = math.inf
NAKS = ("nak_address", "absent", "nak_data")
STALLS = ("timeout", "stuck_sda", "stuck_scl", "no_pull_ups")


class I2CError(Exception):
    """A transfer that failed; str() is the `result` in the log."""


class AddressNak(I2CError):
    def __init__(self) -> None:
        super().__init__("address NAK")


class DataNak(I2CError):
    """`at`: index of the data byte that was refused."""

    def __init__(self, at: int) -> None:
        super().__init__(f"data NAK at byte {at}")
        self.at = at


class Timeout(I2CError):
    """The transfer had not ended after a second; the clock has moved by that second."""

    def __init__(self) -> None:
        super().__init__("timeout")


class NoPullUps(I2CError):
    """Raised by Bus.open(): a line is low although nobody drives it, as with the pedal's supply off."""

    def __init__(self) -> None:
        super().__init__("no pull-ups")


class Attempt(NamedTuple):
    """A transfer about to start, as a fault's `match` predicate sees it."""

    kind: str  # "w" or "r"
    address: int
    data: bytes  # empty for a read
    length: int  # bytes to be written or read


class Fault:
    """A scripted fault (the kinds: Bus.fault); `hits` counts the transfers it has struck."""

    def __init__(
        self,
        kind: str,
        step: int = 0,
        match: Callable[[Attempt], bool] | None = None,
        at_byte: int | None = None,
        times: float | None = None,
        release_after: int | None = None,
    ) -> None:
        if kind not in NAKS + STALLS:
            raise ValueError(f"unknown kind of fault: {kind}")
        self.kind, self.step, self.match, self.at_byte = kind, step, match, at_byte
        self.times = times if times is not None else FOREVER if kind == "absent" else 1
        self.release_after = release_after
        self.hits = 0
        self._seen = 0

    stalls = property(lambda self: self.kind in STALLS)
    refuses_address = property(lambda self: self.kind in ("nak_address", "absent"))

    def strikes(self, attempt: Attempt) -> bool:
        """Is this the transfer? Counts it as seen, and as hit if so."""
        if not self._possible(attempt) or (self.match is not None and not self.match(attempt)):
            return False
        self._seen += 1
        if self._seen <= self.step or self.hits >= self.times:
            return False
        self.hits += 1
        return True

    def _possible(self, attempt: Attempt) -> bool:
        at = self.at_byte or 0
        if self.kind == "nak_data":
            return attempt.kind == "w" and at < attempt.length
        return self.refuses_address or at <= attempt.length

    def bytes_before(self, attempt: Attempt) -> int:
        """How many data bytes pass before it happens."""
        if self.at_byte is None:
            return attempt.length - 1 if self.kind == "nak_data" else 0
        return self.at_byte
