# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""0.hex .. F.hex on the real interpreter and on the virtual board; the ledger byte for byte."""

import pytest

from host_tests.boards.pc_program import PcProgram
from host_tests.boards.pedal import OTHER, SONG, THIRD, image
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.fxcore.reading import program_of
from host_tests.on_emulator.bridge_board import BRIDGE_UP_MS
from host_tests.on_emulator.scene import PATTERN_MS, Play, Scene, compare
from host_tests.on_emulator.trace import nvm_of
from host_tests.sandbox.flash_store import FlashStore, burn
from sandbox.ledger import HELD, UNFINISHED, Ledger, serial_key

CHIP = serial_key(b"\x78\x56\x34\x12")  # the virtual chip's
PAGES, CELLS_PER_PAGE = 16, 16
WRITE_PRG_3 = b"\x0c\x03"


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


# ---- a full ledger is compacted: an erase and 16 pages ----
CHIPS = [CHIP, *(serial_key(bytes((number, 0, 0, 0))) for number in range(7))]
KEYS = [(chip, slot) for chip in CHIPS for slot in range(16)]  # half a ledger: as many as a compaction keeps
NOTED = (0x5EED, 648)
NOTE = f"""\
import microcontroller
from sandbox.ledger import Ledger

Ledger(microcontroller.nvm).begin({CHIP}, 3, *{NOTED})
"""
NOTED_MS = 3000  # after power-on it has been noted by then


def full_ledger(*last: tuple[int, int]) -> bytes:
    """Each slot of each chip burnt twice, and `last` into slot 3 of CHIP. No room for a record is left."""
    burns = [(key, program_number(number)) for number, key in enumerate(2 * KEYS)]
    store = FlashStore()
    for key, program in [*burns[len(last) :], *(((CHIP, 3), program) for program in last)]:
        burn(Ledger(store), *key, program)
    return bytes(store.data)


def program_number(number: int) -> tuple[int, int]:
    """As the ledger knows it."""
    return number, 648


def held(nvm: bytes) -> list[tuple[bytes, int]]:
    """The KEYS that hold what was burnt last, as the ledger knows. What was burnt before is never held."""
    ledger = Ledger(FlashStore(content=nvm))
    states = [[ledger.state(*key, *program_number(n)) for n in (at, len(KEYS) + at)] for at, key in enumerate(KEYS)]
    assert HELD not in [before for before, _ in states]
    return [key for key, (_, last) in zip(KEYS, states, strict=True) if last == HELD]


@pytest.mark.parametrize("step", range(1 + PAGES))
def test_a_power_cut_at_any_step_of_a_compaction_leaves_nothing_untrue(step: int) -> None:
    """The ledger without the rest of the device, which takes long to start."""
    left = []

    def scenario(scene: Scene) -> None:
        scene.cut_power(step)
        left.append(nvm_of(scene.board))
        scene.run(NOTED_MS)

    trace = compare(scenario, Play(files={"code.py": NOTE}, options={"nvm": full_ledger()}), ("nvm",))
    virtual, real = left
    assert virtual == real
    pages = step - 1  # the first step is the erase
    assert held(real) == (KEYS if step == 0 else KEYS[: pages * CELLS_PER_PAGE])
    assert Ledger(FlashStore(content=trace.nvm)).state(CHIP, 3, *NOTED) == UNFINISHED


@pytest.mark.parametrize("step", [0, 1, 5, PAGES])
def test_a_compaction_that_was_cut_leaves_a_ledger_that_the_device_goes_on_with(step: int) -> None:
    """It is full, empty, in part or whole."""

    def scenario(scene: Scene) -> None:
        scene.cut_power(step)
        scene.until("burnt into slot 3")

    trace = compare(scenario, Play(files={"3.hex": SONG}, options={"nvm": full_ledger()}))
    assert sum(line == "w 30 0c 03" for line in trace.bus) == 1


# ---- a PC program burns a slot that the ledger holds ----
# A PC program's pauses are its own.
PC_PLAY = Play("disk-hid", {"3.hex": SONG}, {"SANDBOX_BRIDGE_TIMEOUT": 1}, {"pause_percent": 0})
SAME = ("lines", "chip", "nvm")  # when a PC program's requests come depends on the pace of each board


def pc_program(scene: Scene) -> PcProgram:
    """It has loaded OTHER, and commands to burn it next."""
    scene.run(BRIDGE_UP_MS)
    pc = PcProgram(scene.board)
    pc.load(OTHER)
    return pc


def commits(scene: Scene) -> int:
    return sum(done.data == WRITE_PRG_3 for done in scene.board.i2c.log)


def test_a_power_cut_when_a_pc_program_burns_a_slot_leaves_what_is_true() -> None:
    """Before it is noted, the slot still holds the file's program; from then on it is unknown what it holds."""

    def scenario(scene: Scene) -> None:
        scene.until("burnt into slot 3")
        pc = pc_program(scene)
        scene.cut_power(0, lambda: pc.report(0x30, WRITE_PRG_3, 0x06))
        assert commits(scene) == 1
        scene.until("slot 3 already holds this program")
        assert scene.chip.slots[3] == image(SONG)
        pc = pc_program(scene)
        pc.report(0x30, WRITE_PRG_3, 0x06)
        scene.board.run_until(lambda _: commits(scene) == 2, 1000, poll_ms=0.2)
        scene.restart()
        scene.until("burnt into slot 3")
        assert scene.chip.slots[3] == image(SONG)

    compare(scenario, PC_PLAY, SAME)


@pytest.mark.parametrize(("step", "afterwards"), [(1, "burnt into slot 3"), (1 + PAGES, "slot 3 already holds")])
def test_the_same_when_the_ledger_has_no_room_for_that(step: int, afterwards: str) -> None:
    """Once it is erased the slot is unknown; after 16 pages, before the new record, it still holds its program."""

    def scenario(scene: Scene) -> None:
        scene.chip.slots[3] = image(SONG)
        scene.until("slot 3 already holds")
        pc = pc_program(scene)
        scene.cut_power(step, lambda: pc.report(0x30, WRITE_PRG_3, 0x06))
        assert commits(scene) == 0
        scene.until(afterwards)
        assert scene.chip.slots[3] == image(SONG)

    song = program_of(SONG)
    compare(scenario, PC_PLAY._replace(options={"nvm": full_ledger((song.crc, song.length))}), SAME)
