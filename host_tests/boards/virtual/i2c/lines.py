# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""SDA and SCL as wires: who holds them low, and what a bit-banging controller says on them.

A wire is high only with pull-ups and nobody holding it low. The decoder understands START, STOP, repeated START,
addresses, written and read bytes: bus recovery (nine SCL pulses and a STOP) and hand-made transfers reach the targets.
"""

from collections.abc import Callable
from typing import Any, NamedTuple


class Levels(NamedTuple):
    sda: bool
    scl: bool


class BitBanged(NamedTuple):
    """A finished bit-banged transfer; `acked` counts acknowledged data bytes."""

    t_ms: float
    kind: str
    address: int
    data: bytes
    address_ack: bool
    acked: int
    stop: bool


class Lines:
    """`levels` of both wires; `pulses`: falling edges of SCL seen since hold() was called."""

    def __init__(
        self, targets: dict[int, Any], now_ms: Callable[[], float], finished: Callable[[BitBanged], None]
    ) -> None:
        self._pull_ups = True
        self._controller = Levels(True, True)
        self._held = Levels(False, False)
        self._release_after: int | None = None
        self._decoder = _Decoder(targets, now_ms, finished)
        self.pulses = 0
        self.levels = Levels(True, True)

    def drive(self, sda: bool | None = None, scl: bool | None = None) -> Levels:
        """The controller lets go of a line (True) or pulls it low (False); None leaves it. Returns the levels."""
        was = self._controller
        self._controller = Levels(was.sda if sda is None else bool(sda), was.scl if scl is None else bool(scl))
        return self._settle()

    def hold(self, sda_low: bool, scl_low: bool, release_after: int | None = None) -> None:
        """Something else holds lines low; with `release_after` it lets go of SDA after so many SCL pulses."""
        self._held, self._release_after, self.pulses = Levels(sda_low, scl_low), release_after, 0
        self._impose()

    def set_pull_ups(self, present: bool) -> None:
        self._pull_ups = present
        self._impose()

    def _impose(self) -> None:
        """The wires move, but not as part of anything a controller says."""
        self.levels = Levels(self._level("sda"), self._level("scl"))

    def _settle(self) -> Levels:
        """Moves the wires where all together pull them; the decoder sees each edge the controller made, SCL last."""
        for line in ("sda", "scl"):
            level = self._level(line)
            if level != getattr(self.levels, line):
                self.levels = self.levels._replace(**{line: level})
                self._edge(line, level)
        self._impose()  # with an SCL edge a target may have answered, or whoever held SDA let go
        return self.levels

    def _level(self, line: str) -> bool:
        held = getattr(self._held, line) or (line == "sda" and self._decoder.sda_low)
        return self._pull_ups and getattr(self._controller, line) and not held

    def _edge(self, line: str, level: bool) -> None:
        if line == "sda":
            self._decoder.sda_edge(level, self.levels.scl)
            return
        if not level:
            self.pulses += 1
            if self._release_after is not None and self.pulses >= self._release_after:
                self._held = self._held._replace(sda=False)
        self._decoder.scl_edge(level, self.levels.sda)


class _Decoder:
    """One bit-banged transfer at a time, at the edges of the wires; `sda_low`: a target pulls SDA."""

    def __init__(
        self, targets: dict[int, Any], now_ms: Callable[[], float], finished: Callable[[BitBanged], None]
    ) -> None:
        self._targets, self._now_ms, self._finished = targets, now_ms, finished
        self.sda_low = False
        self._phase = "idle"  # idle, address, write, read, ignore
        self._bits = self._shift = self._out = 0
        self._surplus = b""
        self._open(0.0)

    def _open(self, started: float) -> None:
        self._started, self._header, self._address_ack = started, -1, False
        self._data, self._acked, self._more = bytearray(), 0, False
        self._target: Any = None

    def sda_edge(self, level: bool, scl: bool) -> None:
        if not scl:
            return
        self._close(stop=level)
        if not level:
            self._open(self._now_ms())
        self._phase, self._bits, self._shift = ("idle" if level else "address"), 0, 0

    def scl_edge(self, level: bool, sda: bool) -> None:
        if self._phase == "idle":
            return
        if level:
            self._rise(sda)
        elif self._bits < 8:
            self._next_out_bit()
        elif self._bits == 8:
            self._answer()
        else:
            self._next_byte()

    def _rise(self, sda: bool) -> None:
        self._bits += 1
        if self._bits <= 8:
            self._shift = (self._shift << 1 | sda) & 0xFF
        elif self._phase == "read":
            self._more = not sda

    def _answer(self) -> None:
        """The ninth bit begins: the target acknowledges, or in a read lets the controller do so."""
        ack = False
        if self._phase == "address":
            ack = self._address_ack = self._call(self._shift)
        elif self._phase == "write":
            self._data.append(self._shift)
            accepts = getattr(self._target, "ack", None)
            ack = accepts is None or bool(accepts(bytes(self._data)))
            self._acked += ack
        self.sda_low = ack

    def _call(self, header: int) -> bool:
        self._header, self._target = header, self._targets.get(header >> 1)
        asked = ("busy", "refuses_read") if header & 1 else ("busy",)
        return self._target is not None and not any(getattr(self._target, name, bool)() for name in asked)

    def _next_byte(self) -> None:
        """The ninth bit is over."""
        self.sda_low = False
        if self._phase == "address" and self._address_ack:
            self._phase, self._surplus = ("read" if self._header & 1 else "write"), b""
        elif self._phase != "write" or self._acked < len(self._data):
            self._phase = "read" if self._phase == "read" and self._more else "ignore"
        self._bits = self._shift = 0
        if self._phase == "read":
            self._load()

    def _load(self) -> None:
        self._surplus = self._surplus or bytes(self._target.read(getattr(self._target, "read_size", 1))) or b"\xff"
        self._out, self._surplus = self._surplus[0], self._surplus[1:]
        self._data.append(self._out)
        self._next_out_bit()

    def _next_out_bit(self) -> None:
        if self._phase == "read":
            self.sda_low = not self._out >> (7 - self._bits) & 1

    def _close(self, stop: bool) -> None:
        """STOP or repeated START: hands a write over and reports the transfer, if an address was sent at all."""
        if self._phase == "idle" or self._header < 0:
            return
        reading = bool(self._header & 1)
        if not reading and self._acked:
            self._target.write(bytes(self._data[: self._acked]))
        acked = len(self._data) if reading else self._acked
        report = "r" if reading else "w", self._header >> 1, bytes(self._data), self._address_ack, acked, stop
        self._finished(BitBanged(self._started, *report))
