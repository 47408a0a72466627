# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The images: what flashing them does to a board, and that everybody builds the same ones."""

import errno
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from host_tests.uf2.rig import FLASH_SIZE, base_file, copy_onto_rpi_rp2, pages_of, uf2
from uf2 import image
from uf2.base import parse_base
from uf2.blocks import read_blocks
from uf2.compiled import shipped_files
from uf2.files import ROOT, SETTINGS, device_files
from uf2.readback import read_files
from uf2.variants import DEFAULT, DRIVE_IMAGE, VARIANTS, image_name

BASE = base_file()
LEDGER = range(0xFF000, 0x100000)
DRIVE = range(0x100000, 0x200000)


@cache
def images(clean: bool = False, drive_variant: str = DEFAULT, source: bool = False) -> dict[str, bytes]:
    return image.compose_images(parse_base(BASE, "base"), drive_variant, source, clean)


def drive_of(name: str, **options) -> dict[str, bytes | None]:
    return read_drive(images(**options)[name])


def read_drive(file: bytes) -> dict[str, bytes | None]:
    flash = flashed(file)
    return read_files(bytes(flash[DRIVE.start : DRIVE.stop]))


def flashed(file: bytes, before: bytes = bytes(FLASH_SIZE)) -> bytearray:
    """A chip that held something else before; its old content is nowhere erased by itself."""
    flash = bytearray(before)
    assert copy_onto_rpi_rp2(file, flash)
    return flash


def test_there_is_an_image_of_each_variant_and_one_of_the_drive_alone():
    assert list(images()) == [
        "SANDBOXFX_DISK_HID.uf2",
        "SANDBOXFX_DISK.uf2",
        "SANDBOXFX_DEV.uf2",
        "CIRCUITPY.uf2",
    ]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_boot_rom_writes_every_byte_of_interpreter_and_drive(variant):
    file = images()[image_name(variant)]
    flash = flashed(file)
    for offset, payload in {**pages_of(file), **pages_of(BASE)}.items():
        assert flash[offset : offset + 256] == payload, hex(offset)
    assert len(pages_of(file)) == 48 + 4096


def test_what_is_merely_joined_the_boot_rom_ruins():
    """Why the last sector of the interpreter is filled up: this is what would happen."""
    file = images()[image_name(DEFAULT)]
    joined = uf2({at: page for at, page in pages_of(file).items() if at in pages_of(BASE) or at >= DRIVE.start})
    flash = flashed(joined)
    assert any(flash[at : at + 256] != page for at, page in pages_of(joined).items() if at >= DRIVE.start)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_drive_is_that_of_make_drive(variant):
    found = drive_of(image_name(variant))
    hidden = {name for name in found if name.startswith(".")}
    assert hidden == {".fseventsd/no_log", ".metadata_never_index", ".Trashes", ".Trash-1000"}
    assert {name: found[name] for name in found.keys() - hidden} == shipped_files(variant)


def test_the_variants_differ_in_settings_alone():
    drives = [read_drive(images(source=True)[image_name(variant)]) for variant in VARIANTS]
    assert len({drive.pop(SETTINGS) for drive in drives}) == len(VARIANTS)
    assert all(drive == drives[0] for drive in drives)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_drive_alone_leaves_the_interpreter(variant):
    file = images(drive_variant=variant)[DRIVE_IMAGE]
    assert list(pages_of(file)) == list(range(DRIVE.start, DRIVE.stop, 256))
    assert drive_of(DRIVE_IMAGE, drive_variant=variant) == drive_of(image_name(variant))


def test_the_slot_ledger_survives_unless_clean_is_wanted():
    before = b"\xa5" * FLASH_SIZE
    for name, file in images().items():
        assert not set(pages_of(file)) & set(LEDGER), name
        assert flashed(file, before)[LEDGER.start : LEDGER.stop] == before[: len(LEDGER)]
    for name, file in images(clean=True).items():
        flash = flashed(file, before)
        assert flash[LEDGER.start : LEDGER.stop] == b"\xff" * len(LEDGER), name
        assert {at: page for at, page in pages_of(file).items() if at not in LEDGER} == pages_of(images()[name])


def test_nothing_of_an_older_drive_is_left():
    before = b"\x5a" * FLASH_SIZE
    assert b"\x5a" * 16 not in flashed(images()[DRIVE_IMAGE], before)[DRIVE.start : DRIVE.stop]


@pytest.mark.parametrize("name", [*map(image_name, VARIANTS), DRIVE_IMAGE])
def test_blocks_are_numbered_over_the_whole_file(name):
    file = images()[name]
    assert uf2(pages_of(file)) == file
    assert len(read_blocks(file, name)) == len(file) // 512


@pytest.mark.parametrize("pages", [1, 15, 16, 17, 32, 0xFF0])
def test_any_length_of_interpreter_is_flashed_whole(pages):
    base = parse_base(base_file(pages=max(pages, 6)), "base")
    file = image.uf2_file(image.interpreter_blocks(base) + read_blocks(images()[DRIVE_IMAGE], ""))
    flash = flashed(file)
    assert all(flash[at : at + 256] == page for at, page in pages_of(file).items())


