# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What goes on after too many exceptions, turn by turn: who opens a terminal at any moment is told why."""

import pytest

from sandbox.after_crashes import LAST_LINES, tell_for_ever

WORDS = ["Traceback (most recent call last):", "RuntimeError: planted"]
TOLD = "\r\n".join(WORDS + LAST_LINES)
TURNS = 60


class Enough(Exception):
    pass


class Port:
    """usb_cdc.console whose terminal is opened after so many looks, closed after as many more, and opened again."""

    def __init__(self, looks: int, room: int) -> None:
        self._looks, self._room = looks, room
        self._looked = 0
        self._was_open = False
        self.heard = [""]
        self.write_timeout: float | None = None

    @property
    def connected(self) -> bool:
        is_open = self._looked // self._looks % 2 == 1
        self._looked += 1
        if is_open and not self._was_open:
            self.heard.append("")
        self._was_open = is_open
        return is_open

    def write(self, data: memoryview) -> int:
        taken = bytes(data[: self._room])
        self.heard[-1] += taken.decode()
        return len(taken)


def tell_for(port: Port | None, turns: int = TURNS) -> None:
    left = turns

    def feed() -> None:
        nonlocal left
        if not left:
            raise Enough
        left -= 1

    with pytest.raises(Enough):
        tell_for_ever(WORDS, port, lambda: 0, lambda colour: None, feed)


@pytest.mark.parametrize("looks", range(4, 12))
@pytest.mark.parametrize("room", [50, 1000])
def test_each_opening_is_told_the_whole_reason(looks, room):
    port = Port(looks, room)
    tell_for(port)
    assert len(port.heard) > 3
    assert port.heard[0] == ""
    assert set(port.heard[1:-1]) == {TOLD}
    assert port.write_timeout == 0


def test_a_port_without_room_is_offered_the_text_again():
    port = Port(looks=TURNS // 2, room=0)
    tell_for(port)
    assert port.heard == ["", ""]
    assert port.write_timeout == 0


def test_it_goes_on_without_a_console():
    tell_for(None)
