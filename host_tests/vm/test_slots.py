# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""0.hex .. F.hex on the real interpreter and on the virtual board; the ledger byte for byte."""

from host_tests.scenes import OTHER, SONG, THIRD
from host_tests.virtual.fxcore_chip import VirtualFXCore
from host_tests.vm.scene import Play, Scene, compare


def test_slots_are_burnt_and_after_a_power_cycle_nothing_is_burnt_again() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.write("a.hex", SONG)
        scene.write("3.HEX", OTHER)
        scene.until("burnt into slot 3")
        scene.until("burnt into slot A")
        scene.restart()
        scene.until("slot 3 already holds this program")
        scene.until("slot A already holds this program")

    trace = compare(scenario, Play())
    assert sum(line == "w 30 0c 03" for line in trace.bus) == 1


def test_a_program_that_plays_is_back_after_a_burn() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.write("0.hex", OTHER)
        scene.until("burnt into slot 0")
        scene.until("running again")

    compare(scenario, Play(files={"output.hex": SONG}))


def test_another_chip_is_burnt_anew() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("burnt into slot 5")
        scene.unplug_chip()
        scene.run(500)
        scene.plug_chip(VirtualFXCore(serial=0xABCDEF01))
        scene.restart()
        scene.until("burnt into slot 5")

    compare(scenario, Play(files={"5.hex": THIRD}))
