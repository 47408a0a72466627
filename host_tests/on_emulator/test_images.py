# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The images boot on the real interpreter as they are, compiled or not, and can be updated."""

from collections.abc import Iterator

import pytest

from host_tests.boards.emulator import Board
from host_tests.boards.programs.generate import blocks
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.on_emulator.image_board import (
    RUNS,
    SONG,
    check_start,
    connect_chip,
    drive_files,
    images,
    wait_for_program,
)
from host_tests.on_emulator.uf2_board import BLANK, power_on
from host_tests.uf2.rig import copy_onto_rpi_rp2
from uf2.compiled import compile_files, shipped_files
from uf2.files import device_files
from uf2.flash import DRIVE, NVM
from uf2.readback import read_files
from uf2.variants import DEFAULT, DRIVE_IMAGE, image_name

BOOTED = [("disk-hid", False), ("disk", False), ("dev", False), ("disk-hid", True), ("disk", True)]  # True: SOURCE=1
LEDGER = slice(NVM, DRIVE)


@pytest.fixture(params=BOOTED, ids=lambda p: p[0] + "-source" * p[1])
def started(request) -> Iterator[tuple[Board, VirtualFXCore, str, dict[str, bytes]]]:
    """(board, chip, variant, the files that must be on its drive)"""
    variant, source = request.param
    files = drive_files(source)[variant]
    with power_on(images(source)[image_name(variant)]) as board:
        chip = connect_chip(board)
        check_start(board, variant)
        yield board, chip, variant, files


def test_an_image_boots_as_it_is_twice_and_runs_a_dropped_program_at_every_start(started):
    board, chip, variant, files = started
    board.drive.mount()
    assert set(board.drive.list()) == {*files, "boot_out.txt"}
    assert read_files(board.flash_image()[DRIVE:]).items() >= files.items()
    boot_out = board.drive.read("boot_out.txt")
    assert boot_out.endswith(b"boot.py output:\r\nFXCore Sandbox\r\n")

    board.power_cycle()
    check_start(board, variant)
    board.drive.write("output.hex", SONG)
    wait_for_program(board, chip)
    assert chip.running == blocks(SONG)
    board.run(ms=2500)

    board.power_cycle()
    chip.power_off()
    chip.power_on()
    check_start(board, variant, RUNS)
    assert chip.running == blocks(SONG)
    board.drive.mount()
    assert board.drive.read("boot_out.txt") == boot_out
    assert chip.complaints == []


def test_an_update_of_the_drive_keeps_interpreter_and_ledger():
    flash = bytearray(BLANK)
    assert copy_onto_rpi_rp2(images()[image_name("disk")], flash)
    flash[LEDGER] = bytes(range(256)) * 16
    before = flash[: LEDGER.stop]
    assert copy_onto_rpi_rp2(images()[DRIVE_IMAGE], flash)
    assert flash[: LEDGER.stop] == before
    with power_on(images()[DRIVE_IMAGE], bytes(flash)) as board:
        connect_chip(board)
        check_start(board, DEFAULT)
        assert board.nvm() == flash[LEDGER]


def test_a_py_beside_an_mpy_is_read_in_its_place():
    files = {**shipped_files("disk"), "sandbox/version.py": b'VERSION = "of my own"\n'}
    assert "sandbox/version.mpy" in files
    with Board(files) as board:
        connect_chip(board)
        board.run_until("FXCore Sandbox of my own, disk", timeout_ms=15000)
        board.run_until("slots in use", timeout_ms=15000)


def test_a_compiled_module_that_fails_is_told_with_the_line_of_its_source():
    name, place, failure = "sandbox/console.py", "    def poll(self):\n", "        raise ValueError(self._next)\n"
    source = device_files("disk")
    lines = source[name].decode().replace(place, place + failure).splitlines(keepends=True)
    broken = compile_files({**source, name: "".join(lines).encode()})
    assert failure in lines
    with Board(broken) as board:
        connect_chip(board)
        board.run_until("error 5: ", timeout_ms=15000)
    assert f'  File "{name}", line {lines.index(failure) + 1}, in poll\nValueError: ' in board.console


def test_a_compiled_device_is_the_same_to_the_chip():
    """Every transfer of an upload, byte for byte."""
    logs = []
    for source in (True, False):
        with power_on(images(source)[image_name("disk")]) as board:
            chip = connect_chip(board)
            check_start(board, "disk")
            assert source != ({name for name in board.drive.list() if name.endswith(".py")} == {"boot.py", "code.py"})
            since = len(board.i2c.log)
            board.drive.write("output.hex", SONG)
            wait_for_program(board, chip)
            assert chip.running == blocks(SONG)
            logs.append([(t.addr, t.kind, t.data, t.acked, t.stop) for t in board.i2c.log[since:] if t.data])
    assert logs[0] == logs[1]
