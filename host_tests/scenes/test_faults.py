# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Every failure the device can tell of: how it comes about, its sentence on the console, its class on the light."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from fxcore import errors
from host_tests.boards.pedal import LONG, OTHER, SONG, Pedal
from host_tests.boards.programs.damage import damage
from host_tests.boards.programs.generate import random_program
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.i2c.bus import FOREVER
from host_tests.tools.readme import table
from sandbox import faults
from sandbox.faults import FAULTS, describe, fault_class

PROGRAM = random_program(7, 40)
TOLD_MS = 15000  # a broken file is told after 5 s; three tries cost nine transfers that time out
NEVER_WRITTEN_MS = 125000  # what its host has not written yet is an error after two minutes
LATE = (errors.HEX_UNWRITTEN, faults.FILE_UNREADABLE)
PATTERN_MS = 2950  # the longest one is over, the next one has not begun
CHIP = "FXCore 0x30"
KINDS = {
    errors.HEX_CHARACTER: "bad character",
    errors.HEX_UNWRITTEN: "erased byte",
    errors.HEX_LENGTH: "cut off",
    errors.HEX_CHECKSUM: "record sum",
    errors.HEX_TYPE: "type 04",
    errors.HEX_AFTER_EOF: "data after the end",
    errors.HEX_NO_EOF: "no end record",
    errors.HEX_OVERLAP: "overlap",
    errors.HEX_ADDRESS: "outside every section",
    errors.SECTION_SUM: "sum of CREG",
    errors.SECTION_HOLE: "hole",
    errors.PROGRAM_SIZE: "not whole instructions",
    errors.PROGRAM_EMPTY: "no instruction",
}
Act = Callable[[Pedal], None]


class Scene(NamedTuple):
    """`act` brings a fault of this class about, on a device made with `options`; its sentence begins with `where`."""

    number: int
    where: str
    act: Act
    options: dict[str, Any]


SCENES: dict[str, Scene] = {}


def copy(board: Pedal, name: str = "output.hex", text: str = SONG) -> None:
    board.drive.write(name, text)


def scene(code: str, number: int, where: str, **options: Any) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        SCENES[code] = Scene(number, where, act, options)
        return act

    return register


def a_damaged_file_comes(code: str, kind: str) -> None:
    text, line = damage(kind, PROGRAM, at=3)
    scene(code, 1, f"output.hex, line {line or ''}")(lambda board: copy(board, text=text))


for each in KINDS.items():
    a_damaged_file_comes(*each)


@scene(faults.FILE_UNREADABLE, 1, "output.hex: ")
def the_entry_has_come_and_the_clusters_never_do(board: Pedal) -> None:
    board.drive.write("output.hex", LONG, order="dir-first", partial=1)


@scene(faults.SOURCE_TOO_LARGE, 1, "output.fxc: ")
def a_source_comes_and_hardly_any_memory_is_left(board: Pedal) -> None:
    board.free_bytes = 1000
    board.drive.write("output.fxc", "".join(f".equ name{i} {i}\n" for i in range(40)) + "neg r0\n")


@scene(errors.ADDRESS_NAK, 2, CHIP, present=False)
@scene(errors.NO_PULLUPS, 2, CHIP, supplied=False)
@scene(errors.STATUS_UNREADABLE, 4, "output.hex: ", knobs={"status": "ff"}, settings={"SANDBOX_VERIFY": "strict"})
def a_good_file_comes(board: Pedal) -> None:
    copy(board)


@scene(errors.DATA_NAK, 3, "output.hex: ")
def no_data_are_acknowledged(board: Pedal) -> None:
    board.i2c.fault("nak_data", times=FOREVER)
    copy(board)


@scene(errors.BUS_TIMEOUT, 3, "output.hex: ")
def transfers_time_out(board: Pedal) -> None:
    board.i2c.fault("timeout", times=3 * 3)  # three tries, each with two commands to back out
    copy(board)


@scene(errors.BUS_STUCK, 3, "")
def a_line_is_stuck(board: Pedal) -> None:
    board.i2c.stuck(sda_low=True)
    copy(board)


