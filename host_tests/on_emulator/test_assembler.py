# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The assembler on the real interpreter: the same bytes and the same errors as on CPython."""

from pathlib import Path

import fxasm
import fxcore
from fxasm.assemble import assemble
from host_tests.boards.emulator import Board
from host_tests.fxasm.samples import EXPRESSIONS, FRACTIONS, JUMPS, STATEMENTS, WRONG
from host_tests.fxasm.sources import random_source
from uf2.compiled import compile_files

RANDOM = 200
# Reads the sources, which a zero byte separates, and says of each the CRC of its blocks or its errors.
CODE = """
import supervisor, time
while not supervisor.runtime.serial_connected: pass
time.sleep(0.5)
from fxasm.assembler import Assembler
from fxcore.program import ProgramBuilder
builder = ProgramBuilder()
def said(nearest, source):
    assembler = Assembler(builder, nearest)
    for _ in range(2):
        for at in range(0, len(source), 100):
            piece = bytearray(source[at : at + 100])
            for _ in assembler.feed(piece, len(piece)): pass
        for _ in assembler.end_pass(): pass
    if not assembler.errors:
        return "%08x" % builder.program.crc
    return " ".join(["%s:%d:%d" % (e.code, e.line, e.column) for e in assembler.errors] + [str(assembler.more)])
number = 0
rest = b""
with open("sources.bin", "rb") as file:
    while True:
        more = file.read(512)
        rest += more
        while b"\\0" in rest or (rest and not more):
            source, _, rest = rest.partition(b"\\0")
            print("said", number, said(False, source), said(True, source), sep="|")
            number += 1
        if not more: break
print("DONE")
"""


def sources() -> list[str]:
    """The project's own of every kind, and random ones; few enough lines that a board has them soon."""
    statements = "\n".join(statement.rpartition(" ")[0] for statement in STATEMENTS)
    jumps = "\n".join([*JUMPS, "jmp far", "far: neg r0"])
    values = "\n".join(f"ori r0, {pair.rpartition('=')[0]}" for pair in EXPRESSIONS)
    fractions = "\n".join(f"multri r0, {text}\napa {text}, 0\n.mreg mr{i} {text}" for i, text in enumerate(FRACTIONS))
    wrong = [source for _, source, *_ in WRONG if len(source) < 2000]
    return [statements, jumps, ".equ k 5\n.equ a-b 17\n" + values, fractions, *wrong, *map(_random, range(RANDOM))]


def _random(seed: int) -> str:
    return random_source(seed, 1 + seed % 12)


def expected(source: str, rounding: str) -> str:
    result = assemble(source, rounding)
    if result.program is not None:
        return f"{result.program.crc:08x}"
    return " ".join([f"{fault.code}:{fault.line}:{fault.column}" for fault in result.errors] + ["0"])


def test_the_board_says_of_every_source_what_cpython_says() -> None:
    files = {
        f"{package.__name__}/{path.name}": path.read_bytes()
        for package in (fxasm, fxcore)
        for path in Path(package.__path__[0]).glob("*.py")
    }
    wanted = sources()
    blob = b"\0".join(source.encode() for source in wanted)
    with Board({**compile_files(files), "code.py": CODE, "sources.bin": blob}) as board:
        board.run_until("DONE", 200000)
        lines = [line.split("|")[1:] for line in board.console.splitlines() if line.startswith("said|")]
    assert lines == [
        [str(number), expected(source, "vendor"), expected(source, "nearest")] for number, source in enumerate(wanted)
    ]
