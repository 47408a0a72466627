# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Nothing is kept per upload: as much memory is free after ten of them as after the first."""

import pytest

from host_tests.emulator import Board
from host_tests.scenes import OTHER, SONG
from host_tests.virtual.fxcore_chip import VirtualFXCore
from host_tests.vm.scene import Play, Scene
from uf2.files import device_files

LOOP = "            while True:\n"
FED = "                microcontroller.watchdog.feed()\n"
# The console keeps 24 lines: from now on each takes the place of another one.
FULL_CONSOLE = """\
            for _ in range(24):
                app._console.say("output.hex: running, 1024 instructions")
"""
# Asked with a key.
PROBE = """\
                if supervisor.runtime.serial_bytes_available:
                    sys.stdin.read(1)
                    __import__("gc").collect()
                    print("free:", __import__("gc").mem_free())
"""
UPLOADS = 10
HEAP_BLOCK = 16  # bytes
SEEN_AGAIN_MS = 3500


def probed() -> str:
    code = device_files()["code.py"].decode()
    assert code.count(LOOP) == code.count(FED) == 1
    return code.replace(LOOP, FULL_CONSOLE + LOOP).replace(FED, FED + PROBE)


def free(board: Board) -> int:
    start = len(board.console)
    board.console_write("?")
    board.run_until("free: ", start=start)
    board.run(50)
    return int(board.console[start:].split("free: ")[1].split()[0])


@pytest.mark.parametrize("variant", ["disk", "disk-hid"])
def test_ten_uploads_leave_as_much_memory_as_one(variant: str) -> None:
    """Of programs of one size: after a larger one more is still named by some stale pointer."""
    with Board(Play(variant=variant, files={"code.py": probed()}).drive()) as board:
        scene = Scene(board, VirtualFXCore())
        scene.plug_chip()
        scene.until("serial number")
        scene.run(1000)
        left = []
        for number in range(UPLOADS):
            scene.write("output.hex", (SONG, OTHER)[number % 2])
            scene.until("running, ")
            scene.run(100)
            if number in (0, UPLOADS - 1):
                scene.run(SEEN_AGAIN_MS)
                left.append(free(board))
        # What the collector takes for an address may keep a few blocks alive; a leak would be one per upload at least.
        assert left[0] - left[1] < HEAP_BLOCK * (UPLOADS - 1)
