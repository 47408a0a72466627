# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""0.hex .. F.hex on the real interpreter and on the virtual board; the ledger byte for byte."""

import pytest

from host_tests.flash_store import FlashStore, burn
from host_tests.scenes import OTHER, SONG, THIRD
from host_tests.virtual.fxcore_chip import VirtualFXCore
from host_tests.vm.scene import Play, Scene, compare
from sandbox.ledger import Ledger, chip_by_serial

CHIP = chip_by_serial(b"\x78\x56\x34\x12")  # the virtual chip's
RECORD = 16
PATTERN_MS = 3000  # an error has been shown whole
PAGES = 16


def test_slots_are_burnt_once_whatever_is_unplugged_and_another_chip_is_burnt_anew() -> None:
    def scenario(scene: Scene) -> None:
        scene.until("running, 3 instructions")
        scene.write("a.hex", SONG)
        scene.write("3.HEX", OTHER)
        scene.until("burnt into slot 3")
        scene.until("burnt into slot A")
        scene.until("running again")
        scene.restart()
        scene.until("slot 3 already holds this program")
        scene.until("slot A already holds this program")
        scene.until("running, 3 instructions")
        scene.unplug_chip()
        scene.run(500)
        scene.plug_chip(VirtualFXCore(serial=0xABCDEF01))
        scene.restart()
        scene.until("burnt into slot 3")
        scene.until("burnt into slot A")
        scene.until("running")

    trace = compare(scenario, Play(files={"output.hex": THIRD}))
    assert [sum(line == f"w 30 0c {slot:02x}" for line in trace.bus) for slot in (3, 10)] == [2, 2]


def test_a_power_cut_at_each_write_of_the_ledger_burns_nothing_twice() -> None:
    """The record before a burn, and its confirmation."""

    def scenario(scene: Scene) -> None:
        scene.until("serial number")
        scene.cut_power(0, lambda: scene.write("3.hex", SONG))
        scene.cut_power(1)
        scene.until("error 4: 3.hex")
        scene.run(PATTERN_MS)
        scene.write("3.hex", OTHER)
        scene.until("burnt into slot 3")

    trace = compare(scenario, Play())
    assert sum(line == "w 30 0c 03" for line in trace.bus) == 2


def full_ledger() -> bytes:
    """No room for a record: the next burn compacts it."""
    store = FlashStore()
    for number in range(len(store) // RECORD):
        burn(Ledger(store), CHIP, number % 16, (number, 648))
    return bytes(store.data)


@pytest.mark.parametrize("step", [0, 1, 2, PAGES])
def test_a_power_cut_in_a_compaction_may_forget_but_leaves_nothing_untrue(step: int) -> None:
    """It is an erase and 16 pages."""

    def scenario(scene: Scene) -> None:
        scene.cut_power(step)
        scene.until("burnt into slot 3")

    trace = compare(scenario, Play(files={"3.hex": SONG}, options={"nvm": full_ledger()}))
    assert sum(line == "w 30 0c 03" for line in trace.bus) == 1
