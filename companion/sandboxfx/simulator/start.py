# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the cells hold when a program starts."""

from collections.abc import Mapping

from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator.kernel import cells
from sandboxfx.simulator.loading import Loaded
from sandboxfx.simulator.names import CELL_NAMES
from sandboxfx.simulator.rules import Choices
from sandboxfx.simulator.views import word

LOWEST_RATE, HIGHEST_RATE = 8000, 96000
# Samples a second that the chip makes from its crystal, by the two PLL range bits of BOOTSTAT.
PLL_RATES = ((11025, 12000), (22050, 24000), (29400, 32000), (44100, 48000))
CHIP_MASTER, CHIP_ADDRESS, ALL_SLOTS = 0x4, 0x30 << 3, 0xFFFF << 16
HALF_TURN = 1 << 61


def checked_rate(rate: float) -> float:
    """Returns the rate.

    :raises SandboxError: the chip cannot run at it
    """
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        cure = f"It can be {LOWEST_RATE:,} to {HIGHEST_RATE:,}; the chip's own rates are 12, 24, 32 and 48 kHz."
        raise SandboxError("rate", f"The chip does not run at {rate:g} samples a second.", cure, USAGE)
    return rate


def start_numbers(program: Loaded, choices: Choices, rate: float, seed: int, kept: Mapping[int, int]) -> dict[int, int]:
    """Returns cell -> value for all that is not 0.

    :param seed: of NOISE
    :param kept: what stays over a change of program: pins, pots, ACC64
    """
    if not 0 < seed < 1 << 32:
        raise SandboxError("option", f"The seed cannot be {seed}.", "It can be 1 to 4294967295.", USAGE)
    numbers = {**choices.numbers(rate), **kept}
    for name, value in program.presets.items():
        if name not in ("USR0", "USR1", "PRGDBRLD"):
            numbers[CELL_NAMES[name]] = word(value)
    numbers[cells.USER0] = program.presets["USR0"]
    numbers[cells.USER1] = program.presets["USR1"]
    numbers[cells.LEVELS] = kept[cells.PIN]
    numbers[cells.NOISE_STATE] = seed
    numbers[cells.BOOTSTAT] = word(_pll_range(rate) | CHIP_MASTER | CHIP_ADDRESS | ALL_SLOTS)
    down = choices["lfo_start"] == "cosine_down"
    for i in range(4):
        numbers[cells.PHASES + i] = HALF_TURN if down else 0
        numbers[cells.LFO0_S + 2 * i + 1] = -0x7FFFFFFF if down else 0x7FFFFFFF
    if choices["pot_start"] == "settled":
        for i in range(6):
            numbers[cells.POT0_SMTH + i] = kept[cells.POT0 + i]
    return numbers


def _pll_range(rate: float) -> int:
    for number, rates in enumerate(PLL_RATES):
        if rate in rates:
            return number
    return 0
