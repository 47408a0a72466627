# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Kernels before 6.2: their driver sends each 60 bytes of a write with a START and a STOP of their own."""

from host_tests.on_linux.bench import Bench


def test_the_driver_breaks_a_write_of_120_bytes_in_two(bench_6_1: Bench) -> None:
    result = bench_6_1.write(0x30, bytes(120))
    requests = [text.split()[1:5] for text in result.transfers if text.startswith("OUT")]
    assert requests == [["[64]", "de", "30", "06"]] * 2
    assert [len(each.data) for each in bench_6_1.model.board.i2c.log[-2:]] == [60, 60]


def test_60_bytes_are_one_write(bench_6_1: Bench) -> None:
    data = bytes(range(0x80, 0x80 + 60))
    assert bench_6_1.write(0x50, data).status == 0
    assert bench_6_1.model.eeprom.memory[0x80 : 0x80 + 59] == data[1:]
