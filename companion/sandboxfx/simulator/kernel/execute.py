# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The interpreter: one instruction is an operation, two operands and a target, all of them numbers of cells."""

from sandboxfx.simulator.kernel.arithmetic import (
    MASK32,
    MAX32,
    MIN32,
    accumulate,
    exp2,
    log2,
    product,
    saturate32,
    wrap32,
)
from sandboxfx.simulator.kernel.cells import (
    ABS_WRAPS,
    ACC32,
    ACC64,
    ALLPASS_WRAPS,
    CHR_DEPTH_MASK,
    CHR_MASK,
    COUNTER,
    INTERP_WIDE,
    LOG_TRUNCATES,
    MACH_MASK,
    MACH_SHIFT_X,
    MACH_SHIFT_Y,
    MET_ABS,
    MET_ALLPASS,
    MET_CHR_DEPTH,
    MET_CHR_SHALLOW,
    MET_EXP2,
    MET_INTERP,
    MET_LOG2_ZERO,
    MET_UNDEFINED,
    MR0,
    PASS_COUNT,
    PITCH_SHAPE,
    R15,
    ROUND_DELAY,
    ROUND_PRODUCT,
    TOP,
    TRAP,
    TRAPS,
)
from sandboxfx.simulator.kernel.operations import (
    ABSOLUTE,
    ADD,
    ADD_SATURATED,
    ALLPASS_READ,
    ALLPASS_READ_NEGATED,
    ALLPASS_REGISTER_READ,
    ALLPASS_REGISTER_WRITE,
    ALLPASS_WRITE,
    AND,
    BIT,
    CHORUS,
    CHORUS_NEGATED,
    CLEAR64,
    COPY,
    COPY_5_BITS,
    COPY_INDEXED,
    EXP2,
    INTERPOLATE,
    INVERT,
    JUMP,
    JUMP_NEGATIVE,
    JUMP_NOT_NEGATIVE,
    JUMP_NOT_ZERO,
    JUMP_SIGN_CHANGE,
    JUMP_ZERO,
    LOAD64_LOWER,
    LOAD64_UPPER,
    LOG2,
    MAC,
    MAC_READ,
    MACH,
    MACH_READ,
    MULTIPLY,
    NEGATE,
    OR,
    PITCH,
    READ,
    READ64_LOWER,
    READ64_UPPER,
    READ_DIRECT,
    SATURATE64,
    SHIFT_LEFT,
    SHIFT_LEFT_SATURATED,
    SHIFT_RIGHT,
    SHIFT_RIGHT_SIGNED,
    STOP,
    SUBTRACT,
    SUBTRACT_SATURATED,
    UNDEFINED,
    WRITE,
    WRITE_DIRECT,
    XOR,
)


