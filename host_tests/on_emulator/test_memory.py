# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Nothing is kept per upload or burn: as much memory is free after ten of them as after the first."""

import pytest

from host_tests.boards.emulator import Board
from host_tests.boards.pedal import song
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.on_emulator.scene import Play, Scene
from uf2.files import device_files

FED = "                microcontroller.watchdog.feed()\n"
# Asked with a key. What the console keeps is the same each time: each of 24 lines takes the place of another one.
PROBE = """\
                if supervisor.runtime.serial_bytes_available:
                    sys.stdin.read(1)
                    for _ in range(24):
                        app._console.say("probed")
                    __import__("gc").collect()
                    print("free:", __import__("gc").mem_free())
"""
# Each round runs a program and burns one, as large as they can be; every other round takes the same two. Their sizes
# differ, so that a change is seen at once whatever the time stamp says.
RUN, BURNT = (song(11, 1024), song(12, 1024) + "\n"), (song(13, 1024), song(14, 1024) + "\n")
ROUNDS = 11
HEAP_BLOCK = 16  # bytes
OVER_MS = 300  # the job that said so has ended


def probed() -> str:
    code = device_files()["sandbox/main.py"].decode()
    assert code.count(FED) == 1
    return code.replace(FED, FED + PROBE)


def free(board: Board) -> int:
    start = len(board.console)
    board.console_write("?")
    board.run_until("free: ", start=start)
    board.run(50)
    return int(board.console[start:].split("free: ")[1].split()[0])


@pytest.mark.parametrize("variant", ["disk", "disk-hid"])
def test_ten_uploads_and_burns_leave_as_much_memory_as_one(variant: str) -> None:
    with Board(Play(variant=variant, files={"sandbox/main.py": probed()}).drive()) as board:
        scene = Scene(board, VirtualFXCore())
        scene.plug_chip()
        scene.until("serial number")
        left = []
        for number in range(ROUNDS):
            scene.write("output.hex", RUN[number % 2])
            scene.until("running, 1024 instructions")
            scene.write("3.hex", BURNT[number % 2])
            scene.until("burnt into slot 3")
            scene.until("running again")
            scene.run(OVER_MS)
            left.append(free(board))
    for first, last in ((0, ROUNDS - 1), (1, ROUNDS - 2)):
        # What the collector takes for an address may keep a few blocks alive; a leak would be one per round at least.
        assert left[first] - left[last] < HEAP_BLOCK * (last - first), left
