# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What uf2/README.md says of the drive, of repairs and of the way back is true on the real interpreter."""

import pytest

from host_tests.boards.emulator import Board, inputs
from host_tests.boards.emulator.board import FACTORY_FILES
from host_tests.boards.programs.generate import blocks
from host_tests.on_emulator.image_board import OWN, RUNS, SONG, check_start, classes, connect_chip, images
from host_tests.on_emulator.uf2_board import BLANK, power_on
from host_tests.tools.readme import UF2_README, code
from uf2.blocks import ImageError
from uf2.drive_image import QUIET_FILES, compose
from uf2.files import device_files
from uf2.flash import DRIVE, DRIVE_SIZE
from uf2.readback import read_files
from uf2.variants import DEFAULT, image_name

# On the drive: the serial number in the boot sector, the FAT, the label's entry (name and kind) in the top folder.
SERIAL, FAT_AT, LABEL_ENTRY = slice(39, 43), 512, slice(4096, 4096 + 12)


def test_the_drive_is_laid_out_as_circuitpython_itself_does():
    """Boot sector but for the serial number, begin of the FAT, label, and the files that keep desktops quiet."""
    with power_on(inputs.firmware().read_bytes()) as board:
        board.wait_configured()
        board.run(ms=3000)
        own = board.flash_image()[DRIVE:]
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
        board.wait_configured()
        board.run_until("slots in use", timeout_ms=15000)
        board.drive.mount()
        assert b'File "boot.py", line 2\r\nSyntaxError' in board.drive.read("boot_out.txt")
        assert classes(board) == OWN
        board.drive.write("boot.py", device_files()["boot.py"])
        board.run(ms=2500)
        board.reset()
        check_start(board, DEFAULT)
        board.drive.mount()
        assert board.drive.read("boot_out.txt").endswith(b"boot.py output:\r\nFXCore Sandbox\r\n")


def filled(files: dict[str, bytes]) -> dict[str, bytes]:
    """These files and one more that takes all the rest of the drive."""
    for size in range(DRIVE_SIZE, 0, -512):
        full = {**files, "fill.bin": bytes(size)}
        try:
            compose(full)
        except ImageError:
            continue
        return full
    raise AssertionError("the device alone does not fit")


def test_a_full_drive_stops_nothing():
    files = filled(device_files())
    with pytest.raises(ImageError):
        compose({**files, "more.txt": b"1"})
    with Board(flash=BLANK[:DRIVE] + compose(files)) as board:
        chip = connect_chip(board)
        check_start(board, DEFAULT)
        assert read_files(board.flash_image()[DRIVE:]).items() >= files.items()
        board.drive.delete("fill.bin")
        board.drive.write("output.hex", SONG)
        board.run_until(RUNS, timeout_ms=8000)
        assert chip.running == blocks(SONG)


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
        left = read_files(board.flash_image()[DRIVE:])
        assert set(left) == {*QUIET_FILES, *FACTORY_FILES, "boot_out.txt", "code.py"}
        assert left["code.py"] == b'print("Hello World!")\n'
        assert classes(board) == OWN
