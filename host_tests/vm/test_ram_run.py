# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""output.hex on the real interpreter and on the virtual board: the same bytes, colours and sentences."""

import pytest

from host_tests.emulator.drive import ORDERS
from host_tests.scenes import LONG, OTHER, SONG, THIRD, song
from host_tests.vm.scene import Play, Scene, compare

SEEN_AGAIN_MS = 4000  # the second look at a file that was uploaded is over by then
HALF_MS = 1200


def test_a_file_at_power_up_runs_and_half_a_copy_does_nothing_until_the_other_half_comes() -> None:
    """In every order in which a PC may write folder entry, FAT and data."""

    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.run(SEEN_AGAIN_MS)
        for instructions, order in enumerate(ORDERS, 40):
            copy = scene.write("output.hex", song(9, instructions), order=order, partial=1, block=1)
            scene.run(HALF_MS)
            copy.resume(1)
            scene.run(HALF_MS)
            copy.resume()
            scene.until(f"running, {instructions} instructions")

    trace = compare(scenario, Play(files={"output.hex": SONG}))
    assert sum(line == "w 30 0d 00" for line in trace.bus) == 1 + len(ORDERS)


def test_a_file_is_copied_changed_deleted_copied_and_emptied() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        for text in (SONG, OTHER):
            scene.write("output.hex", text)
            scene.until("running, 3 instructions")
            scene.run(SEEN_AGAIN_MS)
        scene.delete("output.hex")
        scene.until("stopped")
        scene.write("OUTPUT.HEX", THIRD)
        scene.until("running, 3 instructions")
        scene.write("OUTPUT.HEX", "")
        scene.until("stopped")
        scene.write("OUTPUT.HEX", LONG)
        scene.until("running, 1024 instructions")

    compare(scenario, Play())


@pytest.mark.parametrize("variant", ["disk-hid"])
def test_the_variant_with_the_bridge_does_the_same(variant: str) -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.write("output.hex", SONG)
        scene.until("running, 3 instructions")
        scene.write("3.hex", OTHER)
        scene.until("burnt into slot 3")
        scene.until("running again")
        scene.delete("output.hex")
        scene.until("stopped")

    compare(scenario, Play(variant=variant))


def test_it_plays_and_burns_without_any_host() -> None:
    def scenario(scene: Scene) -> None:
        scene.board.run_until(lambda _: scene.chip.writes[7] and scene.chip.running is not None, 15000, poll_ms=50)
        scene.run(1000)

    trace = compare(scenario, Play(files={"output.hex": SONG, "7.hex": OTHER}, options={"host": False}))
    assert trace.lines == []
