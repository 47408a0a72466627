# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a device that gave up after too many exceptions must still do."""

from host_tests.scenes import Pedal
from host_tests.virtual.fxcore_parts import RUN

RESTART_MS = 4000  # from an exception to the program's playing again
RESTS = 4  # as many exceptions in a row are too many


def assert_at_rest(board: Pedal) -> None:
    """An error light, the chip in RUN and left alone, USB and the drive alive, no reset."""
    since = board.note()
    board.run(3000)
    assert not board.device.finished
    assert len(since.lit("red")) > 5
    assert set(since.colours) <= {"red", "amber"}
    assert since.transfers == []
    assert board.chip.mode == RUN
    assert board.usb.configured == board.usb.host_present
    assert board.usb.drive_enabled
    assert board.resets == []
