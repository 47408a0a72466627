# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FXCore behind a board: run, burn, stop, identify, by the device's own fxcore.programmer.

Order, pauses, verification, retries and faults are those of the board. The programmer is synchronous and does one bus
transfer at a time; its steps run in a worker thread, and its transfers come back to the event loop.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from fxcore import protocol
from fxcore.program import Program
from fxcore.programmer import AUTO, BURNT, Programmer
from fxcore.status import Status
from sandboxfx.ft260 import Ft260
from sandboxfx.io.base import Clock, Deadline

T = TypeVar("T")


@dataclass(frozen=True)
class ChipStatus:
    """What a chip says of itself."""

    device_id: int
    serial: str  # 8 hexadecimal digits
    slots: tuple[int, ...]  # flash slots that hold a program

    @classmethod
    def of(cls, status: Status) -> "ChipStatus":
        """Takes the fields from the 12 bytes that the chip has sent."""
        slots = tuple(slot for slot in range(protocol.SLOTS) if status.slots >> slot & 1)
        return cls(status.device_id, status.serial[::-1].hex(), slots)


Wanted = Callable[[ChipStatus | None], bool]


def always(status: ChipStatus | None) -> bool:
    """Wants every burn."""
    return True


class Chip:
    """One FXCore; one operation at a time.

    Every operation raises Fault, as on the board. Cancelled, it withdraws first: the chip is left
    in RUN mode, and a flash write that has begun is finished.

    :param bus: the board's bus
    :param address: 7-bit address of the chip
    """

    def __init__(self, bus: Ft260, address: int = protocol.DEFAULT_ADDRESS) -> None:
        self._bus = bus
        self._address = address
        self._lock = asyncio.Lock()

    async def identify(self) -> ChipStatus:
        """Reads the chip's status. What the chip plays is interrupted for a few ms."""
        programmer = await self._carry_out(lambda programmer: programmer.identify())
        return ChipStatus.of(programmer.status)

    async def run(self, program: Program) -> None:
        """Loads a program into the chip's RAM, where it runs until the power goes."""
        await self._carry_out(lambda programmer: programmer.run(program))

    async def stop(self) -> None:
        """Ends a program that runs from RAM: the chip plays the slot that its pins select."""
        await self._carry_out(lambda programmer: programmer.stop())

    async def burn(self, program: Program, slot: int, wanted: Wanted = always) -> bool:
        """Writes a program into a flash slot, which wears it.

        :param slot: 0..15
        :param wanted: is asked once, right before anything is sent, with the chip's status (None: unreadable)
        :return: True if the slot was written, False if it was not wanted
        """
        gate = _Gate(wanted)
        programmer = await self._carry_out(lambda programmer: programmer.burn(program, slot, gate))
        return bool(programmer.outcome == BURNT)

    async def _carry_out(self, start: Callable[[Programmer], None]) -> Programmer:
        async with self._lock:
            timer = _Timer(self._bus.hid.clock)
            port = _Port(self._bus, self._address, asyncio.get_running_loop())
            programmer = Programmer(port, timer, self._address, AUTO, 100)
            start(programmer)
            try:
                await _to_the_end(programmer, timer)
            except asyncio.CancelledError:
                programmer.finish()
                await _to_the_end(programmer, timer)
                raise
            if programmer.fault:
                raise programmer.fault
            return programmer


class _Timer:
    """The programmer's pauses."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._deadline: Deadline | None = None

    def start(self, ms: float) -> None:
        self._deadline = Deadline(self.clock, ms)

    def stop(self) -> None:
        self._deadline = None

    @property
    def over(self) -> bool:
        return self._deadline is None or self._deadline.over

    @property
    def left_ms(self) -> float:
        return self._deadline.left_ms if self._deadline else 0.0


class _Port:
    """The programmer's transfers, from its thread."""

    def __init__(self, bus: Ft260, address: int, loop: asyncio.AbstractEventLoop) -> None:
        self._bus, self._address, self._loop = bus, address, loop

    def write(self, data: bytes) -> None:
        self._await(self._bus.write(self._address, bytes(data)))

    def read_into(self, buffer: bytearray) -> None:
        buffer[:] = self._await(self._bus.read(self._address, len(buffer)))

    def _await(self, transfer: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(transfer, self._loop).result()


class _Gate:
    """What the programmer asks before it burns."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted

    def wants(self, status: Status | None) -> bool:
        return self._wanted(None if status is None else ChipStatus.of(status))

    def writing(self, status: Status | None) -> None:
        """Nothing is kept on this computer."""

    def written(self) -> None:
        """Nothing is kept on this computer."""


async def _to_the_end(programmer: Programmer, timer: _Timer) -> None:
    """Steps the programmer until it has an outcome. A step that has begun is waited for, come what may."""
    while True:
        step = asyncio.ensure_future(asyncio.to_thread(programmer.step))
        try:
            if not await asyncio.shield(step):
                return
        except asyncio.CancelledError:
            await asyncio.wait([step])
            raise
        await timer.clock.sleep_ms(timer.left_ms)
