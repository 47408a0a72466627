# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Linux and the files on the drive use the bus at the same time."""

import pytest

from host_tests.boards.programs.generate import FOLDER, blocks
from host_tests.on_linux.bench import Bench

IDLE_AGAIN = "sleep 13"  # the bridge stays active for 10 s; then the file is uploaded
LARGE, SMALL = ((FOLDER / f"{name}.hex").read_text() for name in ("cloud", "sway"))


@pytest.mark.parametrize("after_ms", range(600, 1300, 100))
def test_a_request_during_an_upload_is_served_and_the_upload_starts_again(bench_6_12: Bench, after_ms: int) -> None:
    board, chip = bench_6_12.model.board, bench_6_12.model.chip
    board.drive.write("output.hex", SMALL)
    bench_6_12.run(IDLE_AGAIN)
    said = len(board.console)
    board.drive.write("output.hex", LARGE)
    bench_6_12.run(f"usleep {after_ms}000")
    assert bench_6_12.good("i2cget -y $BUS 0x50 0x10") == "0xff"
    assert bench_6_12.run("i2cset -y $BUS 0x2a 1 1").status != 0
    bench_6_12.run(IDLE_AGAIN)
    assert "output.hex: running" in board.console[said:]
    assert chip.running == blocks(LARGE)
    assert chip.complaints == []
