# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""make verify finds every difference between an image and what it should be, and no other."""

import random
import re
import shutil
import struct
from functools import cache

import pytest

from host_tests.uf2.rig import base_file, pages_of, uf2
from uf2 import image, readback, verify
from uf2.base import parse_base
from uf2.blocks import ImageError
from uf2.drive_image import compose
from uf2.files import device_files
from uf2.variants import DRIVE_IMAGE, VARIANTS, image_name

pytestmark = pytest.mark.skipif(
    not shutil.which("fsck.fat", path=readback.SYSTEM_FOLDERS),
    reason="fsck.fat is missing (Debian: apt install dosfstools)",
)

BASE = base_file()
DISK_HID, DISK = image_name("disk-hid"), image_name("disk")
DRIVE_AT = 0x100000
FAT_AT, ROOT_AT = 512, 4096


@cache
def images(source: bool = False, clean: bool = False) -> dict[str, bytes]:
    return image.compose_images(parse_base(BASE, "base"), "disk-hid", source, clean)


@pytest.fixture
def check(tmp_path, capsys):
    """Runs make verify on an image; returns the exit status, what it printed and the names of the rows that differ."""
    (tmp_path / "base.uf2").write_bytes(BASE)

    def run(
        data: bytes, name: str = DISK_HID, base: str = "base.uf2", clean: bool = False
    ) -> tuple[int, str, list[str]]:
        (tmp_path / name).write_bytes(data)
        options = [*(["--base", str(tmp_path / base)] if base else []), *["--clean"] * clean]
        status = verify.main([str(tmp_path / name), *options])
        said = capsys.readouterr()
        return status, said.out + said.err, re.findall(r"^DIFFERS\s+(.+?)(?:  |$)", said.out, re.MULTILINE)

    return run


def changed(at: int, data: bytes, name: str = DISK_HID) -> bytes:
    """An image in which this is written at a flash offset instead."""
    pages = pages_of(images()[name])
    for offset, byte in enumerate(data, at):
        page = pages[offset & ~255]
        pages[offset & ~255] = page[: offset % 256] + bytes((byte,)) + page[offset % 256 + 1 :]
    return uf2(pages)


def with_drive(files: dict[str, bytes]) -> bytes:
    """An image with another drive."""
    volume = compose(files)
    pages = pages_of(images()[DISK_HID])
    return uf2({at: volume[at - DRIVE_AT :][:256] if at >= DRIVE_AT else page for at, page in pages.items()})


@pytest.mark.parametrize("name", [*map(image_name, VARIANTS), DRIVE_IMAGE])
@pytest.mark.parametrize("options", [(False, False), (True, False), (False, True)], ids=["compiled", "source", "clean"])
def test_every_image_is_found_right(check, name, options):
    status, said, differing = check(images(*options)[name], name, clean=options[1])
    assert (status, differing) == (0, []), said
    as_source = options[0] or name == image_name("dev")
    assert re.search(rf"modules +{'source' if as_source else 'compiled'}\n", said)
    assert ("forgotten" in said) == options[1]
    assert f"{len(device_files()) + 4} of {len(device_files()) + 4} identical" in said
    assert re.search(r"free space +(\d+) bytes, \1 expected", said)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_renamed_image_is_known_by_its_settings(check, variant):
    status, said, _ = check(images()[image_name(variant)], "renamed.uf2")
    assert status == 0
    assert re.search(rf"variant +{variant}: SANDBOX_HID = ", said)


def test_an_image_under_the_name_of_another_is_found_out(check):
    status, said, differing = check(images()[DISK_HID], DISK)
    assert (status, differing) == (1, ["variant", "files", "file", "whole drive"])
    assert "settings.toml differs from byte " in said


def test_interpreter_and_drive_alone_are_not_taken_for_each_other(check):
    assert check(images()[DISK_HID], "CIRCUITPY.uf2")[2] == ["interpreter"]
    assert check(images()["CIRCUITPY.uf2"], DISK_HID)[2] == ["interpreter"]