def execute(pc, limit, operations, xs, ys, targets, cells, delay, clips, met):
    """Runs at most `limit` instructions from `pc` on and returns the address of the next one.

    :param operations: of each instruction, see operations.py; `xs`, `ys`, `targets`: its cells
    :param cells: the machine, see cells.py
    :param delay: 32,768 words of the delay memory, signed
    :param clips: per instruction, how often its result was saturated; counted up
    :param met: per instruction, the MET_ bits of cells.py; set
    """
    length = len(operations)
    counter = cells[COUNTER]
    half = cells[ROUND_PRODUCT]
    done = 0
    while pc < length and done < limit:
        operation = operations[pc]
        x = cells[xs[pc]]
        y = cells[ys[pc]]
        following = pc + 1
        result = 0
        if operation == COPY:
            result = x
        elif operation == MULTIPLY:
            result = (x * y + half) >> 31
        elif operation == ADD_SATURATED:
            result = x + y
        elif operation == MAC:
            cells[ACC64] = accumulate(cells[ACC64], x, y)
        elif operation == READ:
            place = y & 0x7FFF
            reach(cells, place)
            result = delay[(place + counter) & 0x7FFF] << 16
        elif operation == WRITE:
            place = y & 0x7FFF
            reach(cells, place)
            delay[(place + counter) & 0x7FFF] = delay_word(x, cells[ROUND_DELAY])
        elif operation == MAC_READ:
            place = y & 0x7FFF
            reach(cells, place)
            cells[ACC64] = accumulate(cells[ACC64], x, delay[(place + counter) & 0x7FFF] << 16)
        elif operation == SUBTRACT_SATURATED:
            result = x - y
        elif operation == ADD:
            result = wrap32(x + y)
        elif operation == SUBTRACT:
            result = wrap32(x - y)
        elif operation == AND:
            result = x & y
        elif operation == OR:
            result = x | y
        elif operation == XOR:
            result = x ^ y
        elif operation == INVERT:
            result = ~x
        elif operation == SHIFT_LEFT:
            result = wrap32(x << (y & 31))
        elif operation == SHIFT_LEFT_SATURATED:
            result = x << (y & 31)
        elif operation == SHIFT_RIGHT:
            result = wrap32((x & MASK32) >> (y & 31))
        elif operation == SHIFT_RIGHT_SIGNED:
            result = x >> (y & 31)
        elif operation == ABSOLUTE:
            result = x if x >= 0 else -x
            if x == MIN32:
                met[pc] |= MET_ABS
                if cells[ABS_WRAPS]:
                    result = x
        elif operation == NEGATE:
            result = -x
        elif operation == JUMP_NOT_NEGATIVE:
            if x >= 0:
                following += y
        elif operation == JUMP_NEGATIVE:
            if x < 0:
                following += y
        elif operation == JUMP_NOT_ZERO:
            if x != 0:
                following += y
        elif operation == JUMP_ZERO:
            if x == 0:
                following += y
        elif operation == JUMP_SIGN_CHANGE:
            if (x ^ cells[ACC32]) < 0:
                following += y
        elif operation == JUMP:
            following += y
        elif operation == ALLPASS_READ:
            place = y & 0x7FFF
            reach(cells, place)
            tail = delay[(place + counter) & 0x7FFF] << 16
            cells[R15] = tail
            result = allpass_sum(product(tail, x, half) + cells[ACC32], pc, cells, met)
        elif operation == ALLPASS_READ_NEGATED:
            place = y & 0x7FFF
            reach(cells, place)
            tail = delay[(place + counter) & 0x7FFF] << 16
            result = allpass_sum(product(tail, saturate32(-x), half) + cells[ACC32], pc, cells, met)
            cells[R15] = tail
        elif operation == ALLPASS_WRITE:
            place = y & 0x7FFF
            reach(cells, place)
            delay[(place + counter) & 0x7FFF] = delay_word(cells[ACC32], cells[ROUND_DELAY])
            result = allpass_sum(product(cells[ACC32], x, half) + cells[R15], pc, cells, met)
        elif operation == ALLPASS_REGISTER_READ:
            result = allpass_sum(product(y, saturate32(-x), half) + cells[ACC32], pc, cells, met)
            cells[R15] = y
        elif operation == ALLPASS_REGISTER_WRITE:
            cells[ys[pc]] = cells[ACC32]
            result = allpass_sum(product(cells[ACC32], x, half) + cells[R15], pc, cells, met)
        elif operation == INTERPOLATE:
            result = interpolate(y, x, pc, cells, delay, met)
        elif operation == CHORUS:
            result = interpolate(y, chorus_offset(x, pc, cells, met), pc, cells, delay, met)
        elif operation == CHORUS_NEGATED:
            result = interpolate(y, chorus_offset(saturate32(-x), pc, cells, met), pc, cells, delay, met)
        elif operation == PITCH:
            result = pitch(x, y, pc, cells, delay, met)
        elif operation == CLEAR64:
            cells[ACC64] = 0
        elif operation == READ64_UPPER:
            result = cells[ACC64] >> 32
        elif operation == READ64_LOWER:
            result = wrap32(cells[ACC64])
        elif operation == LOAD64_UPPER:
            cells[ACC64] = (x << 32) | (cells[ACC64] & MASK32)
        elif operation == LOAD64_LOWER:
            cells[ACC64] = ((cells[ACC64] >> 32) << 32) | (x & MASK32)
        elif operation == SATURATE64:
            result = (cells[ACC64] >> 32) << 3
        elif operation == MACH:
            cells[ACC64] = accumulate(cells[ACC64], x >> cells[MACH_SHIFT_X], y >> cells[MACH_SHIFT_Y])
        elif operation == MACH_READ:
            place = y & 0x7FFF
            reach(cells, place)
            word = (delay[(place + counter) & 0x7FFF] << 16) & cells[MACH_MASK]
            cells[ACC64] = accumulate(cells[ACC64], x >> cells[MACH_SHIFT_X], word >> cells[MACH_SHIFT_Y])
        elif operation == LOG2:
            if x == 0:
                met[pc] |= MET_LOG2_ZERO
                result = MIN32
                if cells[TRAPS] & 1:
                    cells[TRAP] = pc + 1
                    limit = 0
            else:
                result = log2(x, cells[LOG_TRUNCATES])
        elif operation == EXP2:
            if x >= 0:
                met[pc] |= MET_EXP2
                result = MAX32
                if cells[TRAPS] & 2:
                    cells[TRAP] = pc + 1
                    limit = 0
            else:
                result = exp2(x, cells[LOG_TRUNCATES])
        elif operation == COPY_INDEXED:
            result = cells[MR0 + (x & 127)]
        elif operation == COPY_5_BITS:
            result = x & 31
        elif operation == READ_DIRECT:
            place = y & 0x7FFF
            reach(cells, place)
            result = delay[place] << 16
        elif operation == WRITE_DIRECT:
            place = y & 0x7FFF
            reach(cells, place)
            delay[place] = delay_word(x, cells[ROUND_DELAY])
        elif operation == BIT:
            result = (x >> y) & 1
        elif operation == UNDEFINED:
            met[pc] |= MET_UNDEFINED
        elif operation == STOP:
            met[pc] |= MET_UNDEFINED
            cells[TRAP] = pc + 1
            limit = 0
        if result > MAX32:
            result = MAX32
            clips[pc] += 1
        elif result < MIN32:
            result = MIN32
            clips[pc] += 1
        cells[targets[pc]] = result
        pc = following
        done += 1
    cells[PASS_COUNT] += done
    return pc


