# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The device on the real interpreter as an image brings it: the images, and how it must come up."""

from functools import cache

from host_tests.boards.emulator import Board, inputs
from host_tests.boards.programs.generate import random_program, to_hex
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from sandbox.version import VERSION
from uf2 import image
from uf2.base import read_base
from uf2.compiled import shipped_files
from uf2.drive_image import QUIET_FILES
from uf2.variants import DEFAULT

SONG = to_hex(random_program(1, 14))
BANNERS = {"disk-hid": "disk and HID", "disk": "disk", "dev": "disk and HID, chatter"}
INTRODUCTION = [
    "FXCore 0x30 at 100 kHz",
    "FXCore 0x30: device ID 0001, serial number 12345678, slots in use: 0 1 2 3 4 5 6 7 8 9 A B C D E F",
]
RUNS = "output.hex: running, 14 instructions"
CHATTER = ("drive: ", "job: ", "chip: ")
# Interface classes: console (two), drive, HID; what CircuitPython offers by itself has MIDI (two) besides.
DISK, DISK_AND_HID, OWN = [2, 10, 8], [2, 10, 8, 3], [2, 10, 8, 3, 1, 1]
I2C_STATUS = 0xC0


@cache
def images(source: bool = False) -> dict[str, bytes]:
    drive_files(source)
    return image.compose_images(read_base(inputs.firmware()), DEFAULT, source, False)


@cache
def drive_files(source: bool) -> dict[str, dict[str, bytes]]:
    """What must be on the drive of each variant, as the source tree was when the images were made."""
    return {variant: {**QUIET_FILES, **shipped_files(variant, source)} for variant in BANNERS}


def connect_chip(board: Board) -> VirtualFXCore:
    chip = VirtualFXCore(now_ms=lambda: board.now_ms)
    board.i2c.attach(chip.address, chip)
    return chip


def classes(board: Board) -> list[int]:
    return [interface["class"] for interface in board.usb.interfaces]


def check_start(board: Board, variant: str, *more: str) -> None:
    """Runs until the device has come up; it introduces its chip, says these lines, and nothing else."""
    said_before = len(board.console)
    board.wait_configured()
    board.run_until(more[-1] if more else "slots in use", timeout_ms=15000, start=said_before)
    board.run(ms=1500)
    lines = [line for line in board.console[said_before:].splitlines() if line]
    chatter = [line for line in lines if line.startswith(CHATTER)]
    assert bool(chatter) == (variant == "dev")
    banner = f"FXCore Sandbox {VERSION}, {BANNERS[variant]}"
    assert [line for line in lines if line not in chatter] == [banner, *INTRODUCTION, *more]
    assert classes(board) == (DISK if variant == "disk" else DISK_AND_HID)
    if variant != "disk":
        assert board.hid.get_feature(I2C_STATUS, 4)[1:] == b"\x64\0\0"


def wait_for_program(board: Board, chip: VirtualFXCore) -> None:
    board.run_until(lambda _: chip.running is not None, timeout_ms=8000)
