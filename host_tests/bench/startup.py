# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What starting costs with modules as source and compiled: `python -m host_tests.bench.startup` prints README's table.

Measured on the real interpreter, at the second power-up, with a computer that mounts the drive and a terminal open.
"""

import sys
from collections.abc import Iterator

from host_tests.bench.probe import ASK_PIN, FIRST_LOOK_PIN, probed
from host_tests.boards.emulator import Board, Missing
from uf2.compiled import compile_files
from uf2.files import device_files
from uf2.variants import SOURCE_VARIANTS, VARIANTS

START_MS = 20000


def measure(files: dict[str, bytes]) -> tuple[float, int]:
    """(ms from power-on to the first look at the drive, bytes of RAM free three seconds later)."""
    with Board(files) as board:
        board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS)
        board.run(2000)
        board.power_cycle()
        start = board.now_ms
        looked = board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS) - start
        board.run(3000)
        said = len(board.console)
        for level in (0, 1):
            board.drive_gpio(ASK_PIN, level)
            board.run(50)
        board.run_until("TURNS ", START_MS, start=said)
        return looked, int(board.console[said:].split("FREE ")[1].split()[0])


def table() -> Iterator[str]:
    yield "| variant | modules | power-on to the first look at the drive | free RAM |"
    yield "| --- | --- | --- | --- |"
    for variant in VARIANTS:
        files = probed(device_files(variant))
        forms = {"compiled": compile_files(files), "source": files}
        for name in ("source",) if variant in SOURCE_VARIANTS else forms:
            looked, free = measure(forms[name])
            yield f"| {variant} | {name} | {looked / 1000:.2f} s | {free:,} bytes |"


if __name__ == "__main__":
    try:
        for line in table():
            print(line, flush=True)
    except Missing as missing:
        sys.exit(str(missing))