def test_the_readme_lists_these_images_and_this_layout():
    rows = [line.split(" | ") for line in (ROOT / "uf2" / "README.md").read_text().splitlines() if line[:1] == "|"]
    assert [row[0].strip("| `") for row in rows if row[0].endswith(".uf2`")] == list(images())
    layout = [(int(row[0][2:], 16), row[1]) for row in rows if row[0].startswith("| 0x")]
    assert layout == [
        (0, f"at most 0x{LEDGER.start - 1:06X}"),
        (LEDGER.start, f"0x{LEDGER.stop - 1:06X}"),
        (DRIVE.start, f"0x{DRIVE.stop - 1:06X}"),
    ]


# Runs before anything else: the clock is 20 years ahead, somebody else is logged in, folders list themselves backwards.
ELSEWHERE = """
import getpass, os, pathlib, time
now, rglob = time.time, pathlib.Path.rglob
time.time = lambda: now() + 20 * 365 * 86400
getpass.getuser = os.getlogin = lambda: "somebody"
pathlib.Path.rglob = lambda self, pattern: reversed(list(rglob(self, pattern)))
"""


def run(arguments, cwd=ROOT, umask=0o022, **environment):
    command = [sys.executable, "-m", "uf2.image", *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=env, umask=umask, capture_output=True, text=True, check=False)


def test_the_same_sources_make_the_same_bytes_whoever_builds_them(tmp_path):
    (tmp_path / "base.uf2").write_bytes(BASE)
    there = tmp_path / "another place"
    tree = [*device_files(), *(path.relative_to(ROOT).as_posix() for path in (ROOT / "uf2").glob("*.py"))]
    for name in reversed(tree):
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, there / name)
        os.utime(there / name, (1, 1))
        (there / name).chmod(0o600)
    arguments = ["--base", tmp_path / "base.uf2", "--out"]
    first = run([*arguments, tmp_path / "1"], TZ="UTC", PYTHONHASHSEED="1")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "sitecustomize.py").write_text(ELSEWHERE)
    second = run(
        [*arguments, tmp_path / "2"], cwd=there, umask=0o077, TZ="Asia/Kathmandu", PYTHONHASHSEED="2", LANG="C",
        USER="somebody", HOME=str(tmp_path), PYTHONPATH=str(tmp_path / "elsewhere"),
    )  # fmt: skip
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    names = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert names == sorted([*images(), image.SUMS])
    for name in names:
        one, other = tmp_path / "1" / name, tmp_path / "2" / name
        assert one.read_bytes() == other.read_bytes(), name
        assert one.stat().st_mode == other.stat().st_mode, name


def test_the_command_names_the_images_and_says_what_flashing_does(tmp_path, capsys):
    (tmp_path / "base.uf2").write_bytes(BASE)
    assert image.main(["--base", str(tmp_path / "base.uf2"), "--clean", "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in images())
    assert "replaces the whole CIRCUITPY drive, the user's files on it included." in said
    assert "CLEAN: " in said
    lines = (tmp_path / "out" / image.SUMS).read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == list(images())


@pytest.mark.parametrize(
    ("base", "arguments", "sentence"),
    [
        (b"<html>", [], "is a web page, not a UF2 file."),
        (base_file(board="raspberry_pi_pico"), [], "not for waveshare_rp2040_zero."),
        (BASE[:9000], [], "is 9000 bytes long"),
        (BASE, ["--variant", "both"], "VARIANT is disk-hid or disk or dev, not both."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_written(base, arguments, sentence, tmp_path, capsys):
    (tmp_path / "base.uf2").write_bytes(base)
    out = tmp_path / "out"
    assert image.main(["--base", str(tmp_path / "base.uf2"), "--out", str(out), *arguments]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("make uf2: ")
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert not out.exists()


def build(tmp_path) -> int:
    (tmp_path / "base.uf2").write_bytes(BASE)
    return image.main(["--base", str(tmp_path / "base.uf2"), "--out", str(tmp_path / "out")])


def test_a_folder_that_cannot_be_written_is_told(tmp_path, capsys):
    (tmp_path / "out").write_text("a file")
    assert build(tmp_path) == 1
    assert "File exists" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"lib/large.bin": bytes(1 << 20)}, "the drive is full: "),
        ({f"lib/sixty/{i}.bin": bytes(16000) for i in range(60)}, "the drive is full: "),
        ({"LIB/other.py": b""}, "'lib/' and 'LIB/' are the same name on the drive."),
        ({"lib/" + "x" * 256: b""}, "a part of its name is longer than 255 characters."),
    ],
)
def test_what_the_drive_cannot_hold_is_said_in_one_sentence_and_nothing_is_written(
    files, sentence, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(image, "shipped_files", lambda *which: {**shipped_files(*which), **files})
    assert build(tmp_path) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert sentence in said.err
    assert not (tmp_path / "out").exists()


def test_a_disk_that_is_full_half_way_leaves_the_images_that_were_there(tmp_path, capsys, monkeypatch):
    assert build(tmp_path) == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    write, room = Path.write_bytes, iter([True, True])

    def write_bytes(path: Path, data: bytes) -> int:
        if path.parent.name == "out" and not next(room, False):
            write(path, data[:1000])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    monkeypatch.setattr(image, "shipped_files", lambda *which: {**shipped_files(*which), "new.txt": b"1"})
    assert build(tmp_path) == 1
    assert "No space left on device." in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_folder_in_the_place_of_an_image_is_told_and_nothing_is_written(tmp_path, capsys):
    in_the_way = tmp_path / "out" / DRIVE_IMAGE
    in_the_way.mkdir(parents=True)
    assert build(tmp_path) == 1
    assert capsys.readouterr().err == f"make uf2: {in_the_way} is a folder.\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == [DRIVE_IMAGE]
