# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual I2C bus: targets, wire time, scripted faults, line levels and a log.

Targets have the interface of the emulator's I2C targets, so one object serves both:

    write(data)     once per write that carried data, with its acknowledged bytes, at its end;
                    False or a number below len(data) refuses the last byte
    read(n)         at least n bytes, n = read_size; asked again whenever the bus needs more; none at all reads 0xFF
    busy()          optional: True refuses the address
    ack(data)       optional: False refuses the last byte of `data`, all bytes of this write so far
    read_size       optional, 1 by default
    stretch_us      optional: clock stretching added to each byte
    refuses_read()  optional, this bus only: True refuses the address of a read

A transfer raises one of the I2CError classes; turning them into the firmware's errno is the busio stand-in's business.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from host_tests.boards.virtual.i2c.faults import (
    FOREVER,
    AddressNak,
    Attempt,
    DataNak,
    Fault,
    I2CError,
    NoPullUps,
    Timeout,
)
from host_tests.boards.virtual.i2c.lines import BitBanged, Levels, Lines
from host_tests.boards.virtual.i2c.transfer import TIMEOUT_MS, Clock, Transfer

__all__ = [
    "FOREVER",
    "TIMEOUT_MS",
    "AddressNak",
    "Attempt",
    "Bus",
    "Clock",
    "DataNak",
    "Fault",
    "I2CError",
    "Levels",
    "NoPullUps",
    "Timeout",
    "Transaction",
]


class Transaction(NamedTuple):
    """One transfer from START or repeated START on. The properties are the emulator's names for the same things."""

    t_ms: float
    kind: str  # "w" or "r"
    address: int
    data: bytes  # every byte on the wire after the address, a refused one included
    result: str  # "ok", "address NAK", "data NAK at byte k" or "timeout"
    t_end_ms: float
    acked: int  # data bytes acknowledged
    stop: bool = True  # False: ended by a repeated START
    bit_banged: bool = False

    @property
    def t_start_ms(self) -> float:
        return self.t_ms

    @property
    def addr(self) -> int:
        return self.address

    @property
    def address_ack(self) -> bool:
        return self.result != "address NAK"

    def __str__(self) -> str:
        end = "" if self.stop else ", no stop"
        return f"{self.kind} 0x{self.address:02x} [{self.data.hex(' ')}] {self.result}{end}"


class Bus:
    """`frequency` in Hz, `targets` by address, `log` of Transactions, `faults` as scripted.

    `on_transaction(transaction)` is called after each transfer, if set.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.frequency = 100_000
        self.targets: dict[int, Any] = {}
        self.faults: list[Fault] = []
        self.log: list[Transaction] = []
        self.on_transaction: Callable[[Transaction], None] | None = None
        self._wires = Lines(self.targets, clock.now_ms, self._bit_banged)

    # ---- what is connected ----
    def attach(self, address: int, target: object) -> None:
        self.targets[address] = target

    def detach(self, address: int) -> None:
        del self.targets[address]

    def supply(self, on: bool) -> None:
        """The pedal's 3.3 V: without it there are no pull-ups, and targets with power_off() / power_on() lose power."""
        self._wires.set_pull_ups(on)
        for target in self.targets.values():
            getattr(target, "power_on" if on else "power_off", bool)()

    # ---- the lines ----
    @property
    def lines(self) -> Levels:
        """Levels (sda, scl) now; True is high."""
        return self._wires.levels

    def drive(self, sda: bool | None = None, scl: bool | None = None) -> Levels:
        """A controller that bit-bangs lets go of a line (True) or pulls it low (False); None leaves it as it is."""
        return self._wires.drive(sda, scl)

    def stuck(self, sda_low: bool = False, scl_low: bool = False, release_after: int | None = None) -> None:
        """Holds lines low from outside; stuck() releases both. `release_after` SCL pulses make SDA free."""
        self._wires.hold(sda_low, scl_low, release_after)

    # ---- scripted faults ----
    def fault(
        self,
        kind: str,
        step: int = 0,
        match: Callable[[Attempt], bool] | None = None,
        at_byte: int | None = None,
        times: float | None = None,
        release_after: int | None = None,
    ) -> Fault:
        """Scripts a fault for the `step`-th of the coming transfers (0: the next) that `match`, and `times` in all (1).

        | kind | effect |
        | --- | --- |
        | nak_address | the address is refused |
        | absent | the same, FOREVER unless `times` is given |
        | nak_data | data byte `at_byte` of a write is refused (default: the last one) |
        | timeout | stalls for a second; the bytes before `at_byte` have arrived (default: none) |
        | stuck_sda, stuck_scl | before `at_byte` the line goes low and stays so: see stuck() and `release_after` |
        | no_pull_ups | before `at_byte` the supply fails; supply(True) brings it back |

        A transfer too short for `at_byte` is not counted. at_byte = length: everything has arrived, but it fails.
        """
        made = Fault(kind, step, match, at_byte, times, release_after)
        self.faults.append(made)
        return made

    def clear_faults(self) -> None:
        self.faults.clear()

    # ---- transfers ----
    def open(self, frequency: int = 100_000) -> None:
        """What constructing busio.I2C does: sets the speed. Raises NoPullUps when a line is low."""
        if not all(self.lines):
            raise NoPullUps
        self.frequency = frequency

    def write(self, address: int, data: bytes) -> None:
        """START to STOP. Raises AddressNak, DataNak or Timeout. Without data only the address is sent."""
        self._transfer("w", address, bytes(data), len(data))

    def read(self, address: int, n: int) -> bytes:
        """START to STOP, n bytes. Raises AddressNak or Timeout."""
        return self._transfer("r", address, b"", n)

    def write_then_read(self, address: int, data: bytes, n: int) -> bytes:
        """A write, a repeated START and a read: two transactions in the log."""
        self._transfer("w", address, bytes(data), len(data), stop=False)
        return self._transfer("r", address, b"", n)

    def probe(self, address: int) -> bool:
        """Does anybody acknowledge the address? Raises Timeout on a stuck bus."""
        try:
            self.write(address, b"")
        except AddressNak:
            return False
        return True

    def _transfer(self, kind: str, address: int, data: bytes, length: int, stop: bool = True) -> bytes:
        attempt = Attempt(kind, address, data, length)
        struck = [fault for fault in self.faults if fault.strikes(attempt)]
        transfer = Transfer(self, attempt, struck[0] if struck else None)
        started, result = self.clock.now_ms(), "ok"
        try:
            transfer.run()
        except I2CError as error:
            result, stop = str(error), True
            raise
        finally:
            ended, seen = self.clock.now_ms(), bytes(transfer.seen)
            bit_banged = kind == "w" and not data  # the firmware sends zero-length writes through the pins
            self._record(Transaction(started, kind, address, seen, result, ended, transfer.acked, stop, bit_banged))
        return seen

    def _bit_banged(self, done: BitBanged) -> None:
        refused = f"data NAK at byte {done.acked}" if done.acked < len(done.data) else "ok"
        result = refused if done.address_ack else "address NAK"
        ended = self.clock.now_ms()
        self._record(
            Transaction(done.t_ms, done.kind, done.address, done.data, result, ended, done.acked, done.stop, True)
        )

    def _record(self, transaction: Transaction) -> None:
        self.log.append(transaction)
        if self.on_transaction is not None:
            self.on_transaction(transaction)