def reach(cells, place):
    """Notes how much of the delay memory the program reaches."""
    if place >= cells[TOP]:
        cells[TOP] = place + 1


def delay_word(value, half):
    """The 16 bits of a word that the delay memory keeps, signed.

    :param half: what is added before the low 16 bits are dropped: 0, or 2**15 to round
    """
    word = (value + half) >> 16
    return word if word < 0x8000 else 0x7FFF


def allpass_sum(total, pc, cells, met):
    """The sum that ends an all-pass instruction; it saturates, or wraps where that is chosen."""
    if total > MAX32 or total < MIN32:
        met[pc] |= MET_ALLPASS
        if cells[ALLPASS_WRAPS]:
            return wrap32(total)
    return total


def interpolate(address, offset, pc, cells, delay, met):
    """Reads between two delay words.

    :param offset: what is added to the address, unsigned 15.16
    """
    place = (address + ((offset >> 16) & 0x7FFF)) & 0x7FFF
    reach(cells, place)
    reach(cells, (place + 1) & 0x7FFF)
    first = delay[(place + cells[COUNTER]) & 0x7FFF] << 16
    difference = (delay[(place + 1 + cells[COUNTER]) & 0x7FFF] << 16) - first
    if difference > MAX32 or difference < MIN32:
        met[pc] |= MET_INTERP
        if not cells[INTERP_WIDE]:
            difference = saturate32(difference)
    return ((difference * ((offset & 0xFFFF) << 15) + cells[ROUND_PRODUCT]) >> 31) + first


def chorus_offset(swing, pc, cells, met):
    """How far behind its address CHR reads, 15.16: R15 * (swing + 1) / 2, to the nearest.

    The chip's documents give the depth as R15[30:16]; where that is 0 there is none.
    """
    if cells[R15] & 0xFFFF:
        if not cells[R15] & 0x7FFF0000:
            met[pc] |= MET_CHR_SHALLOW
            return 0
        met[pc] |= MET_CHR_DEPTH
    depth = cells[R15] & cells[CHR_DEPTH_MASK]
    return ((depth * ((swing + 0x80000000) >> 1) + 0x40000000) >> 31) & cells[CHR_MASK]


def pitch(ramp, choice, pc, cells, delay, met):
    """Two places half a block apart, of which one fades in while the other fades out.

    :param ramp: RAMPn_R; its whole range is once through the block
    :param choice: the address, from bit 16 on log2 of the block's length, from bit 20 on the number of the crossfade
    """
    address = choice & 0x7FFF
    bits = (choice >> 16) & 15
    turn = ramp & MASK32
    first = turn >> (16 - bits)
    second = (first + (0x8000 << bits)) & ((0x10000 << bits) - 1)
    fade = crossfade(turn, cells[PITCH_SHAPE], choice >> 20)
    one = saturate32(interpolate(address, first, pc, cells, delay, met))
    two = saturate32(interpolate(address, second, pc, cells, delay, met))
    return ((one * fade) >> 31) + ((two * (0x80000000 - fade)) >> 31)


def crossfade(turn, shape, number):
    """How loud the first place is, 0..2**31; 0 at the ends of the block, whole in its middle.

    :param shape: 0 triangle; 1 trapezoid; 2 by the number: XF0 triangle, each next one rises twice as fast
    """
    rise = turn if turn < 0x80000000 else 0x100000000 - turn  # 0..2**31 to the middle
    steepness = 1 if shape == 1 else (number if shape == 2 else 0)
    fade = ((rise - 0x40000000) << steepness) + 0x40000000
    if fade < 0:
        return 0
    return fade if fade < 0x80000000 else 0x80000000
