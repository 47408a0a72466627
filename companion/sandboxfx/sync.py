# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A board for programs that are not asynchronous: every method of AsyncBoard, each returning when it is done."""

from types import TracebackType
from typing import Self

from fxcore import protocol
from fxcore.program import Program
from sandboxfx.board import AsyncBoard
from sandboxfx.chip import ChipStatus, Wanted, always
from sandboxfx.find import FoundBoard, choose, find_boards
from sandboxfx.loop import LoopThread


def find(wanted: str = "", address: int = protocol.DEFAULT_ADDRESS) -> "Board":
    """Opens the board at this computer.

    :param wanted: the last digits of its number, where there are several
    :param address: the chip's 7-bit address
    :raises SandboxError: there is none, there are several, or it cannot be opened
    """
    return Board.open(choose(find_boards(), wanted), address)


class Board:
    """One board; see AsyncBoard, whose methods these are. A context manager."""

    def __init__(self, board: AsyncBoard, loop: LoopThread) -> None:
        self._board = board
        self._loop = loop

    @classmethod
    def open(cls, found: FoundBoard, address: int = protocol.DEFAULT_ADDRESS) -> Self:
        """Opens the bridge of a board that find_boards has found."""
        loop = LoopThread()
        try:
            return cls(loop.do(AsyncBoard.open(found, address)), loop)
        except BaseException:
            loop.close()
            raise

    def identify(self) -> ChipStatus:
        """Returns what the chip says of itself; what it plays is interrupted for a few ms."""
        return self._loop.do(self._board.identify())

    def run(self, program: Program) -> None:
        """Loads a program into the chip's RAM, where it runs until the power goes."""
        self._loop.do(self._board.run(program))

    def stop(self) -> None:
        """Ends a program that runs from RAM: the chip plays the slot that its pins select."""
        self._loop.do(self._board.stop())

    def burn(self, program: Program, slot: int, wanted: Wanted = always) -> bool:
        """Writes a program into a flash slot, which wears it; see AsyncBoard.burn."""
        return self._loop.do(self._board.burn(program, slot, wanted))

    def scan(self) -> list[int]:
        """Returns the I2C addresses 0x08..0x77 that are acknowledged; nothing is written."""
        return self._loop.do(self._board.scan())

    def read(self, address: int, count: int, register: bytes = b"") -> bytes:
        """Reads from an I2C address; see AsyncBoard.read."""
        return self._loop.do(self._board.read(address, count, register))

    def write(self, address: int, data: bytes) -> None:
        """Writes bytes to an I2C address, from START to STOP."""
        self._loop.do(self._board.write(address, data))

    def clock_khz(self) -> int:
        """Returns the bus clock for transfers of this computer."""
        return self._loop.do(self._board.clock_khz())

    def set_clock(self, khz: int) -> None:
        """Sets the bus clock for transfers of this computer, 60..1000 kHz."""
        self._loop.do(self._board.set_clock(khz))

    def close(self) -> None:
        """Gives the board back."""
        self._loop.do(self._board.close())
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
