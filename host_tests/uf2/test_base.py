# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""An image is built on CircuitPython for this board, whole and undamaged, or not at all."""

import hashlib
import struct
from pathlib import Path

import pytest

from host_tests.uf2.rig import OTHER_VERSION, RP2350, base_file, pages_of, uf2
from uf2 import base as base_module
from uf2.base import parse_base, read_base
from uf2.blocks import ImageError, check_sectors, read_blocks
from uf2.release import SHA256, VERSION

GOOD = base_file()
BLOCKS = len(GOOD) // 512


def patched(at: int, data: bytes, file: bytes = GOOD) -> bytes:
    return file[:at] + data + file[at + len(data) :]


def word(block: int, index: int, value: int) -> bytes:
    """GOOD with another word in the header of a block."""
    return patched(block * 512 + 4 * index, struct.pack("<I", value))


def refusal(data: bytes) -> str:
    with pytest.raises(ImageError) as caught:
        parse_base(data, "base.uf2")
    assert str(caught.value).startswith("base.uf2")
    assert str(caught.value).endswith(".")
    return str(caught.value)


def test_a_good_base_tells_its_version_and_board():
    base = parse_base(GOOD, "base.uf2")
    assert (base.version, len(base.blocks)) == (OTHER_VERSION, 37)
    assert base.banner == f"CircuitPython {OTHER_VERSION} on 2026-01-02; waveshare_rp2040_zero with rp2040"


def test_another_version_says_so():
    assert parse_base(GOOD, "x").remark == f"not {VERSION}, which the project is tested with"


def test_the_version_of_the_release_must_be_the_release(monkeypatch):
    release = base_file(version=VERSION)
    begins = hashlib.sha256(release).hexdigest()[:8]
    assert refusal(release) == (
        f"base.uf2 is not the {VERSION} that was released, or has changed since: "
        f"its SHA-256 begins with {begins}, that of the release with {SHA256[:8]}."
    )
    monkeypatch.setattr(base_module, "SHA256", hashlib.sha256(release).hexdigest())
    assert parse_base(release, "base.uf2").remark == f"the official {VERSION}"
    assert "has changed since" in refusal(patched(5 * 512 + 40, b"?", release))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<!DOCTYPE html><html>404</html>" * 40, "is a web page, not a UF2 file"),
        (b"\n  <?xml version='1.0'?><Error/>", "is a web page, not a UF2 file"),
        (b"", "is not a UF2 file"),
        (GOOD[:100], "is not a UF2 file"),
        (b":00000001FF\n" * 100, "is not a UF2 file"),
        (GOOD[:-1], f"is {len(GOOD) - 1} bytes long, not {len(GOOD)} as its first block says"),
        (GOOD[:-512], f"is {len(GOOD) - 512} bytes long, not {len(GOOD)}"),
        (GOOD + GOOD[:512], f"is {len(GOOD) + 512} bytes long"),
        (base_file(family=RP2350), "block 0 of 37 is for a chip of family 0xE48BFF59, not the RP2040"),
        (word(3, 7, 0x68ED2B88), "block 3 of 37 is for a chip of family 0x68ED2B88"),
        (word(3, 2, 0x2001), "block 3 of 37 is for a chip of family"),
        (word(5, 0, 0), "block 5 of 37 is damaged"),
        (patched(5 * 512 + 508, b"\0"), "block 5 of 37 is damaged"),
        (patched(5 * 512 + 300, b"\1"), "block 5 of 37 is damaged"),
        (word(6, 5, 7), "block 6 of 37 calls itself 7 of 37"),
        (word(6, 6, 38), "block 6 of 37 calls itself 6 of 38"),
        (word(6, 4, 476), "block 6 of 37 is no page of flash: 476 bytes"),
        (word(6, 3, 0x20000600), "is no page of flash: 256 bytes for 0x20000600"),
        (word(6, 3, 0x10000610), "is no page of flash"),
        (word(36, 3, 0x10000000), "writes a page of flash twice"),
        (word(36, 3, 0x10003000), "block 36 is for flash 0x003000, there is a hole before it"),
        (base_file(pages=0xFF000 // 256 + 1), "reaches flash 0x0FF100: 0x0FF000 is kept for the slot ledger"),
        (base_file(board="raspberry_pi_pico", machine="Raspberry Pi Pico"), "Raspberry Pi Pico with rp2040, not for w"),
        (base_file(board="waveshare_rp2040_zero_2"), "not for waveshare_rp2040_zero"),
        (uf2({i * 256: bytes(256) for i in range(20)}), "is no CircuitPython: it names no version"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(data, sentence):
    assert sentence in refusal(data)


def test_a_base_may_fill_all_that_is_below_the_ledger():
    assert len(parse_base(base_file(pages=0xFF000 // 256), "x").blocks) == 0xFF0


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ImageError, match=r"gone\.uf2: No such file or directory\.$"):
        read_base(tmp_path / "gone.uf2")
    with pytest.raises(ImageError, match="Is a directory"):
        read_base(Path(tmp_path))


def test_sixteen_block_numbers_must_be_one_sector():
    pages = dict.fromkeys(range(0, 32 * 256, 256), bytes(256))
    check_sectors(read_blocks(uf2(pages), "x"), "x")
    apart = dict.fromkeys([*range(0, 4096, 256), *range(0x100000, 0x101000, 256)], bytes(256))
    check_sectors(read_blocks(uf2(apart), "x"), "x")
    for wrong in (
        dict(list(pages.items())[:20]),
        dict.fromkeys([*range(0, 256 * 5, 256), *range(0x100000, 0x100000 + 256 * 11, 256)], bytes(256)),
        dict.fromkeys(range(256, 17 * 256, 256), bytes(256)),
        dict(reversed(pages.items())),
    ):
        with pytest.raises(ImageError):
            check_sectors(read_blocks(uf2(wrong), "x"), "x")


def test_the_bench_reads_what_it_writes():
    assert uf2(pages_of(GOOD)) == GOOD
    assert len(GOOD) == BLOCKS * 512
