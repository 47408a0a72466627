# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""output.hex on the real interpreter and on the virtual board: the same bytes, colours and sentences."""

from typing import Any

from host_tests.boards.emulator import Board
from host_tests.boards.pc_drive import ORDERS
from host_tests.boards.pedal import LONG, OTHER, SONG, THIRD, image, song
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.on_emulator.scene import SHOWN_MS, Play, Scene, compare
from uf2.files import device_files

SEEN_AGAIN_MS = 4000  # the second look at a file that was uploaded is over by then
PAUSE_MS = 1200  # longer than a file needs to settle
LATE_MS = 7000  # longer than a broken file is waited for
SECTOR_MORE = 64  # instructions: the file takes another sector, so that the copy changes the FAT


def areas(copy: Any) -> list[str]:
    """Which areas of the volume are still to be written, in order."""
    return list(dict.fromkeys(area for area, *_ in copy.pending))


def test_a_file_at_power_up_runs_and_part_of_a_copy_does_nothing_until_the_rest_comes() -> None:
    """In every order in which a PC may write folder entry, FAT and data, with a pause after each write."""

    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.run(SEEN_AGAIN_MS)
        for number, (order, in_order) in enumerate(ORDERS.items(), 1):
            instructions = 40 + number * SECTOR_MORE
            copy = scene.write("output.hex", song(10 + number, instructions), order=order, partial=0, block=4)
            assert areas(copy) == in_order.split()
            while len(copy.pending) > 1:
                copy.resume(1)
                scene.run(PAUSE_MS)
            copy.resume()
            scene.until(f"running, {instructions} instructions")
            scene.run(SHOWN_MS)

    trace = compare(scenario, Play(files={"output.hex": SONG}))
    assert sum(line == "w 30 0d 00" for line in trace.bus) == 1 + len(ORDERS)


def test_parts_of_a_copy_that_come_late_are_no_error_and_the_new_program_plays_once() -> None:
    """The FAT of Windows after 90 s; other orders: all but the first area after 7 s, of a program as long as before."""
    files = device_files("disk-hid")
    chip = VirtualFXCore()
    with Board({**files, "output.hex": song(1, 40)}) as board:
        chip.now_ms = lambda: board.now_ms
        board.i2c.attach(chip.address, chip)
        board.run_until("running, 40 instructions", timeout_ms=15000)
        board.run(SEEN_AGAIN_MS)
        for number, (order, areas_in_order) in enumerate(ORDERS.items(), 2):
            text, done = song(number, 40 + SECTOR_MORE * (order == "windows")), len(board.i2c.log)
            copy = board.drive.write("output.hex", text, order=order, partial=0)
            last = order == "windows"
            while len(copy.pending) > 1 if last else copy.pending[0][0] == areas_in_order.split()[0]:
                copy.resume(1)
            board.run(90000 if last else LATE_MS)
            copy.resume()
            board.run(SEEN_AGAIN_MS)
            assert chip.running == image(text)
            assert sum(each.data == b"\x0d\x00" for each in board.i2c.log[done:]) == 1
        assert "error" not in board.console
        assert board.console.count("not fully written yet") >= 1


def test_a_file_is_copied_changed_deleted_copied_and_emptied() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        for text in (SONG, OTHER):
            scene.write("output.hex", text)
            scene.until("running, 3 instructions")
            scene.run(SEEN_AGAIN_MS)
        scene.delete("output.hex")
        scene.until("stopped")
        scene.run(SHOWN_MS)
        scene.write("OUTPUT.HEX", THIRD)
        scene.until("running, 3 instructions")
        scene.run(SHOWN_MS)
        scene.write("OUTPUT.HEX", "")
        scene.until("stopped")
        scene.run(SHOWN_MS)
        scene.write("OUTPUT.HEX", LONG)
        scene.until("running, 1024 instructions")

    compare(scenario, Play())


def test_the_variant_with_the_bridge_does_the_same() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.write("output.hex", SONG)
        scene.until("running, 3 instructions")
        scene.run(SHOWN_MS)
        scene.write("3.hex", OTHER)
        scene.until("burnt into slot 3")
        scene.until("running again")
        scene.run(SHOWN_MS)
        scene.delete("output.hex")
        scene.until("stopped")

    compare(scenario, Play(variant="disk-hid"))


def test_it_plays_and_burns_without_any_host() -> None:
    def scenario(scene: Scene) -> None:
        scene.board.run_until(lambda _: scene.chip.writes[7] and scene.chip.running is not None, 15000, poll_ms=50)
        scene.run(1000)

    trace = compare(scenario, Play(files={"output.hex": SONG, "7.hex": OTHER}, options={"host": False}))
    assert trace.lines == []
