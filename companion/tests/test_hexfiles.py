# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""HEX files written for people are those of the vendor's assembler, and read as the board reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fxcore.errors import HEX_CHECKSUM, Fault
from host_tests.boards.programs.generate import FOLDER, NAMES, random_program, to_hex
from sandboxfx.hexfiles import read_hex, write_hex


@pytest.mark.parametrize("name", NAMES)
def test_a_file_read_and_written_is_the_same_file(name: str) -> None:
    content = (FOLDER / f"{name}.hex").read_bytes()
    assert write_hex(read_hex(content)).encode() == content


@settings(deadline=None)
@given(st.integers(0, 9999), st.sampled_from((1, 2, 15, 16, 17, 64, 1023, 1024)))
def test_a_file_of_any_length_has_the_vendors_form(seed: int, instructions: int) -> None:
    text = to_hex(random_program(seed, instructions))
    assert write_hex(read_hex(text.encode())) == text


def test_a_broken_file_is_refused_with_its_line() -> None:
    lines = (FOLDER / "sway.hex").read_text().splitlines()
    lines[2] = lines[2][:-1] + "1"
    with pytest.raises(Fault) as caught:
        read_hex("\n".join(lines).encode())
    assert (caught.value.code, caught.value.line) == (HEX_CHECKSUM, 3)
