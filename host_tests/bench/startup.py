# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What starting costs with modules compiled and as source: `python -m host_tests.bench.startup` prints README's table.

Measured on the real interpreter, not at the first power-up, with a computer that mounts the drive and a terminal open.
"""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from host_tests.bench.probe import ASK_PIN, FIRST_LOOK_PIN, probed
from host_tests.boards.emulator import Board, Missing
from host_tests.boards.programs.generate import random_program, to_hex
from host_tests.boards.virtual.fxcore.chip import VirtualFXCore
from uf2.compiled import compile_files
from uf2.files import device_files
from uf2.variants import SOURCE_VARIANTS, VARIANTS

START_MS = 20000
EXEC_FROM_RAM = b"\x0d\x00"
SRAM, SRAM_SIZE = 0x20000000, 0x42000
# usb_hid's struct of the Device with the feature reports: their IDs 64 bytes behind its begin, pointers to the reply
# buffers from its byte 8 on; report C0 is the fourth, its second byte the clock in kHz, never 0 once it is filled.
CLOCK = b"\x64"
IDS, IDS_AT, C0_POINTER_AT = b"\xa0\xa1\xb0\xc0\xc2\xd0", 64, 20
# First look and bytes free of version 1.0, measured the same way; what is aimed at: first look, running, answers.
BEFORE = {
    ("disk-hid", "compiled"): "2.38 s, 71,696",
    ("disk-hid", "source"): "5.06 s, 71,504",
    ("disk", "compiled"): "2.03 s, 99,520",
    ("disk", "source"): "3.79 s, 99,248",
    ("dev", "source"): "5.15 s, 69,744",
}
AT_MOST = {
    ("disk-hid", "compiled"): "2.05 s, 2.45 s, 60 ms",
    ("disk-hid", "source"): "60 ms",
    ("disk", "compiled"): "1.80 s, 2.45 s",
}


class Start(NamedTuple):
    """ms from power-on to the first look at the drive and to the end of EXEC_FROM_RAM, ms from the pull-up until the
    host's first question has an answer (None without HID), bytes of RAM free three seconds later."""

    looked: float
    runs: float
    answers: float | None
    free: int


def measure(files: dict[str, bytes]) -> Start:
    with Board(files) as board:
        chip = VirtualFXCore(now_ms=lambda: board.now_ms)
        board.i2c.attach(chip.address, chip)
        board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS)
        board.run(2000)
        clock_at = _find_clock(board.peek(SRAM, SRAM_SIZE))
        states = len(board.usb.states)
        board.power_cycle()
        start, answers = board.now_ms, None
        if clock_at is not None:
            board.run_until(lambda b: any(state == "attached" for _, state in b.usb.states[states:]), START_MS)
            attached = next(at for at, state in board.usb.states[states:] if state == "attached")
            answers = board.run_until(lambda b: b.peek(SRAM + clock_at, 1) == CLOCK, 2000) - attached
        looked = board.run_until(lambda b: b.gpio(FIRST_LOOK_PIN), START_MS) - start
        board.run(3000)
        free = _free(board)
        board.drive.write("output.hex", to_hex(random_program(1, 14)))
        board.run(4000)
        board.power_cycle()
        start, done = board.now_ms, len(board.i2c.log)
        board.run_until(lambda b: any(t.data == EXEC_FROM_RAM for t in b.i2c.log[done:]), START_MS)
        runs = next(t.t_end_ms for t in board.i2c.log[done:] if t.data == EXEC_FROM_RAM) - start
        return Start(looked, runs, answers, free)


def _free(board: Board) -> int:
    said = len(board.console)
    for level in (0, 1):
        board.drive_gpio(ASK_PIN, level)
        board.run(50)
    board.run_until("TURNS ", START_MS, start=said)
    return int(board.console[said:].split("FREE ")[1].split()[0])


def _find_clock(ram: bytes) -> int | None:
    """Where in SRAM report C0 has the bus clock; None without HID."""
    at = ram.find(IDS)
    while at >= 0:
        pointer = at - IDS_AT + C0_POINTER_AT
        clock = int.from_bytes(ram[pointer : pointer + 4], "little") - SRAM + 1
        if 0 < clock < SRAM_SIZE and ram[clock : clock + 1] == CLOCK:
            return clock
        at = ram.find(IDS, at + 1)
    return None


def report() -> Iterator[str]:
    """The table, with what is aimed at and what was before beside."""
    yield "From power-on to the first look at the drive, and to the end of EXEC_FROM_RAM of an output.hex on it; from"
    yield "the pull-up until the host's questions have answers; bytes free. Version 1.0: first look, bytes free."
    yield ""
    yield "| variant | modules | first look | output.hex runs | answers | free RAM | at most | version 1.0 |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | --- | --- |"
    for variant in VARIANTS:
        source = probed(device_files(variant))
        forms = {"compiled": compile_files(source), "source": source}
        for name in ("source",) if variant in SOURCE_VARIANTS else forms:
            start = measure(forms[name])
            answers = "" if start.answers is None else f"{start.answers:.0f} ms"
            times = f"{start.looked / 1000:.2f} s | {start.runs / 1000:.2f} s | {answers}"
            beside = f"{AT_MOST.get((variant, name), '')} | {BEFORE[variant, name]}"
            yield f"| {variant} | {name} | {times} | {start.free:,} bytes | {beside} |"


if __name__ == "__main__":
    try:
        for line in report():
            print(line, flush=True)
    except Missing as missing:
        sys.exit(str(missing))
