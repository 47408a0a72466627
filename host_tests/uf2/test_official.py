# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""On the official CircuitPython itself, where BASE (or CIRCUITPY_UF2) names it: make test BASE=path."""

import os
from pathlib import Path

import pytest

from host_tests.boards.emulator.inputs import FIRMWARE_VARIABLES
from host_tests.uf2.rig import FLASH_SIZE, copy_onto_rpi_rp2, pages_of
from uf2 import image
from uf2.base import read_base
from uf2.firmware import official
from uf2.release import FILE, SHA256, VERSION
from uf2.variants import VARIANTS, image_name
from uf2.verify import check_interpreter

NAMED = next((os.environ[name] for name in FIRMWARE_VARIABLES if os.environ.get(name)), "")
PATH = Path(NAMED).expanduser()
pytestmark = pytest.mark.skipif(not PATH.is_file(), reason=f"{' or '.join(FIRMWARE_VARIABLES)} names no CircuitPython")


@pytest.fixture(scope="module")
def base():
    return read_base(PATH)


def test_the_release_is_the_one_whose_sum_is_known(base):
    if base.version != VERSION:
        pytest.skip(f"this is {base.version}")
    assert base.sha256 == SHA256
    assert base.remark == f"the official {VERSION}"


def test_it_is_for_this_board(base):
    assert "Waveshare RP2040-Zero with rp2040" in base.banner


def test_the_cache_takes_it(base, tmp_path):
    if base.version != VERSION:
        pytest.skip(f"this is {base.version}")
    (tmp_path / FILE).write_bytes(PATH.read_bytes())
    assert official(tmp_path, "http://127.0.0.1:9/") == base


@pytest.mark.parametrize("variant", VARIANTS)
def test_its_images_are_flashed_whole_and_known_again(base, variant):
    name = image_name(variant)
    file = image.compose_images(base, variant, False, False)[name]
    flash = bytearray(FLASH_SIZE)
    assert copy_onto_rpi_rp2(file, flash)
    assert all(flash[at : at + 256] == page for at, page in pages_of(file).items())
    rows = list(check_interpreter(image.interpreter_blocks(base), name, str(PATH)))
    assert [row.good for row in rows] == [True, True]
    assert base.banner in rows[0].found
