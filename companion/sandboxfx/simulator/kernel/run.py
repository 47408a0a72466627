# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Samples one after the other: inputs in, a pass, outputs out."""

from sandboxfx.simulator.kernel.cells import CODEC_SHIFT, IN0, NOISE, NOISE_GIVEN, OUT0, TRAP
from sandboxfx.simulator.kernel.controls import begin_sample, end_sample
from sandboxfx.simulator.kernel.execute import execute


def run(operations, xs, ys, targets, cells, delay, clips, met, inputs, noise, outputs, probes, traces):
    """Runs as many samples as `outputs` has room for, and returns how many it ran: fewer only if a trap ended it.

    :param inputs: 4 words a sample; `noise`: a word a sample if NOISE is given, else empty
    :param outputs: filled, 4 words a sample
    :param probes: numbers of cells; `traces`: filled with their values after each pass
    """
    count = len(outputs) // 4
    width = len(probes)
    for n in range(count):
        shift = cells[CODEC_SHIFT]
        for i in range(4):
            cells[IN0 + i] = (inputs[4 * n + i] >> shift) << shift
        if cells[NOISE_GIVEN]:
            cells[NOISE] = noise[n]
        begin_sample(cells)
        execute(0, 1024, operations, xs, ys, targets, cells, delay, clips, met)
        if cells[TRAP]:
            return n
        end_sample(cells)
        for i in range(4):
            outputs[4 * n + i] = cells[OUT0 + i]
        for i in range(width):
            traces[width * n + i] = cells[probes[i]]
    return count
