# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A chip that is absent, comes, loses its power; a bus without power or with a stuck line: on both boards the same."""

import pytest

from host_tests.boards.pedal import OTHER, SONG, THIRD
from host_tests.on_emulator.scene import PATTERN_MS, SHOWN_MS, Play, Scene, compare


def test_a_chip_that_is_absent_plays_when_it_comes_and_again_after_each_outage() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("error 2")
        scene.run(PATTERN_MS)
        scene.plug_chip()
        scene.until("running, 3 instructions")
        scene.run(SHOWN_MS)
        scene.unplug_chip()
        scene.until("error 2")
        scene.run(PATTERN_MS)
        scene.plug_chip()
        scene.until("running again")
        scene.run(SHOWN_MS)
        scene.board.i2c.supply(False)
        scene.until("error 2")
        scene.run(PATTERN_MS)
        scene.board.i2c.supply(True)
        scene.until("running again")

    compare(scenario, Play(files={"output.hex": SONG}, absent=True))


@pytest.mark.parametrize("line", ["sda_low", "scl_low"])
def test_a_stuck_line_is_told_and_survived(line: str) -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.board.i2c.stuck(**{line: True})
        scene.write("output.hex", SONG)
        scene.until("error 3")
        scene.run(PATTERN_MS)
        scene.board.i2c.stuck()
        scene.until("running, 3 instructions")

    compare(scenario, Play())


def test_a_target_that_holds_sda_is_made_to_let_go_with_clock_pulses() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.board.i2c.stuck(sda_low=True, release_after=5)
        scene.write("output.hex", SONG)
        scene.until("running, 3 instructions")

    trace = compare(scenario, Play())
    assert not [line for line in trace.lines if line.startswith("error")]


def test_a_chip_that_refuses_data_shows_no_status_or_cannot_write_its_flash_is_told() -> None:
    def scenario(scene: Scene) -> None:
        knobs = scene.chip.knobs
        scene.until("serial number")
        knobs.nak_byte = lambda data: len(data) == 100
        scene.write("output.hex", SONG)
        scene.until("error 3: output.hex")
        scene.run(PATTERN_MS)
        knobs.nak_byte, knobs.status = never, "ff"
        scene.write("output.hex", OTHER)
        scene.until("running, 3 instructions")
        scene.run(SHOWN_MS)
        knobs.status = "good"
        scene.chip.flash_error(3, 0x1F)
        scene.write("3.hex", THIRD)
        scene.until("error 4: 3.hex")
        scene.run(PATTERN_MS)

    compare(scenario, Play(knobs={"nak_byte": never, "pause_percent": 0}))


def never(data: bytes) -> bool:
    return False
