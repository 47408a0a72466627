# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The images boot on the real interpreter as they are; what uf2/README.md says of repairs and the way back is true."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from host_tests.emulator import Board, inputs
from host_tests.programs.generate import blocks, random_program, to_hex
from host_tests.readme import UF2_README, code
from host_tests.uf2_bench import copy_onto_rpi_rp2
from host_tests.uf2_board import BLANK, power_on
from host_tests.virtual.fxcore_chip import VirtualFXCore
from sandbox.version import VERSION
from uf2 import image
from uf2.base import read_base
from uf2.blocks import ImageError
from uf2.compiled import compile_files
from uf2.drive_image import QUIET_FILES, compose
from uf2.files import device_files
from uf2.flash import DRIVE_SIZE
from uf2.readback import read_files
from uf2.variants import DEFAULT, DRIVE_IMAGE, image_name

SONG = to_hex(random_program(1, 14))
BANNERS = {"disk-hid": "disk and HID", "disk": "disk", "dev": "disk and HID, chatter"}
BOOTED = [("disk-hid", False), ("disk", False), ("dev", False), ("disk-hid", True), ("disk", True)]  # True: MPY=1
TOLD = ("drive: ", "job: ", "chip: ")
CONSOLE, HID, MASS_STORAGE = 2, 3, 8
I2C_STATUS = 0xC0
DRIVE_AT, LEDGER = 0x100000, slice(0xFF000, 0x100000)
# On the drive: the serial number in the boot sector, the FAT, the label's entry (name and kind) in the top folder.
SERIAL, FAT_AT, LABEL_ENTRY = slice(39, 43), 512, slice(4096, 4096 + 12)


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


def check_start(board: Board, variant: str) -> list[str]:
    """Runs until the device has come up and introduced its chip; returns what it said, times left out."""
    said_before = len(board.console)
    board.usb.wait_configured()
    board.run_until("slots in use", timeout_ms=15000, start=said_before)
    board.run(ms=1500)
    lines = [re.sub(r"\d+ ms", "N ms", line) for line in board.console[said_before:].splitlines() if line]
    assert lines[0] == f"FXCore Sandbox {VERSION}, {BANNERS[variant]}"
    assert not [line for line in lines if "Traceback" in line or line.startswith("error")]
    assert any(line.startswith(TOLD) for line in lines) == (variant == "dev")
    classes = [interface["class"] for interface in board.usb.interfaces]
    assert {MASS_STORAGE, CONSOLE} <= set(classes)
    assert (HID in classes) == (variant != "disk")
    if HID in classes:
        assert board.hid.get_feature(I2C_STATUS, 4)[1] == 100
    return lines


def wait_for_program(board: Board, chip: VirtualFXCore) -> None:
    board.run_until(lambda _: chip.running is not None, timeout_ms=8000)


@pytest.fixture(params=BOOTED, ids=lambda p: p[0] + "-mpy" * p[1])
def started(request) -> Iterator[tuple[Board, VirtualFXCore, str, dict[str, bytes], list[str]]]:
    """(board, chip, variant, the files that must be on its drive, what it said)"""
    variant, compiled = request.param
    files = drive_files(compiled)[variant]
    with power_on(images(compiled)[image_name(variant)]) as board:
        chip = connect_chip(board)
        yield board, chip, variant, files, check_start(board, variant)


def test_an_image_boots_as_it_is_twice_and_runs_a_dropped_program_at_every_start(started):
    board, chip, variant, files, lines = started
    board.drive.mount()
    assert set(board.drive.list()) == {*files, "boot_out.txt"}
    assert read_files(board.flash_image()[DRIVE_AT:]).items() >= files.items()
    boot_out = board.drive.read("boot_out.txt")
    assert boot_out.endswith(b"boot.py output:\r\nFXCore Sandbox\r\n")

    board.power_cycle()
    assert check_start(board, variant) == lines
    board.drive.write("output.hex", SONG)
    wait_for_program(board, chip)
    assert chip.running == blocks(SONG)
    board.run(ms=2500)

    board.power_cycle()
    chip.power_off()
    chip.power_on()
    check_start(board, variant)
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
        connect_chip(board)
        check_start(board, DEFAULT)
        assert board.nvm() == flash[LEDGER]


def test_the_drive_is_laid_out_as_circuitpython_itself_does():
    """Boot sector but for the serial number, begin of the FAT, label, and the files that keep desktops quiet."""
    with power_on(inputs.firmware().read_bytes()) as board:
        board.usb.wait_configured()
        board.run(ms=3000)
        own = board.flash_image()[DRIVE_AT:]
    ours = compose({})
    assert len(own) == len(ours)
    assert own[: SERIAL.start] == ours[: SERIAL.start]
    assert own[SERIAL.stop : FAT_AT + 3] == ours[SERIAL.stop : FAT_AT + 3]
    assert own[LABEL_ENTRY] == ours[LABEL_ENTRY]
    hidden = {name: content for name, content in read_files(own).items() if name.startswith(".")}
    assert hidden == read_files(ours) == QUIET_FILES


def test_a_broken_boot_py_leaves_drive_and_console_and_says_what_it_is():
    files = {**device_files(), "boot.py": b"import storage\nbroken = = 1\n"}
    with Board(files) as board:
        connect_chip(board)
        board.usb.wait_configured()
        board.run_until("slots in use", timeout_ms=15000)
        board.drive.mount()
        assert b'File "boot.py", line 2\r\nSyntaxError' in board.drive.read("boot_out.txt")
        board.drive.write("boot.py", device_files()["boot.py"])
        board.run(ms=2500)
        board.reset()
        check_start(board, DEFAULT)
        board.drive.mount()
        assert board.drive.read("boot_out.txt").endswith(b"boot.py output:\r\nFXCore Sandbox\r\n")


def filled(files: dict[str, bytes]) -> bytes:
    """A drive with these files and one more that takes all the rest."""
    for size in range(DRIVE_SIZE, 0, -512):
        try:
            return compose({**files, "fill.bin": bytes(size)})
        except ImageError:
            continue
    raise AssertionError("the device alone does not fit")


def test_a_full_drive_stops_nothing():
    with Board(flash=BLANK[:DRIVE_AT] + filled(device_files())) as board:
        connect_chip(board)
        check_start(board, DEFAULT)
        board.drive.delete("fill.bin")
        board.drive.write("output.hex", SONG)
        board.run_until("running, 14 instructions", timeout_ms=8000)


def test_the_way_back_to_plain_circuitpython():
    with power_on(images()[image_name(DEFAULT)]) as board:
        connect_chip(board)
        check_start(board, DEFAULT)
        board.console_write("\x03")
        board.run(ms=1000)
        board.console_write("\r")
        board.run_until(">>> ", timeout_ms=3000)
        board.console_write(code("erase", UF2_README) + "\r")
        board.run(ms=8000)
        assert {*QUIET_FILES, "boot_out.txt", "code.py"} <= set(read_files(board.flash_image()[DRIVE_AT:]))
        assert "boot.py" not in read_files(board.flash_image()[DRIVE_AT:])


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
