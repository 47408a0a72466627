# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The emulated board's I2C bus on GP0 and GP1: targets, lines and a log."""

from typing import Any, NamedTuple

from host_tests.boards.emulator.link import Link


class Transaction(NamedTuple):
    """One I2C transfer, from START or repeated START on."""

    t_start_ms: float
    t_end_ms: float
    addr: int
    kind: str  # "w" or "r"
    data: bytes  # every byte on the wire after the address, refused ones included
    address_ack: bool
    acked: int  # data bytes acknowledged
    stop: bool  # False: ended by a repeated START (or by a reset of the controller)
    bit_banged: bool  # done by firmware on the pins, not by the I2C controller

    # The virtual board's names for the same things.
    @property
    def t_ms(self) -> float:
        return self.t_start_ms

    @property
    def address(self) -> int:
        return self.addr

    @property
    def result(self) -> str:
        if not self.address_ack:
            return "address NAK"
        return "ok" if self.acked == len(self.data) else f"data NAK at byte {self.acked}"

    def __str__(self) -> str:
        refused = f" data NAK after {self.acked}" if self.acked < len(self.data) else ""
        end = ("" if self.address_ack else " address NAK") or refused
        return f"{self.kind} 0x{self.addr:02x} [{self.data.hex(' ')}]{end}{'' if self.stop else ' no stop'}"


class I2c:
    """A target is any object with

        write(data)   None or True: taken; False: refused; int: so many bytes taken
        read(n)       the next bytes it sends (n; more are kept for the same transfer, after fewer it is asked again)

    and optionally

        busy()        True refuses the address
        ack(data)     False refuses the last byte of `data`, all bytes of this write so far
        read_size     the n that read() is called with, 1 by default
        stretch_us    clock stretching added to each byte

    README.md says when each is called. Addresses without a target are not acknowledged. Set `board.i2c.log` aside by
    its length: it only grows.
    """  # fmt: skip

    def __init__(self, link: Link) -> None:
        self._link = link
        self.targets: dict[int, Any] = {}
        self.log: list[Transaction] = []

    def attach(self, addr: int, target: object) -> None:
        self.targets[addr] = target
        self._link.call(
            "i2cAttach", address=addr, busy=hasattr(target, "busy"), ack=hasattr(target, "ack"),
            readSize=getattr(target, "read_size", 1), stretchUs=getattr(target, "stretch_us", 0),
        )  # fmt: skip

    def detach(self, addr: int) -> None:
        del self.targets[addr]
        self._link.call("i2cDetach", address=addr)

    def stuck(self, sda_low: bool = False, scl_low: bool = False, release_after: int | None = None) -> None:
        """Holds lines low from outside; stuck() releases both. `release_after` SCL pulses make SDA free."""
        self._link.call("i2cStuck", sda=sda_low, scl=scl_low, releaseAfter=release_after or 0)

    def supply(self, on: bool) -> None:
        """The bus's 3.3 V: without it both lines are low, and targets with power_off() / power_on() lose power."""
        for target in self.targets.values():
            getattr(target, "power_on" if on else "power_off", bool)()
        self.stuck(not on, not on)

    def answer(self, question: dict[str, Any]) -> Any:
        """What a target says to the emulator."""
        target = self.targets[question["address"]]
        data = bytes.fromhex(question.get("data") or "")
        if question["ask"] == "busy":
            return bool(target.busy())
        if question["ask"] == "ack":
            return bool(target.ack(data))
        if question["ask"] == "read":
            return bytes(target.read(question["count"])).hex()
        taken = target.write(data)
        return len(data) if taken is None or taken is True else int(taken)

    def record(self, fields: dict[str, Any]) -> Transaction:
        """Logs a transfer that the emulator reports."""
        done = Transaction(
            fields["start"], fields["end"], fields["address"], "r" if fields["reading"] else "w",
            bytes.fromhex(fields["data"]), fields["addressAck"], fields["acked"], fields["stop"], fields["bitBanged"],
        )  # fmt: skip
        self.log.append(done)
        return done
