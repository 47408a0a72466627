# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A board's HID interface, virtual or emulated, as the transport that the PC's half uses; its time is the board's."""

from typing import Any


class BoardClock:
    """Device time. Sleeping lets the board run."""

    def __init__(self, board: Any) -> None:
        self._board = board

    def now_ms(self) -> float:
        return float(self._board.now_ms)

    async def sleep_ms(self, ms: float) -> None:
        self._board.run(ms)


class BoardHid:
    """What sandboxfx.io.base.HidReports asks for, on a VirtualBoard or an emulated Board: their names are the same."""

    def __init__(self, board: Any) -> None:
        self._hid = board.hid
        self.clock = BoardClock(board)

    async def write(self, report: bytes) -> None:
        self._hid.out(report[0], report[1:])

    async def read(self, timeout_ms: float) -> bytes | None:
        found = self._hid.read(timeout_ms)
        return found and bytes((found[1],)) + found[2]

    async def get_feature(self, report_id: int, size: int) -> bytes:
        return bytes((report_id,)) + bytes(self._hid.get_feature(report_id, size - 1))

    async def set_feature(self, report: bytes) -> None:
        self._hid.set_feature(report[0], report[1:])

    async def close(self) -> None:
        pass
