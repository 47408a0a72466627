# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What each of the 72 instructions does: one row each, on top of fxasm's table of words.

A row is the mnemonic, the operation, two operands, the target, and how sure this is:

    exact    the chip's documents define every bit
    likely   they define the effect; a detail (a dropped bit, a limit) is the usual reading
    modelled they name the effect; how the chip computes it is not published

Operands: c a core register by field R, d one by field M, m MREG, s special function register, a delay address,
signed unsigned high: the 16 bits of M as they are, or in the upper half; fraction7: R in the upper 8 bits; shift, bit,
jump: a number; lfo ramp block: the fields of CHR and PITCH; acc: ACC32.
"""

from typing import NamedTuple

EXACT, LIKELY, MODELLED = "exact", "likely", "modelled"

_TABLE = """
ABS      ABSOLUTE               c         -         acc  likely
CLRACC64 CLEAR64                -         -         -    exact
ADDI     ADD                    c         signed    acc  exact
ADD      ADD                    c         d         acc  exact
ADDS     ADD_SATURATED          c         d         acc  exact
ADDSI    ADD_SATURATED          c         high      acc  exact
SUB      SUBTRACT               c         d         acc  exact
SUBS     SUBTRACT_SATURATED     c         d         acc  exact
SL       SHIFT_LEFT             c         shift     acc  exact
SLR      SHIFT_LEFT             c         d         acc  exact
SLS      SHIFT_LEFT_SATURATED   c         shift     acc  exact
SLSR     SHIFT_LEFT_SATURATED   c         d         acc  exact
SR       SHIFT_RIGHT            c         shift     acc  exact
SRR      SHIFT_RIGHT            c         d         acc  exact
SRA      SHIFT_RIGHT_SIGNED     c         shift     acc  exact
SRAR     SHIFT_RIGHT_SIGNED     c         d         acc  exact
MACRR    MAC                    c         d         -    exact
MACRI    MAC                    c         high      -    exact
MACRD    MAC_READ               c         a         -    exact
MACID    MAC_READ               fraction7 a         -    exact
MACHRR   MACH                   c         d         -    likely
MACHRI   MACH                   c         high      -    likely
MACHRD   MACH_READ              c         a         -    likely
MACHID   MACH_READ              fraction7 a         -    likely
MULTRR   MULTIPLY               c         d         acc  likely
MULTRI   MULTIPLY               c         high      acc  likely
NEG      NEGATE                 c         -         acc  exact
LOG2     LOG2                   c         -         acc  modelled
EXP2     EXP2                   c         -         acc  modelled
CPY_CC   COPY                   d         -         c    exact
CPY_CM   COPY                   m         -         c    exact
CPY_CS   COPY                   s         -         c    exact
CPY_MC   COPY                   c         -         m    exact
CPY_SC   COPY                   c         -         s    exact
CPY_CMX  COPY_INDEXED           d         -         c    exact
RDACC64U READ64_UPPER           -         -         c    exact
RDACC64L READ64_LOWER           -         -         c    exact
LDACC64U LOAD64_UPPER           c         -         -    exact
LDACC64L LOAD64_LOWER           c         -         -    exact
RDDEL    READ                   -         a         c    exact
WRDEL    WRITE                  c         a         -    likely
RDDELX   READ                   -         d         c    exact
WRDELX   WRITE                  d         c         -    likely
RDDIRX   READ_DIRECT            -         d         c    exact
WRDIRX   WRITE_DIRECT           d         c         -    likely
SAT64    SATURATE64             -         -         c    exact
WRDLD    COPY                   high      -         c    exact
INV      INVERT                 c         -         acc  exact
OR       OR                     c         d         acc  exact
ORI      OR                     c         unsigned  acc  exact
AND      AND                    c         d         acc  exact
ANDI     AND                    c         unsigned  acc  exact
XOR      XOR                    c         d         acc  exact
XORI     XOR                    c         unsigned  acc  exact
JGEZ     JUMP_NOT_NEGATIVE      c         jump      -    exact
JNEG     JUMP_NEGATIVE          c         jump      -    exact
JNZ      JUMP_NOT_ZERO          c         jump      -    exact
JZ       JUMP_ZERO              c         jump      -    exact
JZC      JUMP_SIGN_CHANGE       c         jump      -    exact
JMP      JUMP                   -         jump      -    exact
APA      ALLPASS_READ           fraction7 a         acc  likely
APB      ALLPASS_WRITE          fraction7 a         acc  likely
APRA     ALLPASS_READ_NEGATED   c         a         acc  likely
APRB     ALLPASS_WRITE          c         a         acc  likely
APRRA    ALLPASS_READ_NEGATED   c         d         acc  likely
APRRB    ALLPASS_WRITE          c         d         acc  likely
APMA     ALLPASS_REGISTER_READ  c         m         acc  likely
APMB     ALLPASS_REGISTER_WRITE c         m         acc  likely
CHR      CHORUS                 lfo       a         acc  modelled
PITCH    PITCH                  ramp      block     acc  modelled
SET      BIT                    c         bit       user exact
INTERP   INTERPOLATE            c         a         acc  likely
"""


class Effect(NamedTuple):
    """One row of the table."""

    operation: str
    x: str
    y: str
    target: str
    certainty: str


EFFECTS = {row.split()[0]: Effect(*row.split()[1:]) for row in _TABLE.strip().splitlines()}