def test_another_interpreter_is_found_out(check, tmp_path):
    (tmp_path / "other.uf2").write_bytes(base_file(seed=2))
    assert check(images()[DISK_HID], base="other.uf2")[2] == ["base SHA-256"]
    assert check(images()[DISK_HID], base="")[2] == ["base SHA-256"]
    status, said, differing = check(changed(5000, b"\xa5\x5a"))
    assert (status, differing) == (1, ["base SHA-256"])
    assert "not that of" in said


def test_a_filler_that_is_not_erased_flash_is_found_out(check):
    assert check(changed(37 * 256, b"\0"))[2] == ["base SHA-256"]


def test_a_ledger_that_would_be_overwritten_is_found_out(check):
    pages = pages_of(images(clean=True)[DISK_HID])
    pages[0xFF300] = b"\xff" * 255 + b"\xfe"
    status, said, differing = check(uf2(pages))
    assert (status, differing) == (1, ["slot ledger"])
    assert "overwritten with something" in said


@pytest.mark.parametrize("name", [DISK_HID, DRIVE_IMAGE])
@pytest.mark.parametrize("made_clean", [False, True])
def test_a_ledger_is_forgotten_by_an_image_that_is_to_do_so_and_no_other(check, name, made_clean):
    file = images(clean=made_clean)[name]
    assert check(file, name, clean=not made_clean)[2] == ["slot ledger"]
    assert check(file, name, clean=made_clean)[2] == []


def test_files_that_differ_are_named(check):
    files = device_files()
    files["code.py"] = files["code.py"][:-1] + b"!"
    files["boot.py"] = files["boot.py"][:-700]
    files["sandbox/extra.py"] = b"1"
    del files["fxcore/errors.py"]
    status, said, differing = check(with_drive(files))
    assert status == 1
    assert differing == ["files", *["file"] * 4, "free space", "whole drive"]
    assert f"code.py differs from byte {len(files['code.py']) - 1} on" in said
    assert f"boot.py differs from byte {len(files['boot.py'])} on" in said
    assert "sandbox/extra.py does not belong there" in said
    assert "fxcore/errors.py is missing" in said


def test_what_is_hidden_in_free_space_is_found_out(check):
    assert check(changed(0x1FFF00, b"secret"))[2] == ["whole drive"]


def test_another_label_is_found_out(check):
    status, _, differing = check(changed(DRIVE_AT + ROOT_AT, b"SOMETHING"))
    assert (status, differing) == (1, ["file system", "label"])


