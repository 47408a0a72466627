# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Each real client's conversation with the bridge, on the real interpreter and over emulated USB."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from host_tests.boards.conversations import CLIENTS, GAPS_MS, feature, play
from host_tests.boards.emulator import Board
from host_tests.boards.targets import EEPROM, RECORDER, Recorder
from host_tests.boards.virtual.board import VirtualBoard
from host_tests.boards.virtual.i2c.eeprom import VirtualEeprom
from host_tests.on_emulator.bridge_board import await_bridge, without_chip
from host_tests.on_emulator.scene import Play
from host_tests.on_emulator.versions import on_each_version

pytestmark = on_each_version("conversations")


@pytest.fixture(scope="module")
def boards() -> Iterator["Boards"]:
    with ExitStack() as stack:
        yield Boards(stack)


class Boards:
    """One running board for each version and value of SANDBOX_FT260_HELD; it goes on from client to client."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.get = cache(self._start)

    def _start(self, version: str, held: bool) -> Board:
        board = self._stack.enter_context(without_chip(version, FT260_HELD=int(held)))
        await_bridge(board)
        return board


@pytest.mark.parametrize("gap_ms", GAPS_MS)
@pytest.mark.parametrize("part", ["write", "read", "nak"])
@pytest.mark.parametrize("name", CLIENTS)
def test_the_client_gets_what_it_needs(boards: Boards, version: str, name: str, part: str, gap_ms: float) -> None:
    client = CLIENTS[name]
    board = boards.get(version, client.held)
    board.i2c.attach(EEPROM, VirtualEeprom(lambda: board.now_ms, bytes(range(256))))
    board.i2c.attach(RECORDER, Recorder())
    play([feature("a1 20", 64)], board)  # what the client before it left behind
    play(client.init, board, gap_ms)
    play(getattr(client, part), board, gap_ms)
    assert board.hid.read(20) is None, "a report that nobody asked for"
    assert "Traceback" not in board.console
    assert "bridge:" not in board.console, "reply buffers or OUT endpoint are not where the bridge looks for them"


def test_the_computer_sees_what_it_sees_of_the_virtual_board(boards: Boards, version: str) -> None:
    real = boards.get(version, False)
    with VirtualBoard(Play(variant="disk-hid").drive()) as virtual:
        virtual.wait_configured()
        assert (real.usb.vid, real.usb.pid) == (virtual.usb.vid, virtual.usb.pid) == (0x1209, 0x3911)
        assert real.usb.strings[:2] == virtual.usb.strings[:2] == ["FXCore Sandbox", "SandboxFX"]
        seen = [{key: each[key] for key in ("number", "class", "in", "out")} for each in real.usb.interfaces]
        assert seen == virtual.usb.interfaces
        assert real.hid.report_descriptor == virtual.hid.report_descriptor
        kept = [board.drive.read("boot_out.txt").split(b";", 1)[1] for board in (real, virtual)]
        assert kept[0] == kept[1], "boot_out.txt, behind version and date"
