# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Which lengths can be read."""

import pytest

from host_tests.on_linux.bench import Bench
from host_tests.on_linux.linux import Result

LENGTHS = (1, 2, 4, 5, 59, 60, 61, 62, 119, 120, 121, 122, 179, 180, 181, 182, 239, 240, 241, 242, 250)
MOST_WITHOUT_REGISTER_6_1 = 180


@pytest.fixture(autouse=True)
def content(bench: Bench) -> None:
    bench.model.eeprom.memory[:] = bytes(range(256))


def test_every_length_after_a_register(bench: Bench) -> None:
    failed = [length for length in LENGTHS if not counted(bench.read(length, register=0), length)]
    assert failed == []


def test_every_length_without_a_register(bench: Bench) -> None:
    """The driver before 6.2 refuses more than 180 bytes, and asks the bridge for nothing."""
    failed = []
    for length in LENGTHS:
        assert bench.run("i2cset -y $BUS 0x50 0").status == 0
        result = bench.read(length)
        if bench.kernel == "6.1" and length > MOST_WITHOUT_REGISTER_6_1:
            assert not result.transfers
        elif not counted(result, length):
            failed.append(length)
    assert failed == []


def counted(result: Result, length: int) -> bool:
    return result.output.split() == [f"0x{k:02x}" for k in range(length)]
