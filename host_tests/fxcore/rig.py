# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The programmer alone with a virtual FXCore: a bus, a clock, and everything that is said on the wire.

rig = Rig(verify="strict", chunks=True)
assert rig.run(PROGRAM) == "ran"
assert rig.writes == [b"\\x0e\\x00", b"\\x5a\\xa5", ...]
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from fxcore.errors import ADDRESS_NAK, BUS_TIMEOUT, DATA_NAK, Fault
from fxcore.program import Program
from fxcore.programmer import Programmer
from fxcore.status import Status
from host_tests.boards.hand_clock import Clock
from host_tests.boards.programs.generate import blocks, random_program, to_hex
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import Image
from host_tests.boards.virtual.i2c.bus import AddressNak, Attempt, Bus, DataNak, Timeout, Transaction
from host_tests.fxcore.reading import program_of
from sandbox import ticks

RETURN_0, EXIT, EXEC = b"\x0e\x00", b"\x5a\xa5", b"\x0d\x00"
ENTER = b"\xa5\x5a\x30"
CREG, MREG, SFR = b"\x01\x0f", b"\x04\x7f", b"\x02\x0b"
CODES = {"nak_address": ADDRESS_NAK, "nak_data": DATA_NAK, "timeout": BUS_TIMEOUT}  # of the bus's faults
TURN_MS = 0.25  # what one turn of the main loop takes
TICKS_START = ticks.PERIOD - 100

TEXT = to_hex(random_program(1, 5))
PROGRAM, IMAGE = program_of(TEXT), blocks(TEXT)
PRG = b"\x08\x04"  # five instructions
BLOCKS = (IMAGE.creg, IMAGE.mreg, IMAGE.sfr, IMAGE.program)
LOAD = (CREG, IMAGE.creg, MREG, IMAGE.mreg, SFR, IMAGE.sfr, PRG, IMAGE.program)


def program(n: int, seed: int = 2) -> tuple[Program, Image]:
    """A checked program of n instructions, and what must arrive at the chip."""
    text = to_hex(random_program(seed, n))
    return program_of(text), blocks(text)


class TickingClock(Clock):
    """Has the ticks of supervisor too, which wrap soon."""

    def ticks(self) -> int:
        return (TICKS_START + int(self.now)) % ticks.PERIOD


class Port:
    """The virtual bus as the programmer sees it. `writes`: what it wrote, acknowledged or not."""

    def __init__(self, bus: Bus, address: int) -> None:
        self._bus, self._address = bus, address
        self.writes: list[bytes] = []

    def write(self, buffer: Any) -> None:
        self.writes.append(bytes(buffer))
        self._attempt(lambda: self._bus.write(self._address, bytes(buffer)))

    def read_into(self, buffer: bytearray) -> None:
        buffer[:] = self._attempt(lambda: self._bus.read(self._address, len(buffer)))

    @staticmethod
    def _attempt(transfer: Callable[[], Any]) -> Any:
        try:
            return transfer()
        except AddressNak as error:
            raise Fault(ADDRESS_NAK) from error
        except DataNak as error:
            raise Fault(DATA_NAK) from error
        except Timeout as error:
            raise Fault(BUS_TIMEOUT) from error


class Gate:
    """A burn gate that wants everything; `calls`: what it was asked, and after how many transfers."""

    def __init__(self, bus: Bus, wanted: bool = True) -> None:
        self._bus, self._wanted = bus, wanted
        self.calls: list[tuple[str, int]] = []
        self.names: list[str] = []
        self.readable: list[bool] = []

    def _note(self, name: str) -> None:
        self.calls.append((name, len(self._bus.log)))
        self.names.append(name)

    def wants(self, status: Status | None) -> bool:
        self._note("wants")
        self.readable.append(status is not None)
        return self._wanted

    def writing(self, status: Status | None) -> None:
        self._note("writing")
        self.readable.append(status is not None)

    def written(self) -> None:
        self._note("written")


class Rig:
    """`programmer`, `bus`, `chip`, `gate`, `clock`; keywords that are no parameters are the chip's."""

    def __init__(
        self, verify: str = "auto", percent: int = 100, address: int = 0x30, wanted: bool = True, **knobs: Any
    ):
        self.clock = TickingClock()
        self.bus = Bus(self.clock)
        self.chip = VirtualFXCore(address, now_ms=self.clock.now_ms, **knobs)
        self.bus.attach(address, self.chip)
        self._port = Port(self.bus, address)
        self.programmer = Programmer(self._port, ticks.Timer(self.clock.ticks), address, verify, percent)
        self.gate = Gate(self.bus, wanted)
        self.most_transfers_in_a_step = 0

    def run(self, loaded: Program = PROGRAM) -> str:
        return self.finish(lambda: self.programmer.run(loaded))

    def burn(self, loaded: Program = PROGRAM, slot: int = 3) -> str:
        return self.finish(lambda: self.programmer.burn(loaded, slot, self.gate))

    def stop(self) -> str:
        return self.finish(self.programmer.stop)

    def identify(self) -> str:
        return self.finish(self.programmer.identify)

    def finish(self, start: Callable[[], None]) -> str:
        """Starts an operation and steps it to its outcome."""
        start()
        busy = True
        while busy:
            before = len(self.bus.log)
            busy = self.programmer.step()
            self.most_transfers_in_a_step = max(self.most_transfers_in_a_step, len(self.bus.log) - before)
            self.clock.advance(TURN_MS)
        outcome = self.programmer.outcome
        assert outcome is not None
        return outcome

    def settle(self) -> None:
        """Brings the chip into RUN mode, and forgets what was said so far."""
        self.stop()
        self.forget()

    def forget(self) -> None:
        """What was said so far does not count any more."""
        self.bus.log.clear()
        self._port.writes.clear()
        self.most_transfers_in_a_step = 0

    @property
    def fault(self) -> Fault:
        """What the operation ended with."""
        assert isinstance(self.programmer.fault, Fault)
        return self.programmer.fault

    @property
    def transfers(self) -> list[Transaction]:
        return self.bus.log

    @property
    def writes(self) -> list[bytes]:
        """What the programmer wrote, acknowledged or not."""
        return self._port.writes

    @property
    def commits(self) -> int:
        """How often WRITE_PRG was sent."""
        return sum(data[:1] == b"\x0c" and len(data) <= 2 for data in self.writes)

    @property
    def tries(self) -> int:
        """How often programming mode was asked for."""
        return self.writes.count(ENTER)

    @property
    def sequences(self) -> list[list[bytes]]:
        """The writes of each try, from ENTER_PRG on."""
        starts = [at for at, data in enumerate(self.writes) if data == ENTER] + [len(self.writes)]
        return [self.writes[start:end] for start, end in pairwise(starts)]


def write_of(data: bytes) -> Callable[[Attempt], bool]:
    """For Bus.fault: the writes of exactly these bytes."""
    return lambda attempt: attempt.kind == "w" and attempt.data == data


def is_read(attempt: Attempt) -> bool:
    return attempt.kind == "r"
