# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A whole FXCore program goes onto the chip with nothing but i2ctransfer."""

import pytest

from host_tests.boards.programs.generate import FOLDER, NAMES, blocks
from host_tests.boards.virtual.fxcore.parts import Image
from host_tests.on_linux.bench import Bench, as_text

ENTER_PRG, EXEC_FROM_RAM, RETURN_0, EXIT_PRG = b"\xa5\x5a\x30", b"\x0d\x00", b"\x0e\x00", b"\x5a\xa5"
PAUSE = "usleep 20000"  # after ENTER_PRG and EXIT_PRG; everything else waits for the bus anyway


def load(bench: Bench, image: Image) -> None:
    """Into the chip's RAM: the command of each block, then the block."""
    words = len(image.program) // 4 - 1
    sent = [ENTER_PRG, b"\x04\x7f", image.mreg, b"\x01\x0f", image.creg, b"\x02\x0b", image.sfr]
    for data in [*sent, bytes((0x08 | words >> 8, words & 0xFF)), image.program]:
        assert bench.write(0x30, data).status == 0
        bench.run(PAUSE)


def leave(bench: Bench) -> None:
    for command in (RETURN_0, EXIT_PRG):
        assert bench.write(0x30, command).status == 0
        bench.run(PAUSE)


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_from_ram(bench_6_12: Bench, name: str) -> None:
    chip, image = bench_6_12.model.chip, blocks((FOLDER / f"{name}.hex").read_text())
    load(bench_6_12, image)
    assert bench_6_12.good("i2ctransfer -y $BUS r12@0x30") == as_text(chip.status_bytes())
    assert bench_6_12.write(0x30, EXEC_FROM_RAM).status == 0
    assert chip.running == image
    assert chip.complaints == []
    leave(bench_6_12)
    assert chip.mode == "RUN"


def test_it_is_burnt_into_a_slot(bench_6_12: Bench) -> None:
    chip, image = bench_6_12.model.chip, blocks((FOLDER / "swap.hex").read_text())
    load(bench_6_12, image)
    assert bench_6_12.write(0x30, b"\x0c\x05").status == 0
    bench_6_12.run("usleep 300000")
    leave(bench_6_12)
    assert chip.slots[5] == image
    assert chip.complaints == []
