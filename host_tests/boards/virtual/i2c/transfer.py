# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The course of one transfer of the virtual bus: START, address, bytes up to where something stops it, STOP."""

from typing import Any, Protocol

from host_tests.boards.virtual.i2c.faults import AddressNak, Attempt, DataNak, Fault, Timeout
from host_tests.boards.virtual.i2c.lines import Levels

TIMEOUT_MS = 1000.0  # CircuitPython gives every transfer as a whole one second


class Clock(Protocol):
    """What the bus needs of a clock; wire time moves it on."""

    def now_ms(self) -> float: ...

    def advance(self, ms: float) -> None: ...


class Wires(Protocol):
    """What a transfer needs of its bus."""

    clock: Clock
    frequency: int
    targets: dict[int, Any]

    @property
    def lines(self) -> Levels: ...

    def supply(self, on: bool) -> None: ...

    def stuck(self, sda_low: bool = False, scl_low: bool = False, release_after: int | None = None) -> None: ...


class Transfer:
    """`seen`: data bytes on the wire, a refused one included; `acked`: how many of them were acknowledged."""

    def __init__(self, bus: Wires, attempt: Attempt, fault: Fault | None) -> None:
        self.bus, self.attempt, self.fault = bus, attempt, fault
        self.target: Any = bus.targets.get(attempt.address)
        self.seen = bytearray()
        self.acked = 0
        self._started = bus.clock.now_ms()

    def run(self) -> None:
        """Raises AddressNak, DataNak or Timeout."""
        if self.fault is not None and self.fault.stalls and self.fault.bytes_before(self.attempt) == 0:
            self._stall()
        if not all(self.bus.lines):
            self._time_out()
        self._spend(1 + 9)
        if self._address_refused():
            self._spend(1)
            raise AddressNak
        if self.attempt.kind == "w":
            self._write()
        else:
            self._read()
        self._spend(1)

    def _address_refused(self) -> bool:
        if self.target is None or (self.fault is not None and self.fault.refuses_address):
            return True
        asked = ("busy", "refuses_read") if self.attempt.kind == "r" else ("busy",)
        return any(getattr(self.target, name, bool)() for name in asked)

    def _write(self) -> None:
        cut = self._bytes_that_pass()
        accepts = getattr(self.target, "ack", None)
        while self.acked < cut and all(self.bus.lines):
            self._send_byte()
            if accepts is not None and not accepts(bytes(self.seen)):
                self._refuse_byte()
            self.acked += 1
        if self.fault is not None and self.fault.kind == "nak_data" and self.acked == cut:
            self._send_byte()
            self._refuse_byte()
        taken = self._deliver()
        self._stall_if_cut()
        if taken is False or (taken is not None and taken is not True and taken < self.acked):
            self.acked -= 1
            self._spend(1)
            raise DataNak(self.acked)

    def _send_byte(self) -> None:
        self.seen.append(self.attempt.data[len(self.seen)])
        self._spend_byte()

    def _refuse_byte(self) -> None:
        """The byte just sent is not acknowledged; the target gets those before it."""
        self._deliver()
        self._spend(1)
        raise DataNak(self.acked)

    def _deliver(self) -> Any:
        return self.target.write(self.attempt.data[: self.acked]) if self.acked else None

    def _read(self) -> None:
        cut, size, surplus = self._bytes_that_pass(), getattr(self.target, "read_size", 1), b""
        while self.acked < cut and all(self.bus.lines):
            surplus = surplus or bytes(self.target.read(size)) or b"\xff"
            self.seen.append(surplus[0])
            surplus = surplus[1:]
            self._spend_byte()
            self.acked += 1
        self._stall_if_cut()

    def _bytes_that_pass(self) -> int:
        """All bytes, or those before the fault, or those that fit into the second a transfer may take."""
        fits = int((self._started + TIMEOUT_MS - self.bus.clock.now_ms()) // self._byte_ms())
        before = self.attempt.length if self.fault is None else self.fault.bytes_before(self.attempt)
        return min(self.attempt.length, fits, before)

    def _stall_if_cut(self) -> None:
        if self.fault is not None and self.fault.stalls:
            self._stall()
        if self.acked < self.attempt.length or not all(self.bus.lines):
            self._time_out()

    def _stall(self) -> None:
        """The scripted trouble with the lines begins, and this transfer does not survive it."""
        assert self.fault is not None
        if self.fault.kind == "no_pull_ups":
            self.bus.supply(False)
        elif self.fault.kind != "timeout":
            sda_low = self.fault.kind == "stuck_sda"
            self.bus.stuck(sda_low, not sda_low, self.fault.release_after)
        self._time_out()

    def _time_out(self) -> None:
        self.bus.clock.advance(max(0.0, self._started + TIMEOUT_MS - self.bus.clock.now_ms()))
        raise Timeout

    def _spend(self, bits: int) -> None:
        self.bus.clock.advance(bits * 1000.0 / self.bus.frequency)

    def _byte_ms(self) -> float:
        return 9000.0 / self.bus.frequency + getattr(self.target, "stretch_us", 0) / 1000.0

    def _spend_byte(self) -> None:
        self.bus.clock.advance(self._byte_ms())
