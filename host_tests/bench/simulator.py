# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How fast the simulated chip is: times real time at 48 kHz, and from the command to the first sound.

Processor time counts, not the clock on the wall: what other programs do meanwhile is no property of the simulator.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fxasm import isa, registers
from sandboxfx.simulator import Machine, compiled
from sandboxfx.simulator.effects import EFFECTS

RATE = 48000
SIZES = (64, 128, 256, 512, 1024)
SECONDS = 0.5
PLAIN_SECONDS = 0.01
ROUNDS = 5  # the best counts: other programs only ever make it slower
IN0, OUT0, ACC32 = 0, 4, 16
# Times real time that must be reached with the usual mix, in seconds of a processor.
TARGETS = {64: 30.0, 1024: 3.0}
START_TARGET = 3.0  # seconds from the command to the end of a very short render, everything cached

# The browser's core under Node: the same program, the same number of samples.
NODE = """
const Core = require(process.argv[1]);
const { words, frames } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const core = new Core();
core.setProgram(Int32Array.from(words, word => word | 0));
const sound = [0.1, -0.2, 0.3, -0.4];
for (let n = 0; n < 20000; n++) core.run(sound);
let best = Infinity;
for (let round = 0; round < 5; round++) {
    const begun = process.cpuUsage();
    for (let n = 0; n < frames; n++) core.run(sound);
    const used = process.cpuUsage(begun);
    best = Math.min(best, (used.user + used.system) / 1e6);
}
console.log(best);
"""


def word(mnemonic: str, r: int, m: int) -> int:
    """An instruction word from its fields."""
    opcode, _ = isa.find(mnemonic.encode())
    return int(opcode) << 24 | r << 16 | m & 0xFFFF


def usual_mix(length: int) -> list[int]:
    """What programs mostly do: copies, products, sums, delay reads and writes."""
    words: list[int] = []
    for n in range(0, length, 8):
        words += [
            word("CPY_CS", 0, IN0),
            word("MULTRI", 0, 0x4000),
            word("ADDS", ACC32, 1),
            word("MACRR", 0, 1),
            word("WRDEL", ACC32, 7 * n & 0x3FFF),
            word("RDDEL", 2, 7 * n + 100 & 0x3FFF),
            word("SRA", 2, 3),
            word("CPY_CC", 1, ACC32),
        ]
    return words[:length]


def every_instruction(length: int) -> list[int]:
    """All 72 instructions, equally often, with operands that exist; jumps over one at most."""
    rng = random.Random(1)
    limits = {"d": 17, "m": 128, "a": 32768, "j": 2, "s": registers.LAST_SFR + 1, "S": 1}
    words = []
    for _ in range(length):
        mnemonic = rng.choice(list(EFFECTS))
        kinds = isa.find(mnemonic.encode())[1].decode().replace("M", "m")
        in_m = [kind for kind in kinds if kind in limits]
        m = OUT0 if in_m == ["S"] else rng.randrange(limits[in_m[0]] if in_m else 65536)
        words.append(word(mnemonic, rng.randrange(16), m))
    return words


def speed(words: list[int], engine: str, seconds: float) -> float:
    """Times real time."""
    machine = Machine(words, RATE, engine=engine)
    sound = np.random.default_rng(1).integers(-(2**29), 2**29, (round(seconds * RATE), 4)).astype(np.int32)
    machine.run(sound[:100])
    return seconds / min(_timed(machine, sound) for _ in range(ROUNDS))


def _timed(machine: Machine, sound: NDArray[np.int32]) -> float:
    begun = time.process_time()
    machine.run(sound)
    return time.process_time() - begun


def browser_speed(core: str, words: list[int], seconds: float) -> float:
    """The same of the browser's core.

    :param core: the path of its file
    """
    job = json.dumps({"words": words, "frames": round(seconds * RATE)})
    command = ["node", "-e", NODE, str(Path(core).resolve())]
    done = subprocess.run(command, input=job, capture_output=True, text=True, check=True)
    return seconds / float(done.stdout)


def start_seconds() -> float:
    """What a render of a hundredth of a second takes, from the command to its end: the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(__file__).parents[1] / "boards" / "programs" / "sway.hex"
        command = [sys.executable, "-m", "sandboxfx", "render", str(program), "impulse"]
        times = []
        for _ in range(3):
            begun = _of_children()
            arguments = [*command, "--seconds", "0.01", "--tail", "0", "-o", "x.wav"]
            subprocess.run(arguments, cwd=folder, check=True, capture_output=True)
            times.append(_of_children() - begun)
    return min(times)


def _of_children() -> float:
    used = os.times()
    return used.children_user + used.children_system


def report() -> Iterator[str]:
    """The figures, a line each; a target that is missed is marked."""
    core = os.environ.get("EMU", "")
    yield "The simulated chip: times real time at 48 kHz, by processor time"
    yield "instructions   usual mix   all 72 alike   plain Python" + ("   browser's core in Node" if core else "")
    for size in SIZES:
        words = usual_mix(size)
        fast = speed(words, "auto", SECONDS) if compiled.is_possible() else float("nan")
        all_alike = speed(every_instruction(size), "auto", SECONDS) if compiled.is_possible() else float("nan")
        plain = speed(words, "plain", PLAIN_SECONDS)
        browser = f"{browser_speed(core, words, SECONDS):25.1f}" if core else ""
        missed = f"   MISSED: {TARGETS[size]:g}" if fast < TARGETS.get(size, 0) else ""
        yield f"{size:12,} {fast:11.1f} {all_alike:14.1f} {plain:14.3f}{browser}{missed}"
    start = start_seconds()
    missed = f"   MISSED: {START_TARGET:g} s" if start > START_TARGET else ""
    yield f"from the command to a sound of 0.01 s: {start:.2f} s{missed}"