def test_a_lost_cluster_is_found_out(check):
    """The last entry of the FAT: cluster 2009 is taken by nobody."""
    assert check(changed(DRIVE_AT + FAT_AT + 2009 * 3 // 2, b"\xf0\xff"))[2] == ["file system"]


def test_chains_that_lead_astray_are_found_out(check):
    assert check(changed(DRIVE_AT + FAT_AT + 12, b"\x07\x70\x00" * 300))[2] == ["file system"]


def with_word(index: int, value: int, block: int = 100) -> bytes:
    """An image with another word in the header of a block."""
    file = bytearray(images()[DISK_HID])
    struct.pack_into("<I", file, 512 * block + 4 * index, value)
    return bytes(file)


def without(*offsets: int) -> bytes:
    """An image without the pages at these flash offsets."""
    return uf2({at: page for at, page in pages_of(images()[DISK_HID]).items() if at not in offsets})


def swapped() -> bytes:
    """An image whose second and third block have changed places."""
    file = images()[DISK_HID]
    return file[:512] + file[1024:1536] + file[512:1024] + file[1536:]


BLOCKS_DAMAGED = {
    "a web page": (lambda: b"<html>", "is a web page, not a UF2 file."),
    "empty": (lambda: b"", "is not a UF2 file."),
    "cut short": (lambda: images()[DISK_HID][:-512], "bytes long, not"),
    "cut within a block": (lambda: images()[DISK_HID][:-100], "bytes long, not"),
    "grown": (lambda: images()[DISK_HID] + bytes(512), "bytes long, not"),
    "first magic": (lambda: with_word(0, 0x0A324654), "block 100 of 4144 is damaged."),
    "second magic": (lambda: with_word(1, 0x9E5D5156), "block 100 of 4144 is damaged."),
    "last magic": (lambda: images()[DISK_HID][:-1] + b"!", "block 4143 of 4144 is damaged."),
    "flags": (lambda: with_word(2, 0x2001), "block 100 of 4144 is for a chip of family"),
    "address": (lambda: with_word(3, 0x10034410), "block 100 of 4144 is no page of flash"),
    "size": (lambda: with_word(4, 255), "block 100 of 4144 is no page of flash"),
    "number": (lambda: with_word(5, 101), "block 100 of 4144 calls itself 101 of 4144."),
    "count": (lambda: with_word(6, 4145), "block 100 of 4144 calls itself 100 of 4145."),
    "family": (lambda: with_word(7, 0xE48BFF59), "is for a chip of family 0xE48BFF59, not the RP2040"),
    "padding": (lambda: with_word(100, 1), "block 100 of 4144 is damaged."),
    "a page twice": (lambda: with_word(3, 0x10000000), "writes a page of flash twice."),
    "out of order": (swapped, "block 1 of 4144 calls itself 2 of 4144."),
    "a page of the interpreter missing": (lambda: without(512), "is not where its sector of 16 has it."),
    "a page of the drive missing": (lambda: without(DRIVE_AT + 512), "is not where its sector of 16 has it."),
}


@pytest.mark.parametrize("damage", BLOCKS_DAMAGED)
def test_damaged_blocks_are_found_out_and_said_in_one_sentence(check, damage):
    make, sentence = BLOCKS_DAMAGED[damage]
    status, said, differing = check(make())
    assert (status, differing) == (1, ["blocks"])
    assert sentence in said
    assert said.count("\n") == 1


def test_a_sector_that_is_missing_is_found_out(check):
    assert check(without(*range(4096, 8192, 256)))[2] == ["base SHA-256"]
    assert check(without(*range(DRIVE_AT + 4096, DRIVE_AT + 8192, 256)))[2] == ["drive"]


def test_a_byte_that_changed_anywhere_is_found_out(check):
    good, chance = images()[DISK_HID], random.Random(6)
    for _ in range(25):
        at = chance.randrange(len(good))
        damaged = good[:at] + bytes((good[at] ^ 1 << chance.randrange(8),)) + good[at + 1 :]
        status, said, differing = check(damaged)
        assert (status, bool(differing)) == (1, True), (at, said)


def test_no_volume_at_all_is_found_out(check):
    assert check(changed(DRIVE_AT, bytes(512)))[2] == ["file system", "label"]
    with pytest.raises(ImageError, match="there is no FAT volume where the drive should be"):
        readback.read_files(bytes(1 << 20))


def test_a_drive_that_is_not_whole_is_found_out(check):
    pages = dict(list(pages_of(images()[DISK_HID]).items())[:-16])
    assert check(uf2(pages))[2] == ["drive"]


def test_settings_of_no_variant_are_refused_under_an_unknown_name(check):
    files = {**device_files(), "settings.toml": b"SANDBOX_HID = 2\n"}
    status, said, differing = check(with_drive(files), "mine.uf2")
    assert (status, differing) == (1, ["variant"])
    assert said.endswith("settings.toml is that of no variant.\n")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("gone.uf2", "gone.uf2: No such file or directory."), ("", "say which: make verify UF2=file")],
)
def test_a_file_that_is_not_there_is_named(capsys, name, sentence):
    assert verify.main([name]) == 1
    assert capsys.readouterr().err.startswith(f"make verify: {sentence}")


def test_without_dosfstools_it_says_what_to_install(check, monkeypatch):
    monkeypatch.setattr(readback, "SYSTEM_FOLDERS", "/nowhere")
    status, said, _ = check(images()[DISK_HID])
    assert (status, "is not installed (apt install dosfstools" in said) == (1, True)


def test_no_damage_goes_unseen_or_ends_in_a_traceback():
    volume = compose(device_files())
    chance = random.Random(4)
    for _ in range(40):
        damaged = bytearray(volume)
        for at in [chance.choice([chance.randrange(512, 20480), chance.randrange(20480, 60000)]) for _ in range(5)]:
            damaged[at] ^= chance.randrange(1, 256)
        assert not all(row.good for row in verify.check_drive(bytes(damaged), DISK_HID))
