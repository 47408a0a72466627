# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What starting costs with modules as source and compiled: `python -m host_tests.uf2_startup` prints README's table.

Measured on the real interpreter in the emulator (CIRCUITPY_UF2, RP2040_BOOTROM, PYTHONPATH as it wants them), at the
second power-up, with a computer that mounts the drive and a terminal that is open.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from host_tests.uf2_board import power_on
from uf2.base import read_base
from uf2.compiled import compile_files
from uf2.files import device_files
from uf2.image import drive_blocks, interpreter_blocks, uf2_file

MARK = 29
HOOK = "        self.listdir = os.listdir\n"
# A pin goes up at the first look at the drive; three seconds later, everything being loaded, it tells the free RAM.
PROBE = """
looks = []


def look(path):
    if not looks:
        looks.append(digitalio.DigitalInOut(board.GP29))
        looks[0].switch_to_output(True)
        looks.append(supervisor.ticks_ms())
    elif len(looks) == 2 and supervisor.ticks_ms() - looks[1] > 3000:
        import gc

        gc.collect()
        print("FREE", gc.mem_free())
        looks.append(None)
    return os.listdir(path)


class Hardware:
"""


def probed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same device, telling when it first looks at the drive and how much RAM is left."""
    code = files["code.py"].decode()
    assert code.count(HOOK) == 1
    assert code.count("\nclass Hardware:\n") == 1
    code = code.replace(HOOK, HOOK.replace("os.listdir", "look")).replace("\nclass Hardware:\n", PROBE)
    return {**files, "code.py": code.encode()}


def measure(image: bytes) -> tuple[int, int]:
    """(ms from power-on to the first look at the drive, bytes of RAM free three seconds later)."""
    with power_on(image) as board:
        board.run_until(lambda b: b.gpio(MARK), timeout_ms=20000)
        board.run(ms=2000)
        board.power_cycle()
        start, said = board.now_ms, len(board.console)
        board.run_until(lambda b: b.gpio(MARK), timeout_ms=20000, poll_ms=1)
        looked = board.now_ms - start
        board.run_until("FREE ", timeout_ms=20000, start=said)
        board.run(ms=100)
        return round(looked), int(board.console[said:].split("FREE ")[1].split()[0])


def table() -> Iterator[str]:
    base = interpreter_blocks(read_base(Path(os.environ["CIRCUITPY_UF2"])))
    yield "| variant | modules | power-on to first look | free RAM |"
    yield "| --- | --- | --- | --- |"
    for variant in ("disk-hid", "disk"):
        for name, files in (("source", device_files(variant)), ("MPY=1", compile_files(device_files(variant)))):
            looked, free = measure(uf2_file(base + drive_blocks(probed(files))))
            yield f"| {variant} | {name} | {looked / 1000:.2f} s | {free} bytes |"


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
    sys.exit(0)
