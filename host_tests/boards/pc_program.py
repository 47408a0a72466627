# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A PC program that speaks to the bridge as the SandboxFX web page does: reports of 63 bytes under ID D0."""

from host_tests.boards.conversations import chunks
from host_tests.boards.pedal import UPLOAD_MS, Pedal
from host_tests.boards.programs.generate import blocks

START, STOP = 0x02, 0x04
IDLE, BUSY = 0x20, 0x01
BRIDGE_TIMEOUT_MS = 10000
NOTICED_MS = 3  # a report has been noticed by then, and the status says so


class PcProgram:
    """Sends FT260 requests to a board and waits, as a program with the whole day would."""

    def __init__(self, board: Pedal) -> None:
        self.board = board

    @property
    def status(self) -> int:
        return self.board.hid.get_feature(0xC0, 4)[0]

    @property
    def clock_khz(self) -> int:
        return int.from_bytes(self.board.hid.get_feature(0xC0, 4)[1:3], "little")

    def set_clock(self, khz: int) -> None:
        self.board.hid.set_feature(0xA1, (bytes((0x22,)) + khz.to_bytes(2, "little")).ljust(63, b"\0"))
        self.board.run(5)

    def report(self, address: int, data: bytes, flags: int) -> None:
        """Sends one write request and does not wait for its end."""
        self._send(bytes((address, flags, len(data))) + data)

    def _send(self, payload: bytes) -> None:
        self.board.hid.out(0xD0, payload.ljust(63, b"\0"))
        self.board.run(NOTICED_MS)

    def write(self, address: int, data: bytes) -> int:
        """One I2C write in as many chunks as it takes; returns the status at its end."""
        status = IDLE
        for report in chunks(data, address):
            self._send(report[1:])
            status = self.wait()
        return status

    def read(self, address: int, count: int) -> bytes:
        """One I2C read of up to 60 bytes."""
        request = bytes((address, START | STOP)) + count.to_bytes(2, "little")
        self.board.hid.out(0xC2, request.ljust(63, b"\0"))
        answer = self.board.hid.read(timeout_ms=2000)
        assert answer is not None
        return answer[2][1 : 1 + answer[2][0]]

    def wait(self, patience_ms: float = 2000) -> int:
        """Until the bridge is not busy; returns its status. A moment later it may be about something of its own."""
        end = self.board.now_ms + patience_ms
        while (status := self.status) & BUSY:
            assert self.board.now_ms < end, "busy for ever"
            self.board.run(1)
        return status

    def load(self, text: str) -> None:
        """ENTER_PRG and the four blocks of a HEX file."""
        image = blocks(text)
        words = (len(image.program) - 2) // 4
        self.write(0x30, b"\xa5\x5a\x30")
        for command, block in ((b"\x04\x7f", image.mreg), (b"\x01\x0f", image.creg), (b"\x02\x0b", image.sfr)):
            self.write(0x30, command)
            self.write(0x30, block)
        self.write(0x30, (0x0800 + words - 1).to_bytes(2, "big"))
        self.write(0x30, image.program)

    def run(self, text: str) -> None:
        """Loads a HEX file and executes it from RAM."""
        self.load(text)
        self.write(0x30, b"\x0d\x00")

    def stop(self) -> None:
        self.write(0x30, b"\x0e\x00")
        self.write(0x30, b"\x5a\xa5")

    def burn(self, text: str, slot: int) -> None:
        self.load(text)
        self.write(0x30, bytes((0x0C, slot)))
        self.board.run(250)
        self.stop()


def idle(board: Pedal) -> None:
    """The PC program is gone for longer than the bridge stays active, and what is due then has been done."""
    board.run(BRIDGE_TIMEOUT_MS + UPLOAD_MS)
