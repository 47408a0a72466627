# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""SANDBOX_FT260_HELD = 1, the status of a real FT260 between START and STOP: what the kernel's driver makes of it."""

import pytest

from host_tests.on_linux.bench import DRIVER, Bench

pytestmark = pytest.mark.skipif(bool(DRIVER), reason="tells why the default is 0; another driver has other reasons")
SETTINGS = {"SANDBOX_FT260_HELD": 1}


def test_a_write_and_read_is_fine(bench_6_12: Bench) -> None:
    assert "bus_status 0x40" in bench_6_12.run("i2cget -y $BUS 0x50 0x10").kernel
    assert bench_6_12.good("i2cget -y $BUS 0x50 0x10") == "0xff"


def test_two_reports_are_fine(bench_6_12: Bench) -> None:
    assert bench_6_12.write(0x50, bytes(120)).status == 0


def test_of_three_reports_the_driver_takes_the_middle_one_for_busy_for_ever(bench_6_12: Bench) -> None:
    """So the default is 0."""
    result = bench_6_12.write(0x30, bytes(121))
    assert result.status != 0
    assert result.kernel.count("bus_status 0x40") > 100
