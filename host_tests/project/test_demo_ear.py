# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the demo's chip plays is rendered, once each, and said."""

import sys

import soundfile

from fxcore.program import SECTIONS
from host_tests.boards.programs.generate import FOLDER, blocks
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from host_tests.boards.virtual.fxcore.parts import RUN, RUNNING_FROM_RAM, Image
from host_tests.demo.ear import Ear, program_of
from host_tests.demo.real import is_the_boards
from sandboxfx import programs

SWAP, SWAY = (blocks((FOLDER / f"{name}.hex").read_text()) for name in ("swap", "sway"))


def run_from_ram(chip: VirtualFXCore, image: Image) -> None:
    chip.mode = RUNNING_FROM_RAM
    chip._transfers.image = image


def test_a_program_that_runs_from_ram_is_rendered_once_with_its_picture(tmp_path):
    chip = VirtualFXCore()
    ear = Ear(chip, tmp_path)
    ear.poll()
    for _ in range(2):
        run_from_ram(chip, SWAP)
        ear.poll()
        chip.mode = RUN
        ear.poll()
    ear.finish()
    assert ear.told == ["heard/swap.wav and .png: a plucked string through swap, 6.0 s"]
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["swap.png", "swap.wav"]
    sound, rate = soundfile.read(str(tmp_path / "heard" / "swap.wav"))
    assert (rate, len(sound)) == (48000, 288000)
    assert abs(sound).max() > 0.4


def test_a_program_that_is_burnt_is_rendered(tmp_path):
    chip = VirtualFXCore()
    ear = Ear(chip, tmp_path)
    chip.slots[3] = SWAP
    chip.writes[3] += 1
    ear.poll()
    ear.finish()
    assert [said.split(":")[0] for said in ear.told] == ["heard/swap.wav and .png"]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    chip = VirtualFXCore()
    (tmp_path / "heard").write_text("in the way")
    ear = Ear(chip, tmp_path)
    run_from_ram(chip, SWAP)
    ear.poll()
    ear.finish()
    assert ear.told[0].startswith("swap was not heard: ")


def test_where_sound_is_wanted_and_there_is_no_sound_device_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    chip = VirtualFXCore()
    ear = Ear(chip, tmp_path, is_loud=True)
    run_from_ram(chip, SWAP)
    ear.poll()
    ear.finish()
    assert ear.told[0].endswith("6.0 s (There is no PortAudio on this computer.)")


def test_who_leaves_early_leaves_no_half_file(tmp_path):
    ear = Ear(VirtualFXCore(), tmp_path)
    (tmp_path / "heard").mkdir()
    (tmp_path / "heard" / "cloud.wav.part").write_bytes(b"half")
    ear.leave()
    assert not list((tmp_path / "heard").iterdir())


def test_the_chips_blocks_are_the_program_of_the_file():
    image, read = program_of(SWAY), programs.load(FOLDER / "sway.hex")
    assert [bytes(image.block(one)) for one in SECTIONS] == [bytes(read.block(one)) for one in SECTIONS]
    assert image.instructions == read.instructions


def test_what_was_heard_is_not_copied_onto_the_emulated_boards_drive():
    assert [is_the_boards(name) for name in ("heard/sway.wav", "examples/sway.hex", "output.hex")] == [
        False,
        True,
        True,
    ]
