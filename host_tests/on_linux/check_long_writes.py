# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Writes of more than 60 bytes, for which the driver needs several reports."""

from host_tests.on_linux.bench import Bench, complaints

DATA = bytes([0x40, *((5 * k + 1) & 0xFF for k in range(119))])


def test_120_bytes_are_one_write(bench_6_12: Bench) -> None:
    result = bench_6_12.write(0x50, DATA)
    assert result.status == 0
    assert not complaints(result.kernel)
    assert bench_6_12.model.board.i2c.log[-1].data == DATA
    assert bench_6_12.model.eeprom.memory[0x40 : 0x40 + 119] == DATA[1:]


def test_up_to_4098_bytes_are_one_write(bench_6_12: Bench) -> None:
    """To the FXCore, which is not in programming mode and takes no notice."""
    for length in (61, 180, 181, 514, 4098):
        data = bytes(k * length & 0xFF for k in range(length))
        assert bench_6_12.write(0x30, data).status == 0
        assert bench_6_12.model.board.i2c.log[-1].data == data


def test_an_absent_address_fails_at_the_end_of_a_long_write(bench_6_12: Bench) -> None:
    result = bench_6_12.write(0x2A, bytes(200))
    assert result.status != 0
    assert "bus_status 0x26" in result.kernel
    assert result.ms < 100
