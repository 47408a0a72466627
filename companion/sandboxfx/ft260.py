# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The board's I2C bus through the reports of the FT260 (AN_394): writes, reads, both, a scan, the clock.

A transfer that fails raises the same Fault as on the board.
"""

import asyncio

from fxcore.errors import ADDRESS_NAK, BUS_TIMEOUT, DATA_NAK, Fault
from sandboxfx.errors import OTHER_STATE, SandboxError
from sandboxfx.io.base import Deadline, HidReports

REPORT_SIZE = 64
CHUNK = 60  # data bytes in one report
SYSTEM, STATUS, READ, DATA = 0xA1, 0xC0, 0xC2, 0xD0
RESET, SET_CLOCK = 0x20, 0x22
REPEATED, START, STOP = 0x01, 0x02, 0x04
BUSY = 0x01
ADDRESS_REFUSED, DATA_REFUSED, TIMED_OUT = 0x26, 0x2A, 0x32
FIRST_ADDRESS, LAST_ADDRESS = 0x08, 0x77

# A transfer on the bus ends after a second; the board may be burning a slot first, or its drive is being written.
TRANSFER_MS = 3000
POLL_MS = 1
# So long it may take an idle board to notice a request and say that it is busy.
NOTICED_MS = 2
# So often a status that says idle is believed to come before the data: a report takes 8 ms at most.
LATE_MS = 50


class Ft260:
    """One bus. One transfer at a time: tasks that want it wait for each other.

    :param hid: the board's HID interface
    """

    def __init__(self, hid: HidReports) -> None:
        self.hid = hid
        self._lock = asyncio.Lock()

    async def clock_khz(self) -> int:
        """Returns the bus clock for transfers of this computer."""
        _, low, high = (await self.hid.get_feature(STATUS, 5))[1:4]
        return low | high << 8

    async def set_clock(self, khz: int) -> None:
        """Sets the bus clock for transfers of this computer.

        :param khz: 60..1000; files are sent at the board's own setting
        """
        await self._system(SET_CLOCK, khz & 0xFF, khz >> 8)

    async def reset(self) -> None:
        """Frees the bus and forgets what was begun on it."""
        await self._system(RESET)

    async def write(self, address: int, data: bytes) -> None:
        """Writes `data` (up to 4,200 bytes, or none) to a 7-bit address, from START to STOP.

        :raises Fault: ADDRESS_NAK, DATA_NAK or BUS_TIMEOUT
        """
        async with self._lock:
            await self._write(address, data, STOP)

    async def read(self, address: int, count: int) -> bytes:
        """Reads `count` bytes (1..65535) from a 7-bit address; raises as `write`."""
        async with self._lock:
            return await self._read(address, count, START | STOP)

    async def write_read(self, address: int, data: bytes, count: int) -> bytes:
        """Writes, then reads with a repeated START; raises as `write`."""
        async with self._lock:
            await self._write(address, data, 0)
            return await self._read(address, count, REPEATED | START | STOP)

    async def answers(self, address: int) -> bool:
        """True if something acknowledges this address, to which nothing is written."""
        try:
            await self.write(address, b"")
        except Fault as fault:
            if fault.code == ADDRESS_NAK:
                return False
            raise
        return True

    async def scan(self) -> list[int]:
        """Returns the addresses 0x08..0x77 that are acknowledged."""
        return [address for address in range(FIRST_ADDRESS, LAST_ADDRESS + 1) if await self.answers(address)]

    async def _write(self, address: int, data: bytes, last_flag: int) -> None:
        starts = range(0, max(1, len(data)), CHUNK)
        for start in starts:
            part = data[start : start + CHUNK]
            flags = (START if start == 0 else 0) | (last_flag if start == starts[-1] else 0)
            report = bytes((DATA + max(0, len(part) - 1) // 4, address, flags, len(part))) + part
            await self._send(report)
            await self._until_idle(address)

    async def _read(self, address: int, count: int, flags: int) -> bytes:
        while await self.hid.read(0):
            pass  # of a read that was given up
        request = bytes((READ, address, flags)) + count.to_bytes(2, "little")
        await self._send(request)
        got = b""
        deadline = Deadline(self.hid.clock, TRANSFER_MS)
        late = None
        while len(got) < count:
            report = await self.hid.read(POLL_MS)
            if report:
                got += report[2 : 2 + report[1]]
                deadline, late = Deadline(self.hid.clock, TRANSFER_MS), None
                continue
            state = await self._state()
            if state & BUSY:
                late = None
            else:
                refuse(state, address)
                late = late or Deadline(self.hid.clock, LATE_MS)
            if deadline.over or (late and late.over):
                raise Fault(BUS_TIMEOUT, f"{len(got)} of {count} bytes came from 0x{address:02X}")
        await self._until_idle(address)
        return got[:count]

    async def _send(self, report: bytes) -> None:
        await self.hid.write(report.ljust(REPORT_SIZE, b"\0"))
        await self.hid.clock.sleep_ms(NOTICED_MS)

    async def _until_idle(self, address: int) -> None:
        """Waits for the end of a transfer; raises what it ended in."""
        refuse(await self._state_when_idle(), address)

    async def _state_when_idle(self) -> int:
        deadline = Deadline(self.hid.clock, TRANSFER_MS)
        while (state := await self._state()) & BUSY:
            if deadline.over:
                raise SandboxError(
                    "firmware-stopped",
                    "The board's bridge stays busy.",
                    "Its firmware is stopped, or is starting: close the program that has its console, or press RESET.",
                    OTHER_STATE,
                )
            await self.hid.clock.sleep_ms(POLL_MS)
        return state

    async def _state(self) -> int:
        return (await self.hid.get_feature(STATUS, 5))[1]

    async def _system(self, *request: int) -> None:
        async with self._lock:
            await self.hid.set_feature(bytes((SYSTEM, *request)).ljust(REPORT_SIZE, b"\0"))
            await self.hid.clock.sleep_ms(NOTICED_MS)
            await self._state_when_idle()


def refuse(state: int, address: int) -> None:
    """Raises the Fault that a transfer with an address has ended in, if any."""
    if state == ADDRESS_REFUSED:
        raise Fault(ADDRESS_NAK, f"nobody answers at 0x{address:02X}")
    if state == DATA_REFUSED:
        raise Fault(DATA_NAK, f"0x{address:02X} did not acknowledge a byte")
    if state == TIMED_OUT:
        raise Fault(BUS_TIMEOUT, f"the transfer with 0x{address:02X} timed out")
