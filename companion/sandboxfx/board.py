# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A board at this computer, for asyncio: its bus and the chip on it."""

import sys
from types import TracebackType
from typing import Self

from fxcore import protocol
from fxcore.program import Program
from sandboxfx.chip import Chip, ChipStatus, Wanted, always
from sandboxfx.errors import OTHER_STATE, SandboxError
from sandboxfx.faults import told
from sandboxfx.find import FoundBoard
from sandboxfx.ft260 import Ft260
from sandboxfx.io.base import HidReports


class AsyncBoard:
    """One board. An async context manager: it is closed at the end, whatever happened.

    What goes wrong is a SandboxError: one sentence, one cure.

    :param hid: the board's HID interface
    :param address: the chip's 7-bit address
    """

    def __init__(self, hid: HidReports, address: int = protocol.DEFAULT_ADDRESS) -> None:
        self._hid = hid
        self._bus = Ft260(hid)
        self._chip = Chip(self._bus, address)
        self._chip_name = f"0x{address:02X}"

    @classmethod
    async def open(cls, found: FoundBoard, address: int = protocol.DEFAULT_ADDRESS) -> Self:
        """Opens the bridge of a board that find_boards has found."""
        return cls(open_hid(found), address)

    async def identify(self) -> ChipStatus:
        """Returns what the chip says of itself; what it plays is interrupted for a few ms."""
        with told(self._chip_name):
            return await self._chip.identify()

    async def run(self, program: Program) -> None:
        """Loads a program into the chip's RAM, where it runs until the power goes."""
        with told(self._chip_name):
            await self._chip.run(program)

    async def stop(self) -> None:
        """Ends a program that runs from RAM: the chip plays the slot that its pins select."""
        with told(self._chip_name):
            await self._chip.stop()

    async def burn(self, program: Program, slot: int, wanted: Wanted = always) -> bool:
        """Writes a program into a flash slot, which wears it.

        :param slot: 0..15
        :param wanted: is asked once, right before anything is sent, with the chip's status (None: unreadable)
        :return: True if the slot was written, False if it was not wanted
        """
        with told(self._chip_name):
            return await self._chip.burn(program, slot, wanted)

    async def scan(self) -> list[int]:
        """Returns the I2C addresses 0x08..0x77 that are acknowledged; nothing is written."""
        with told("the bus"):
            return await self._bus.scan()

    async def read(self, address: int, count: int, register: bytes = b"") -> bytes:
        """Reads `count` bytes from an I2C address, after writing `register` if there is any, with a repeated START."""
        with told(f"0x{address:02X}"):
            if register:
                return await self._bus.write_read(address, register, count)
            return await self._bus.read(address, count)

    async def write(self, address: int, data: bytes) -> None:
        """Writes bytes to an I2C address, from START to STOP."""
        with told(f"0x{address:02X}"):
            await self._bus.write(address, data)

    async def clock_khz(self) -> int:
        """Returns the bus clock for transfers of this computer."""
        with told("the bus"):
            return await self._bus.clock_khz()

    async def set_clock(self, khz: int) -> None:
        """Sets the bus clock for transfers of this computer, 60..1000 kHz."""
        with told("the bus"):
            await self._bus.set_clock(khz)

    async def close(self) -> None:
        """Gives the board back."""
        await self._hid.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def open_hid(found: FoundBoard) -> HidReports:
    """Opens the HID interface of a board. SandboxError says why it cannot."""
    if not found.hid:
        raise SandboxError(
            "no-bridge",
            f"Board {found.name} has no USB-I2C bridge here.",
            "Is SANDBOX_HID 1 in its settings.toml, is no kernel driver bound to it? Its drive takes programs too.",
            OTHER_STATE,
        )
    if sys.platform == "linux":
        from sandboxfx.io.hidraw import Hidraw

        return Hidraw.open(found.hid)
    raise AssertionError("hid_nodes finds no bridge on this system")
