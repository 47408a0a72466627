# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""output.hex on the real interpreter and on the virtual board: the same bytes, colours and sentences."""

import pytest

from host_tests.emulator.drive import ORDERS
from host_tests.scenes import LONG, OTHER, SONG, THIRD, song
from host_tests.vm.scene import Play, Scene, compare

SEEN_AGAIN_MS = 4000  # the second look at a file that was uploaded is over by then


def test_a_file_that_is_there_at_power_up_runs() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.run(SEEN_AGAIN_MS)

    trace = compare(scenario, Play(files={"output.hex": SONG}))
    assert "w 30 0d 00" in trace.bus


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

    compare(scenario, Play())


@pytest.mark.parametrize("order", ORDERS)
def test_half_a_copy_does_nothing_until_the_other_half_comes(order: str) -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        copy = scene.write("output.hex", song(9, 40), order=order, partial=1, block=1)
        scene.run(1200)
        copy.resume(1)
        scene.run(1200)
        copy.resume()
        scene.until("running, 40 instructions")

    compare(scenario, Play(files={"output.hex": SONG}))


def test_a_program_of_1024_instructions_runs() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.write("output.hex", LONG)
        scene.until("running, 1024 instructions")

    compare(scenario, Play())


def test_the_variant_with_the_bridge_does_the_same() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.write("output.hex", SONG)
        scene.until("running, 3 instructions")
        scene.delete("output.hex")
        scene.until("stopped")

    compare(scenario, Play(variant="disk-hid"))
