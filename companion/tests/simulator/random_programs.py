# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Random programs of all instructions, and the two engines run side by side."""

import random
from typing import Any

import numpy as np

from fxasm import isa
from sandboxfx.simulator import Machine
from sandboxfx.simulator.rules import RULES
from tests.simulator import definition
from tests.simulator.words import word

ROWS = [isa.decode(opcode) for opcode in range(256) if isa.decode(opcode)]
PROBES = (
    "R0",
    "R15",
    "ACC32",
    "ACC64",
    "FLAGS",
    "LFO0_S",
    "LFO3_C",
    "RAMP1_R",
    "POT0_SMTH",
    "SWITCH",
    "NOISE",
    "USER1",
)
CONTROLS = ("SW0", "SW3", "TAP", "ENABLE")


def random_words(seed: int, length: int) -> list[int]:
    """A program in which every instruction is as likely as the others; one word in 40 is any 32 bits."""
    rng = random.Random(seed)
    letters = {"c": 17, "C": 17, "d": 18, "m": 128, "M": 128, "i": 65536, "f": 65536, "g": 256, "a": 32768, "n": 32}
    letters |= {"q": 16, "p": 64, "b": 64, "j": 5}
    words = []
    for _ in range(length):
        if rng.random() < 1 / 40:
            words.append(rng.getrandbits(32))
            continue
        mnemonic, kinds = rng.choice(ROWS)
        operands = []
        for kind in kinds.decode():
            if kind in "sS":
                operands.append(rng.choice(definition.WRITABLE if kind == "S" else definition.READABLE))
            else:
                operands.append(rng.randrange(letters[kind]))
        words.append(word(mnemonic.decode(), *operands))
    return words


def play(engine: str, seed: int, length: int, samples: int) -> tuple[object, ...]:
    """All that a machine can show after a random program with random presets, input, controls and choices."""
    rng = random.Random(seed)
    drawn = {rule.name: rng.choice(rule.choices) for rule in RULES if rng.random() < 0.3}
    options: dict[str, Any] = {name: choice for name, choice in drawn.items() if choice not in ("trap", "stop")}
    machine = Machine(random_words(seed, length), engine=engine, seed=rng.randrange(1, 2**32), **options)
    for i in range(16):
        machine.core[i] = rng.getrandbits(32)
    for i in range(128):
        machine.mreg[i] = rng.getrandbits(32)
    for i in range(4):
        machine.sfr[f"LFO{i}_F"] = rng.choice([0, 44977, rng.getrandbits(rng.randrange(1, 31))])
    machine.set(RAMP0_F=rng.getrandbits(32), RAMP1_F=-1048576, SWDBRLD=20, TAPDBRLD=10, TAPSTKRLD=200, MAXTEMPO=500)
    for _ in range(12):
        machine.move_later(rng.randrange(samples), rng.choice(CONTROLS), rng.randrange(2))
        machine.move_later(rng.randrange(samples), f"POT{rng.randrange(6)}", rng.random())
    loudness = 2 ** rng.randrange(8, 31)
    inputs = np.random.default_rng(seed).integers(-loudness, loudness, (samples, 4))
    outputs, traces = machine.run(inputs, PROBES)
    ended = (*machine.core, *machine.mreg, *machine.sfr.values(), machine.acc32, machine.acc64, *machine.user)
    memory = [machine[f"DIR{address}"] for address in range(32768)]
    return outputs.tobytes(), traces.tobytes(), ended, memory, machine.evidence()