@scene(errors.CHIP_ERROR, 4, "output.hex: ")
def the_chip_finds_a_wrong_sum(board: Pedal) -> None:
    board.chip.fail_next("MREG", 0x80, times=9)
    copy(board)


class Forgetful(VirtualFXCore):
    """Its status never shows that MREG has arrived."""

    def status_bytes(self) -> bytes:
        good = super().status_bytes()
        return bytes((good[0] & ~0x04,)) + good[1:]


@scene(errors.NOT_RECEIVED, 4, "output.hex: ", chip=Forgetful)
def the_chip_does_not_take_a_block(board: Pedal) -> None:
    copy(board)


@scene(errors.SLOT_NOT_SET, 4, "3.hex: ", knobs={"dead_bits": (3,)})
def a_slot_is_burnt(board: Pedal) -> None:
    copy(board, "3.hex")


@scene(errors.FLASH_ERROR, 4, "3.hex: ")
def the_flash_is_worn_out(board: Pedal) -> None:
    board.chip.flash_error(3, 0x1F)
    copy(board, "3.hex")


@scene(faults.FLASH_LOCKED, 4, "4.hex: ")
def another_slot_comes_with_the_bad_one(board: Pedal) -> None:
    board.chip.flash_error(3, 0x1F)
    copy(board, "4.hex", OTHER)
    copy(board, "3.hex")


@scene(faults.BURN_UNFINISHED, 4, "3.hex: ")
def usb_is_pulled_out_during_a_burn(board: Pedal) -> None:
    copy(board, "3.hex")
    board.run_until(lambda b: b.chip.flashing)
    board.restart()


@scene(faults.SETTING, 5, "SANDBOX_BRIGHTNESS: ", settings={"SANDBOX_BRIGHTNESS": 300})
@scene(faults.EXCEPTION, 5, "")
def nothing_is_done(board: Pedal) -> None:
    board.run(1000)


def errors_told(board: Pedal) -> list[str]:
    return [line for line in board.console.splitlines() if line.startswith("error")]


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_can_happen_and_is_told_with_class_place_and_cause(pedal, planter, code):
    number, where, act, options = SCENES[code]
    if code == faults.EXCEPTION:
        planter.in_calls("sandbox.light", lambda: True)
    board = pedal(
        clock_look_ms=8 if code in LATE else 2,
        **{**options, "chip": options.get("chip", VirtualFXCore)(**options.get("knobs", {}))},
    )
    act(board)
    told_ms = NEVER_WRITTEN_MS if code in LATE else TOLD_MS
    board.run_until(lambda b: any(FAULTS[code][1] in line for line in errors_told(b)), told_ms, poll_ms=20)
    since = board.note()
    board.run(PATTERN_MS)
    assert errors_told(board)[-1].startswith(f"error {number}: {where}")
    assert FAULTS[code][1] in errors_told(board)[-1]
    assert since.errors == []
    # A window of one period may cut a blink in two.
    assert number <= len(since.lit("amber")) <= number + 1
    assert len(since.lit("red")) >= 4


def test_there_is_a_scene_for_every_fault():
    assert set(SCENES) == set(FAULTS)


def test_every_code_that_the_device_knows_is_in_the_table():
    names = {**vars(errors), **vars(faults)}.items()
    assert set(FAULTS) == {code for name, code in names if name.isupper() and isinstance(code, str)}


def test_no_two_faults_have_the_same_sentence():
    sentences = [sentence for _, sentence in FAULTS.values()]
    assert len(set(sentences)) == len(sentences)


def test_a_sentence_names_class_file_line_and_cause():
    fault = errors.Fault(errors.HEX_CHECKSUM, "it is 12, its bytes give 34", 7)
    assert describe(fault, "3.hex").startswith("error 1: 3.hex, line 7: ")
    assert describe(fault, "3.hex").endswith("(it is 12, its bytes give 34)")


def test_the_readme_has_the_same_table():
    head, rows = table("faults")
    assert head == ["class", "code", "sentence"]
    assert rows == [[str(fault_class(code)), code, sentence] for code, (_, sentence) in FAULTS.items()]
