# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The emulator's inputs: found, checked, or missed in one sentence."""

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from host_tests.boards.emulator import inputs, prepare
from host_tests.boards.emulator.errors import Missing
from host_tests.uf2.rig import OTHER_VERSION, base_file
from uf2.blocks import ImageError
from uf2.release import VERSION

RELEASED = bytes(16) + b"Mu\x01\x02" + bytes(range(256)) * 63 + bytes(236)


def elf(rom: bytes) -> bytes:
    """The ROM as its maker releases it: an ELF file with one loaded segment."""
    header = (
        b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 40, 1, 0, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    )
    return header + struct.pack("<8I", 1, 0x1000, 0, 0, len(rom), len(rom), 5, 0x1000) + bytes(0x1000 - 84) + rom


def listing(rom: bytes) -> bytes:
    words = ", ".join(f"0x{word:08x}" for (word,) in struct.iter_unpack("<I", rom))
    return f"export const rom = new Uint32Array([\n{words},\n]);\n".encode()


@pytest.fixture(autouse=True)
def no_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*inputs.FIRMWARE_VARIABLES, *inputs.OLDER_VARIABLES, *inputs.BOOTROM_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(inputs, "BOOTROM_SHA256", hashlib.sha256(RELEASED).hexdigest())
    monkeypatch.setattr(inputs, "BOOTROM_FILE", tmp_path / "cache" / "rom.bin")
    monkeypatch.setattr(inputs, "OLDER_FILE", tmp_path / "cache" / "older.uf2")
    monkeypatch.setattr(inputs, "CACHE", tmp_path / "cache")


@pytest.mark.parametrize("form", [bytes, elf, listing])
def test_the_boot_rom_is_read_in_each_form(tmp_path: Path, form: object) -> None:
    path = tmp_path / "rom"
    path.write_bytes(form(RELEASED))  # type: ignore[operator]
    assert inputs.read_bootrom(path) == RELEASED


def revision(number: int, last: int = 0) -> bytes:
    """A boot ROM that calls itself so, with another last byte."""
    return RELEASED[:19] + bytes([number]) + RELEASED[20:-1] + bytes([last])


@pytest.mark.parametrize("number", [1, 3])
def test_a_revision_whose_sum_is_not_known_is_taken(tmp_path: Path, number: int) -> None:
    path = tmp_path / "rom"
    path.write_bytes(revision(number))
    assert inputs.read_bootrom(path) == revision(number)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        RELEASED[:-1],
        bytes(16384),
        revision(0),
        revision(4),
        elf(bytes(16384)),
        elf(RELEASED)[:40],
        elf(RELEASED)[:80],
        elf(RELEASED)[:-1],
        elf(RELEASED)[:42] + bytes(10) + elf(RELEASED)[52:],
        listing(RELEASED[:-4]),
        b"UF2\n [F] \x85",
        b"[abc]",
        b"[1 2]",
        b"[0x1ffffffff]",
    ],
)
def test_what_is_no_boot_rom_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rom"
    path.write_bytes(content)
    with pytest.raises(Missing, match=r"rom is not the RP2040's boot ROM, which .* \(.*unless BOOTROM=path .*\)\.$"):
        inputs.read_bootrom(path)


@pytest.mark.parametrize("form", [bytes, elf, listing])
def test_a_known_revision_that_has_changed_is_refused(tmp_path: Path, form: object) -> None:
    path = tmp_path / "rom"
    path.write_bytes(form(revision(2, last=1)))  # type: ignore[operator]
    with pytest.raises(Missing, match="is not the boot ROM of revision B1 as it was released"):
        inputs.read_bootrom(path)


def test_a_boot_rom_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"rom: No such file or directory \(make test-vm fetches it"):
        inputs.read_bootrom(tmp_path / "rom")


@pytest.mark.parametrize(
    ("find", "variable"),
    [(inputs.bootrom, "BOOTROM"), (inputs.firmware, "BASE"), (inputs.older_firmware, "BASE_9")],
)
def test_a_missing_input_says_how_to_get_it(find: Callable[[], object], variable: str) -> None:
    with pytest.raises(Missing, match=rf"there is no .*\(make test-vm fetches it unless {variable}=path names a local"):
        find()


def test_a_named_boot_rom_goes_before_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.bin"
    path.write_bytes(RELEASED)
    monkeypatch.setenv("BOOTROM", str(path))
    assert inputs.bootrom() == path


def test_a_firmware_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wrong.uf2"
    path.write_bytes(b"<!doctype html>")
    monkeypatch.setenv("BASE", str(path))
    with pytest.raises(Missing, match=r"is a web page, not a UF2 file \(make test-vm fetches it unless BASE=path"):
        inputs.firmware()


def test_the_boot_rom_is_fetched_once_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def release(url: str) -> bytes:
        asked.append(url)
        return elf(RELEASED)

    monkeypatch.setattr(prepare, "download", release)
    prepare.bring_bootrom()
    prepare.bring_bootrom()
    assert asked == [inputs.BOOTROM_URL]
    assert inputs.BOOTROM_FILE.read_bytes() == RELEASED


def test_another_file_than_was_released_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "download", lambda _: elf(revision(2, last=1)))
    for bring, kept in (
        (prepare.bring_bootrom, inputs.BOOTROM_FILE),
        (prepare.bring_older_firmware, inputs.OLDER_FILE),
    ):
        with pytest.raises(Missing, match=r"another file than was released \((BOOTROM|BASE_9)=path"):
            bring()
        assert not kept.exists()


def test_without_a_network_one_sentence_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> bytes:
        raise ImageError(f"{url} cannot be downloaded: no route (BASE=path takes a local file).")

    monkeypatch.setattr(prepare, "download", fail)
    with pytest.raises(Missing, match=r"cannot be downloaded: no route \(BOOTROM=path takes a local file\)\.$"):
        prepare.bring_bootrom()


def test_who_names_one_firmware_is_asked_for_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE", str(tmp_path / "mine.uf2"))
    assert inputs.older_firmware() is None
    monkeypatch.setenv("BASE_9", str(tmp_path / "older.uf2"))
    with pytest.raises(Missing, match=r"older\.uf2: there is no CircuitPython"):
        prepare.bring_older_firmware()


def test_the_older_firmware_must_be_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, name, version in (("BASE", "mine.uf2", OTHER_VERSION), ("BASE_9", "older.uf2", "9.0.1")):
        (tmp_path / name).write_bytes(base_file(version=version))
        monkeypatch.setenv(variable, str(tmp_path / name))
    assert inputs.older_firmware() == tmp_path / "older.uf2"
    (tmp_path / "older.uf2").write_bytes(base_file(version=OTHER_VERSION))
    with pytest.raises(
        Missing, match=rf"older\.uf2 is CircuitPython {OTHER_VERSION}, which is tried anyway: BASE_9=path"
    ):
        inputs.older_firmware()


def test_the_older_firmware_is_of_the_same_store() -> None:
    assert inputs.OLDER_VERSION in inputs.OLDER_URL
    assert VERSION not in inputs.OLDER_URL
