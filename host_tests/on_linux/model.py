# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the Linux driver meets: the virtual board with the project's own boot.py and code.py, an FXCore, an EEPROM.

It stands behind the interface of host_tests/on_linux. Interrupt reports go at the pace of the descriptor's
bInterval, 1 ms both ways; control requests and bus transfers take what they take on the board.
"""

from collections.abc import Mapping

from host_tests.boards.virtual.board import VirtualBoard
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.i2c.eeprom import SIZE, VirtualEeprom
from host_tests.on_linux.usb_device import HID, INTERVALS

FEATURE = 3
# Debug traces of the driver with a real FT260 on a PC: 0.13 to 0.23 ms from one status to the next. So this is all the
# time its hundred tries leave the bridge.
CONTROL_MS = 0.2


class LinuxModel:
    """A host_tests.on_linux.usb_device.Model. `board`, `chip` and `eeprom` are there to be looked at.

    :param settings: of the board; its USB identity is the FT260's unless they say otherwise
    :param drive: what is on the drive at power-up
    """

    def __init__(
        self, settings: Mapping[str, int | str] | None = None, drive: Mapping[str, bytes | str] | None = None
    ) -> None:
        self.chip = VirtualFXCore()
        self.board = VirtualBoard(drive, settings={"SANDBOX_USB_ID": "ft260", **(settings or {})}, chip=self.chip)
        self.eeprom = VirtualEeprom(self.board.clock.now_ms, page=SIZE)  # no page ends within a long write
        self.board.i2c.attach(self.eeprom.address, self.eeprom)
        self.board.hid.control_ms = CONTROL_MS
        self._taken = 0
        self.board.wait_configured()
        self._polls_from = self.board.now_ms
        self.listen(0)
        usb = self.board.usb
        self.vendor_id, self.product_id, self.strings = usb.vid, usb.pid, usb.strings
        self.interfaces, self.report_descriptor = usb.interfaces, self.board.hid.report_descriptor

    @property
    def now_ms(self) -> float:
        return self.board.now_ms

    def run(self, until_ms: float) -> None:
        if until_ms > self.now_ms:
            self.board.run(until_ms - self.now_ms)

    def get_feature(self, report_id: int, length: int) -> bytes | None:
        return self.board.hid.get_report(FEATURE, report_id, length)

    def set_report(self, kind: int, data: bytes) -> bool:
        self.board.hid.set_report(kind, data[0], data)
        return True

    def output(self, data: bytes) -> None:
        self.board.hid.out(data[0], data[1:])

    def listen(self, count: int) -> None:
        self.board.hid.want(count)

    def take_inputs(self) -> list[tuple[float, bytes]]:
        new = self.board.hid.log[self._taken :]
        self._taken += len(new)
        return [(when, bytes([report_id]) + payload) for when, report_id, payload in new]

    def next_poll_ms(self) -> float:
        interval = INTERVALS[HID]
        return self.now_ms + interval - (self.now_ms - self._polls_from) % interval

    def close(self) -> None:
        self.board.close()
