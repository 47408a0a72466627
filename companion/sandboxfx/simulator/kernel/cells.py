# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Where everything of the machine lies: one array of 64-bit cells.

An operand of an instruction is the number of a cell, whatever it is: a register, or a constant of the program.
"""

R0 = 0
R15 = 15
ACC32 = 16
FLAGS = 17
MR0 = 18
SFR0 = MR0 + 128  # + the number of the special function register, 0..121

IN0 = SFR0 + 0
OUT0 = SFR0 + 4
PIN = SFR0 + 8
SWITCH = SFR0 + 9
POT0_K = SFR0 + 10
POT0 = SFR0 + 16
POT0_SMTH = SFR0 + 22
LFO0_F = SFR0 + 28
RAMP0_F = SFR0 + 32
LFO0_S = SFR0 + 34
RAMP0_R = SFR0 + 42
MAXTEMPO = SFR0 + 44
TAPTEMPO = SFR0 + 45
SAMPLECNT = SFR0 + 46
NOISE = SFR0 + 47
BOOTSTAT = SFR0 + 48
TAPSTKRLD = SFR0 + 117
TAPDBRLD = SFR0 + 118
SWDBRLD = SFR0 + 119
OFLRLD = SFR0 + 121

ZERO = SFR0 + 122  # reads 0
SINK = ZERO + 1  # takes what nobody reads
ACC64 = ZERO + 2
USER0 = ZERO + 3
USER1 = ZERO + 4
COUNTER = ZERO + 5  # of the delay memory: one less each sample, 0..32767

# What the chip does not show.
LEVELS = ZERO + 6  # debounced pins, as in PIN
DEBOUNCE = ZERO + 7  # 7: for how many samples a pin differs from LEVELS
TAP_WAITS = DEBOUNCE + 7  # 1 after a first tap
TAP_ELAPSED = TAP_WAITS + 1  # samples since its push edge
TAP_HELD = TAP_WAITS + 2  # samples for which the tap is down
TAP_SECOND = TAP_WAITS + 3  # 1 while the tap that is down is a second one
NOISE_STATE = TAP_WAITS + 4
PHASES = TAP_WAITS + 5  # 4: of the LFOs, 62 bits a turn
OVERFLOW = PHASES + 4  # 8: samples for which the bit in FLAGS still stands, IN0..OUT3
LAST_OUT = OVERFLOW + 8  # 4: the outputs of the last pass

# Choices of rules.py, as the numbers that the arithmetic needs.
ROUND_PRODUCT = LAST_OUT + 4  # added before a product's low 31 bits are dropped
ROUND_DELAY = ROUND_PRODUCT + 1  # added before a delay word's low 16 bits are dropped
MACH_SHIFT_X = ROUND_PRODUCT + 2
MACH_SHIFT_Y = ROUND_PRODUCT + 3
MACH_MASK = ROUND_PRODUCT + 4  # what of a delay word a MACH instruction uses
CHR_MASK = ROUND_PRODUCT + 5  # what of the fraction CHR uses
CHR_DEPTH_MASK = ROUND_PRODUCT + 6  # what of R15 CHR uses
PITCH_SHAPE = ROUND_PRODUCT + 7  # 0 triangle, 1 trapezoid, 2 by XF
LOG_TRUNCATES = ROUND_PRODUCT + 8
TRAPS = ROUND_PRODUCT + 9  # 1: LOG2(0) ends the run, 2: EXP2(>= 0) does
INTERP_WIDE = ROUND_PRODUCT + 10
ABS_WRAPS = ROUND_PRODUCT + 11
ALLPASS_WRAPS = ROUND_PRODUCT + 12
LFO_COUPLED = ROUND_PRODUCT + 13
LFO_AFTER = ROUND_PRODUCT + 14  # LFOs and ramps step after the pass
TAP_PULSES = ROUND_PRODUCT + 15
TIMEOUT_CLEARS = ROUND_PRODUCT + 16
OVERFLOW_HELD = ROUND_PRODUCT + 17
OUT_ZERO = ROUND_PRODUCT + 18
CODEC_SHIFT = ROUND_PRODUCT + 19  # bits that the converters do not have
LFO_FAST = ROUND_PRODUCT + 20  # the LFO_F of 20 Hz
NOISE_GIVEN = ROUND_PRODUCT + 21  # NOISE is fed from outside

# What a run leaves for its report.
TRAP = NOISE_GIVEN + 1  # address + 1 of the instruction that ended the run
PASS_COUNT = TRAP + 1  # instructions of this pass
TOTAL_COUNT = TRAP + 2
MOST_COUNT = TRAP + 3
PASSES = TRAP + 4
TOP = TRAP + 5  # delay words reached: highest address + 1
MET = TRAP + 6  # rules that the machine depended on, apart from instructions
STARTED = TRAP + 7  # 1 after the first pass

CONSTANTS = TRAP + 8  # the program's constants: two for each instruction, at most
CELLS = CONSTANTS + 2 * 1024

DELAY_WORDS = 32768  # beside the cells

UNWRITTEN = 1 << 40  # an OUT to which this pass has not written

# Rules that an instruction met, as bits.
MET_LOG2_ZERO = 1
MET_EXP2 = 2
MET_INTERP = 4
MET_ABS = 8
MET_ALLPASS = 16
MET_UNDEFINED = 32
MET_CHR_DEPTH = 64  # R15 has a low half
MET_CHR_SHALLOW = 128  # ... and nothing else
# ... and the machine, in MET.
MET_LFO_FAST = 1
MET_OUT = 2
MET_TIMEOUT = 4
