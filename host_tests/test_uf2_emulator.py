# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The images boot on the real interpreter as they are (pytest -m emulator)."""

from collections.abc import Iterator
from functools import cache

import pytest

from host_tests.emulator import Board, Missing, inputs
from host_tests.programs.generate import blocks, random_program, to_hex
from host_tests.uf2_bench import copy_onto_rpi_rp2
from host_tests.uf2_board import BLANK, power_on
from host_tests.virtual.fxcore_chip import VirtualFXCore
from uf2 import image
from uf2.base import read_base
from uf2.compiled import compile_files
from uf2.drive_image import QUIET_FILES, compose
from uf2.files import device_files
from uf2.readback import read_files
from uf2.variants import DEFAULT, DRIVE_IMAGE, image_name

pytestmark = pytest.mark.emulator

SONG = to_hex(random_program(1, 14))
BANNERS = {"disk-hid": "disk and HID", "disk": "disk", "dev": "disk and HID, chatter"}
HID, MASS_STORAGE = 3, 8
DRIVE_AT, LEDGER = 0x100000, slice(0xFF000, 0x100000)


@pytest.fixture(scope="module", autouse=True)
def emulator_inputs() -> None:
    try:
        inputs.firmware()
        inputs.bootrom()
    except Missing as missing:
        pytest.skip(str(missing))


@cache
def images(compiled: bool = False) -> dict[str, bytes]:
    drive_files(compiled)
    return image.compose_images(read_base(inputs.firmware()), DEFAULT, compiled, False)


@cache
def drive_files(compiled: bool) -> dict[str, dict[str, bytes]]:
    """What must be on the drive of each variant, as the source tree was when the images were made."""
    trees = {variant: device_files(variant) for variant in BANNERS}
    return {v: {**QUIET_FILES, **(compile_files(tree) if compiled else tree)} for v, tree in trees.items()}


def connect_chip(board: Board) -> VirtualFXCore:
    chip = VirtualFXCore(now_ms=lambda: board.now_ms)
    board.i2c.attach(chip.address, chip)
    return chip


def check_start(board: Board, variant: str, said_before: int = 0) -> None:
    board.usb.wait_configured()
    board.run_until(f", {BANNERS[variant]}\n", timeout_ms=15000, start=said_before)
    board.run(ms=1500)
    assert "Traceback" not in board.console[said_before:]
    assert "restarted" not in board.console[said_before:]
    classes = [interface["class"] for interface in board.usb.interfaces]
    assert MASS_STORAGE in classes
    assert (HID in classes) == (variant != "disk")


def wait_for_program(board: Board, chip: VirtualFXCore) -> None:
    board.run_until(lambda _: chip.running is not None, timeout_ms=8000)


@pytest.fixture(params=[(v, c) for v in BANNERS for c in (False, True)], ids=lambda p: p[0] + "-mpy" * p[1])
def started(request) -> Iterator[tuple[Board, VirtualFXCore, str, dict[str, bytes]]]:
    """(board, chip, variant, the files that must be on its drive)"""
    variant, compiled = request.param
    files = drive_files(compiled)[variant]
    with power_on(images(compiled)[image_name(variant)]) as board:
        chip = connect_chip(board)
        check_start(board, variant)
        yield board, chip, variant, files


def test_an_image_boots_as_it_is_and_runs_a_dropped_program_twice(started):
    board, chip, variant, files = started
    board.drive.mount()
    assert set(board.drive.list()) == {*files, "boot_out.txt"}
    assert read_files(board.flash_image()[DRIVE_AT:]).items() >= files.items()
    boot_out = board.drive.read("boot_out.txt")
    assert boot_out.endswith(b"boot.py output:\r\nFXCore Sandbox\r\n")
    board.drive.write("output.hex", SONG)
    wait_for_program(board, chip)
    assert chip.running == blocks(SONG)
    board.run(ms=2500)

    board.power_cycle()
    chip.power_off()
    chip.power_on()
    said = len(board.console)
    check_start(board, variant, said)
    wait_for_program(board, chip)
    assert chip.running == blocks(SONG)
    board.drive.mount()
    assert board.drive.read("boot_out.txt") == boot_out
    assert chip.complaints == []


def test_an_update_of_the_drive_keeps_interpreter_and_ledger():
    flash = bytearray(BLANK)
    assert copy_onto_rpi_rp2(images()[image_name("disk")], flash)
    flash[LEDGER] = bytes(range(256)) * 16
    assert copy_onto_rpi_rp2(images()[DRIVE_IMAGE], flash)
    with power_on(images()[DRIVE_IMAGE], bytes(flash)) as board:
        check_start(board, DEFAULT)
        assert board.flash_image()[LEDGER] == flash[LEDGER]


def test_the_drive_is_laid_out_as_circuitpython_itself_does():
    with power_on(inputs.firmware().read_bytes()) as board:
        board.usb.wait_configured()
        board.run(ms=3000)
        own = board.flash_image()[DRIVE_AT : DRIVE_AT + 512]
    ours = compose({})[:512]
    serial = slice(39, 43)
    assert own[: serial.start] + own[serial.stop :] == ours[: serial.start] + ours[serial.stop :]


def test_a_compiled_device_is_the_same_to_the_chip():
    """Every transfer of an upload, byte for byte."""
    logs = []
    for compiled in (False, True):
        with power_on(images(compiled)[image_name("disk")]) as board:
            chip = connect_chip(board)
            check_start(board, "disk")
            since = len(board.i2c.log)
            board.drive.write("output.hex", SONG)
            wait_for_program(board, chip)
            logs.append([(t.addr, t.kind, t.data) for t in board.i2c.log[since:] if t.kind == "w" and t.data])
    assert logs[0] == logs[1]
    assert len(logs[0]) >= 6
