# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The FXCore's instructions: one row each, for the assembler, the disassembler and the simulator.

An instruction word is `opcode << 24 | R << 16 | M`: the opcode is even, R has 8 bits and M has 16; a field that no
operand fills is 0. A row is the mnemonic, the opcode and one letter for each operand, in the order of the source:

    letter  operand                          field  values
    c C     core register                    R      0..17
    d       core register                    M      0..17
    m M     MREG                             M      0..127
    s S     special function register        M      0..48
    a       delay memory address             M      0..32767
    i       integer                          M      -32768..65535
    f       S.15 fraction                    M      16 bits
    g       S.7 fraction                     R      8 bits
    n       bits to shift                    M      0..31
    q       CHR's LFO, SIN/COS, POS/NEG      R      0..15
    p       PITCH's ramp, length, crossfade  R      0..63
    b       SET's pin and bit                M      0..63
    j       jump: target = PC + 1 + offset   M      0..1023

A capital letter is a register that the instruction writes by name. The rows are texts that are looked up where they
lie: as objects they would cost the board eight times the memory.
"""

# By the first letter of the mnemonic.
TABLE = {
    0x41: b"""
ABS 00c
ADDI 04ci
ADD 06cd
ADDS 08cd
ADDSI 0Acf
AND A6cd
ANDI A8ci
APA C0ga
APB C2ga
APRA C4ca
APRB C6ca
APRRA C8cd
APRRB CAcd
APMA CCcm
APMB CEcM
""",
    0x43: b"""
CLRACC64 02
CPY_CC 60Cd
CPY_CM 62Cm
CPY_CS 64Cs
CPY_MC 66Mc
CPY_SC 68Sc
CPY_CMX 6ACd
CHR D0qa
""",
    0x45: b"""
EXP2 38c
""",
    0x49: b"""
INV A0c
INTERP D6ca
""",
    0x4A: b"""
JGEZ AEcj
JNEG B0cj
JNZ B2cj
JZ B4cj
JZC B6cj
JMP B8j
""",
    0x4C: b"""
LOG2 36c
LDACC64U 84c
LDACC64L 86c
""",
    0x4D: b"""
MACRR 20cd
MACRI 22cf
MACRD 24ca
MACID 26ga
MACHRR 28cd
MACHRI 2Acf
MACHRD 2Cca
MACHID 2Ega
MULTRR 30cd
MULTRI 32cf
""",
    0x4E: b"""
NEG 34c
""",
    0x4F: b"""
OR A2cd
ORI A4ci
""",
    0x50: b"""
PITCH D2pa
""",
    0x52: b"""
RDACC64U 80C
RDACC64L 82C
RDDEL 88Ca
RDDELX 8CCd
RDDIRX 90Cd
""",
    0x53: b"""
SUB 0Ccd
SUBS 0Ecd
SL 10cn
SLR 12cd
SLS 14cn
SLSR 16cd
SR 18cn
SRR 1Acd
SRA 1Ccn
SRAR 1Ecd
SAT64 94C
SET D4bc
""",
    0x57: b"""
WRDEL 8Aac
WRDELX 8Ecd
WRDIRX 92cd
WRDLD 96Ci
""",
    0x58: b"""
XOR AAcd
XORI ACci
""",
}

# The operands whose number goes to field R; all others go to M.
IN_R = b"cCgqp"


def find(mnemonic):
    """Returns (opcode, operand letters) of the mnemonic (bytes, upper case), or None."""
    rows = TABLE.get(mnemonic[0]) if mnemonic else None
    if rows is None:
        return None
    key = b"\n" + mnemonic + b" "
    at = rows.find(key)
    if at < 0:
        return None
    at += len(key)
    return int(rows[at : at + 2], 16), rows[at + 2 : rows.find(b"\n", at)]


def decode(opcode):
    """Returns (mnemonic, operand letters) of the word's top byte, or None where it is no instruction."""
    key = b" %02X" % opcode
    for rows in TABLE.values():
        at = rows.find(key)
        if at >= 0:
            return rows[rows.rfind(b"\n", 0, at) + 1 : at], rows[at + 3 : rows.find(b"\n", at)]
    return None


def mnemonics():
    """Returns the list of all mnemonics."""
    return [row.split(b" ")[0] for rows in TABLE.values() for row in rows.split(b"\n") if row]
