# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a device that gave up after too many exceptions must still do."""

from host_tests.boards.note import Note
from host_tests.boards.pedal import Pedal
from host_tests.boards.virtual.fxcore.parts import RUN

RESTART_MS = 4000  # from an exception to the program's playing again
PERIOD_MS = 3000  # of an error on the light
RESTS = 3  # as many exceptions in a row are too many


def assert_class_5(since: Note) -> None:
    """The light of 3 s is all rapid red and five slow amber blinks; the window may cut one in two."""
    assert set(since.colours) == {"red", "amber"}
    assert len(since.lit("amber")) in (5, 6)
    assert len(since.lit("red")) in (5, 6)


def assert_at_rest(board: Pedal) -> None:
    """An error light, the chip in RUN and left alone, USB and the drive alive, no reset."""
    since = board.note()
    board.run(PERIOD_MS)
    assert not board.life.finished
    assert_class_5(since)
    assert since.transfers == []
    assert board.chip.mode == RUN
    assert board.usb.configured == board.usb.host_present
    assert board.usb.drive_enabled
    assert board.resets == []
