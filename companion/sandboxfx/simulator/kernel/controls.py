# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What happens around a pass: pots, LFOs, ramps, switches, tap tempo, NOISE, FLAGS, the outputs.

All functions take the array of cells and change it. What they set stays as it is during the pass.
"""

from sandboxfx.simulator.kernel.arithmetic import MASK32, TURN, phase_step, product, saturate32, sine, wrap32
from sandboxfx.simulator.kernel.cells import (
    CODEC_SHIFT,
    COUNTER,
    DEBOUNCE,
    FLAGS,
    IN0,
    LAST_OUT,
    LEVELS,
    LFO0_F,
    LFO0_S,
    LFO_AFTER,
    LFO_COUPLED,
    LFO_FAST,
    MAXTEMPO,
    MET,
    MET_LFO_FAST,
    MET_OUT,
    MET_TIMEOUT,
    MOST_COUNT,
    NOISE,
    NOISE_GIVEN,
    NOISE_STATE,
    OFLRLD,
    OUT0,
    OUT_ZERO,
    OVERFLOW,
    OVERFLOW_HELD,
    PASS_COUNT,
    PASSES,
    PHASES,
    PIN,
    POT0,
    POT0_K,
    POT0_SMTH,
    RAMP0_F,
    RAMP0_R,
    SAMPLECNT,
    STARTED,
    SWDBRLD,
    SWITCH,
    TAP_ELAPSED,
    TAP_HELD,
    TAP_PULSES,
    TAP_SECOND,
    TAP_WAITS,
    TAPDBRLD,
    TAPSTKRLD,
    TAPTEMPO,
    TIMEOUT_CLEARS,
    TOTAL_COUNT,
    UNWRITTEN,
)

TAP_BIT = 0x40
ENABLE_BIT = 0x20

TAPLVL = 0x01
TAPPE = 0x02
TAPRE = 0x04
NEWTT = 0x08
TAPSTKY = 0x10
TB2NTB1 = 0x20

NEAR_FULL_SCALE = 0x78D6FC9E  # 0.5 dB below


def begin_sample(cells):
    """Everything before the pass, once the inputs are in their cells."""
    if cells[STARTED]:
        cells[COUNTER] = (cells[COUNTER] - 1) & 0x7FFF
        cells[SAMPLECNT] = wrap32(cells[SAMPLECNT] + 1)
    cells[STARTED] = 1
    smooth_pots(cells)
    if not cells[LFO_AFTER]:
        step_lfos(cells)
    step_pins(cells)
    if not cells[NOISE_GIVEN]:
        step_noise(cells)
    for i in range(4):
        cells[OUT0 + i] = UNWRITTEN
    cells[PASS_COUNT] = 0


def end_sample(cells):
    """Everything after the pass: the outputs as they are heard, the overflow bits of the next pass."""
    if cells[LFO_AFTER]:
        step_lfos(cells)
    shift = cells[CODEC_SHIFT]
    for i in range(4):
        value = cells[OUT0 + i]
        if value == UNWRITTEN:
            value = cells[LAST_OUT + i]
            if value != 0:
                cells[MET] |= MET_OUT
                if cells[OUT_ZERO]:
                    value = 0
        cells[LAST_OUT + i] = value
        step_overflow(cells, i, cells[IN0 + i])
        step_overflow(cells, i + 4, value)
        if not cells[LEVELS] & ENABLE_BIT:
            value = cells[IN0 + i]  # bypass
        cells[OUT0 + i] = (value >> shift) << shift
    count = cells[PASS_COUNT]
    cells[PASSES] += 1
    cells[TOTAL_COUNT] += count
    if count > cells[MOST_COUNT]:
        cells[MOST_COUNT] = count


def smooth_pots(cells):
    """POTn_SMTH comes nearer to POTn by a part in 2**POTn_K."""
    for i in range(6):
        smooth = cells[POT0_SMTH + i]
        cells[POT0_SMTH + i] = wrap32(((cells[POT0 + i] - smooth) >> cells[POT0_K + i]) + smooth)


def step_lfos(cells):
    """One sample of the LFOs and ramps. One whose frequency is 0 stays as it is."""
    for i in range(4):
        frequency = cells[LFO0_F + i]
        if frequency == 0:
            continue
        if frequency > cells[LFO_FAST] or frequency < -cells[LFO_FAST]:
            cells[MET] |= MET_LFO_FAST
        if cells[LFO_COUPLED]:
            swing = saturate32(cells[LFO0_S + 2 * i] + product(frequency, cells[LFO0_S + 2 * i + 1], 0))
            cells[LFO0_S + 2 * i] = swing
            cells[LFO0_S + 2 * i + 1] = saturate32(cells[LFO0_S + 2 * i + 1] - product(frequency, swing, 0))
        else:
            phase = (cells[PHASES + i] + phase_step(frequency)) & (TURN - 1)
            cells[PHASES + i] = phase
            cells[LFO0_S + 2 * i] = sine(phase)
            cells[LFO0_S + 2 * i + 1] = sine((phase + TURN // 4) & (TURN - 1))
    for i in range(2):
        cells[RAMP0_R + i] = wrap32(cells[RAMP0_R + i] + cells[RAMP0_F + i])


def step_noise(cells):
    """The next number of a xorshift generator with 32 bits."""
    state = cells[NOISE_STATE]
    state ^= (state << 13) & MASK32
    state ^= state >> 17
    state ^= (state << 5) & MASK32
    cells[NOISE_STATE] = state
    cells[NOISE] = wrap32(state)


def step_pins(cells):
    """Debounces the pins; SWITCH, the tap tempo and FLAGS follow."""
    pins = cells[PIN]
    levels = cells[LEVELS]
    pushed = 0
    released = 0
    for i in range(7):
        bit = 1 << i
        if not (pins ^ levels) & bit:
            cells[DEBOUNCE + i] = 0
            continue
        cells[DEBOUNCE + i] += 1
        if cells[DEBOUNCE + i] >= (cells[TAPDBRLD] if bit == TAP_BIT else cells[SWDBRLD]):
            cells[DEBOUNCE + i] = 0
            levels ^= bit
            if pins & bit:
                released |= bit
            else:
                pushed |= bit
    cells[LEVELS] = levels
    enabled = 0x8000 if levels & ENABLE_BIT else 0
    cells[SWITCH] = (levels & 0x1F) | (released & 0x1F) << 5 | (pushed & 0x1F) << 10 | enabled
    flags = step_tap(cells, pushed & TAP_BIT, released & TAP_BIT)
    for i in range(8):
        if cells[OVERFLOW + i]:
            flags |= 0x100 << i
    cells[FLAGS] = flags


def step_tap(cells, pushed, released):
    """One sample of the tap tempo unit; returns its bits of FLAGS.

    :param pushed: not 0 in the sample of a push edge
    :param released: not 0 in the sample of a release edge
    """
    flags = 0
    if cells[TAP_WAITS]:
        cells[TAP_ELAPSED] += 1
        if cells[TAP_ELAPSED] > cells[MAXTEMPO] & MASK32:
            cells[TAP_WAITS] = 0
            cells[MET] |= MET_TIMEOUT
            if cells[TIMEOUT_CLEARS]:
                cells[TAPTEMPO] = 0
    if pushed:
        flags |= TAPPE
        cells[TAP_HELD] = 0
        if cells[TAP_WAITS]:
            cells[TAPTEMPO] = wrap32(cells[TAP_ELAPSED])
            flags |= NEWTT
        cells[TAP_SECOND] = cells[TAP_WAITS]
        cells[TAP_WAITS] = 1 - cells[TAP_WAITS]
        cells[TAP_ELAPSED] = 0
        if cells[TAP_PULSES] and cells[TAP_SECOND]:
            flags |= TB2NTB1
    if released:
        flags |= TAPRE
        if cells[TAP_HELD] >= cells[TAPSTKRLD] and not cells[TAP_SECOND]:
            cells[TAP_WAITS] = 0  # a long first tap is no tempo
        cells[TAP_SECOND] = 0
    if cells[LEVELS] & TAP_BIT:
        return flags | TAPLVL
    cells[TAP_HELD] += 1
    if cells[TAP_HELD] == cells[TAPSTKRLD] or cells[TAP_HELD] > cells[TAPSTKRLD] and not cells[TAP_PULSES]:
        flags |= TAPSTKY
    if cells[TAP_SECOND] and not cells[TAP_PULSES]:
        flags |= TB2NTB1
    return flags


def step_overflow(cells, channel, value):
    """Whether the next pass sees the overflow bit of the channel, 0..3 inputs, 4..7 outputs."""
    if value >= NEAR_FULL_SCALE or value <= -NEAR_FULL_SCALE:
        cells[OVERFLOW + channel] = cells[OFLRLD] if cells[OVERFLOW_HELD] else 1
    elif cells[OVERFLOW + channel]:
        cells[OVERFLOW + channel] -= 1
