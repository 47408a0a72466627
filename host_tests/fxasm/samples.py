# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the assembler must make of short sources, for CPython and for the board."""

# One statement for each mnemonic, with its word.
STATEMENTS = (
    """
abs r1 00010000/clracc64 02000000/addi r2, -2 0402FFFE/add r3, r4 06030004/adds r5, acc32 08050010
addsi r6, 0.25 0A061FFF/sub r7, r8 0C070008/subs acc32, r9 0E100009/sl r10, 31 100A001F/slr r11, r12 120B000C
sls r13, 1 140D0001/slsr r14, r15 160E000F/sr r0, 0 18000000/srr r1, r2 1A010002/sra r3, 4 1C030004
srar r5, r6 1E050006/macrr r7, r8 20070008/macri r9, -0.5 2209C000/macrd r10, 32767 240A7FFF/macid 0.5, 9 263F0009
machrr r1, r2 28010002/machri r3, 0 2A030000/machrd r4, 5 2C040005/machid -0.5, 6 2EC00006/multrr r7, r8 30070008
multri r9, -1 32098000/neg r10 340A0000/log2 r11 360B0000/exp2 acc32 38100000/cpy_cc r12, flags 600C0011
cpy_cm r13, mr127 620D007F/cpy_cs r14, in3 640E0003/cpy_mc mr5, r15 660F0005/cpy_sc out2, r0 68000006
cpy_cmx r1, r2 6A010002/rdacc64u r3 80030000/rdacc64l r4 82040000/ldacc64u r5 84050000/ldacc64l r6 86060000
rddel r7, 8 88070008/wrdel 9, r10 8A0A0009/rddelx r11, r12 8C0B000C/wrdelx r13, r14 8E0D000E/rddirx r15, r0 900F0000
wrdirx r1, r2 92010002/sat64 r3 94030000/wrdld r4, 0x8000 96048000/inv r5 A0050000/or r6, r7 A2060007
ori r8, 65535 A408FFFF/and r9, r10 A609000A/andi r11, 1 A80B0001/xor r12, r13 AA0C000D/xori r14, 0b11 AC0E0003
apa -0.25, 1 C0E00001/apb 0, 2 C2000002/apra r3, 4 C4030004/aprb r5, 6 C6050006/aprra r7, r8 C8070008
aprrb r9, r10 CA09000A/apma r11, mr12 CC0B000C/apmb r13, mr14 CE0D000E/chr lfo2|cos|neg, 15 D00D000F
pitch rmp1|l4096|xf2, 16 D22D0010/set user1|17, r1 D4010031/interp r2, 18 D6020012
""".strip()
    .replace("\n", "/")
    .split("/")
)
JUMPS = {
    "jgez r1, far": "AE01",
    "jneg r2, far": "B002",
    "jnz r3, far": "B203",
    "jz r4, far": "B404",
    "jzc r5, far": "B605",
}

# Expression: what it is worth as an integer.
EXPRESSIONS = """
1+2*3=7  (1+2)*3=9  2*-3+4=-2  -2^2=4  2^3^2=64  7-(-(2))=9  8-2-1=5  100/3*3=100  7/2=3  -7/2=-3  1<<2|1=8  8>>1+1=2
1|2&3=3  0xF0|0x0F=255  0b1010_1010=170  .5*8=4  5.*2=10  0.29*100=29  2^-1*8=4  +5=5  sw0|sw4=17  k*2=10  k-1=4
floor(2.7)=2  floor(-2.1)=-3  ceiling(2.1)=3  round(2.5)=3  truncate(-2.9)=-2  abs(-3)=3  fact(5)=120  log2(8)=3
log10(0.001)=-3  exp(0)=1  ln(1)=0  cos(0)=1  floor(pi()*1000)=3141  2^0.5*1000=1414  -floor(2.5)=-2  k.i=5  2.9.i=2
a-b=17  70000.u=1  70000.l=4464  (0-1).u=65535  0x12345678.L=22136  -3.9=-3  65535.5=65535  (((((1)))))=1
""".split()

FRACTIONS = {  # both policies, as S.15, S.7 and S.31
    "0.5": ("3FFF 4000", "3F 40", "3FFFFFFF 40000000"),
    "-0.5": ("C000 C000", "C0 C0", "C0000001 C0000000"),
    "0.1": ("0CCC 0CCD", "0C 0D", "0CCCCCCC 0CCCCCCD"),
    "-0.3": ("D999 D99A", "D9 DA", "D999999A D999999A"),
    "-1.0": ("8000 8000", "80 80", "80000001 80000000"),
    "0.99999": ("7FFF 7FFF", "7F 7F", "7FFFAC1C 7FFFAC1D"),
    "1/3": ("2AAA 2AAB", "2A 2B", "2AAAAAAA 2AAAAAAB"),
}

# Kind, source, line, column, words.
WRONG = [
    ("unknown-mnemonic", "neg r0\n  Multr r0, r1", 2, 3, "Multr"),
    ("unknown-mnemonic", "x : neg r0", 1, 1, "x"),
    ("unknown-directive", "neg r0\n .sfr r0 5", 2, 2, ".sfr"),
    ("unknown-directive", ".equ.x a 5", 1, 1, ".equ.x"),
    ("operand-count", "a: add r0", 1, 4, "add"),
    ("operand-count", "clracc64 r0", 1, 1, "clracc64"),
    ("operand-count", "add r0, r1, r2", 1, 1, "add"),
    ("operand-count", ".rn a r0 r1", 1, 7, "r0 r1"),
    ("operand-kind", ".equ five 5\nneg five", 2, 5, "five"),
    ("operand-kind", "neg r0+1", 1, 5, "r0+1"),
    ("operand-kind", "jmp a+1\na: neg r0", 1, 5, "a+1"),
    ("operand-kind", "apa 0.5.u, 0", 1, 5, "0.5.u"),
    ("undefined-symbol", "ori r0, 1+gane", 1, 11, "gane"),
    ("undefined-symbol", ".equ a b", 1, 8, "B"),
    ("undefined-symbol", "ori r0, r1+1", 1, 9, "r1"),
    ("undefined-symbol", "ori r0, foo(3)", 1, 9, "foo"),
    ("undefined-label", "jmp there", 1, 5, "there"),
    ("duplicate-label", "a: neg r0\nb: A: neg r0", 2, 4, "A"),
    ("duplicate-symbol", ".equ a 1\n.mem A 2", 2, 6, "A"),
    ("duplicate-symbol", ".mem a 1\n.equ a# 2", 2, 6, "a#"),
    ("duplicate-symbol", ".equ a! 1\n.mem a 2", 2, 6, "a"),
    ("duplicate-alias", ".rn a r0\n.rn a r1", 2, 5, "a"),
    ("duplicate-alias", ".rn a r0\n.rn b r0", 2, 7, "r0"),
    ("name-is-register", ".equ acc32 1", 1, 6, "acc32"),
    ("name-is-register", ".rn r1 r2", 1, 5, "r1"),
    ("name-is-reserved", ".mem lfo0 1", 1, 6, "lfo0"),
    ("bad-name", ".equ a*b 1", 1, 6, "a*b"),
    ("bad-name", ".equ 12 1", 1, 6, "12"),
    ("circular-definition", ".equ a 1+a", 1, 8, "1+A"),
    ("unknown-register", "neg r16", 1, 5, "r16"),
    ("unknown-register", ".rn a r0\n.rn b a\nneg b", 2, 7, "a"),
    ("unknown-register", ".creg r99 1", 1, 7, "r99"),
    ("wrong-register-bank", "cpy_cm r0, r5", 1, 12, "r5"),
    ("wrong-register-bank", ".creg mr3 7", 1, 7, "mr3"),
    ("register-access", "cpy_sc pot0, r0", 1, 8, "pot0"),
    ("register-access", "cpy_cs r0, usr0", 1, 12, "usr0"),
    ("range", "ori r0, 256*256", 1, 9, "256*256"),
    ("range", "ori r0, 2^2000", 1, 9, "2^2000"),
    ("range", "ori r0, 1<<65", 1, 9, "1<<65"),
    ("range", "ori r0, 4294967296.u", 1, 9, "4294967296.u"),
    ("range", "ori r0, ln(0)", 1, 9, "ln"),
    ("preset-range", ".creg r0 4294967296", 1, 10, "4294967296"),
    ("preset-range", ".sreg pot0_k 32", 1, 14, "32"),
    ("preset-range", ".sreg usr0 2", 1, 12, "2"),
    ("preset-range", ".sreg pot0_k 0.5", 1, 14, "0.5"),
    ("preset-range", ".mreg mr0 1.0", 1, 11, "1.0"),
    ("not-presettable", ".sreg in0 5", 1, 7, "in0"),
    ("not-presettable", ".creg acc32 5", 1, 7, "acc32"),
    ("duplicate-preset", ".rn a r0\n.creg r0 5\n.creg a 5", 3, 7, "a"),
    ("missing-value", ".rn temp\nneg temp", 1, 1, ".rn"),
    ("missing-value", ".mreg", 1, 1, ".mreg"),
    ("backward-jump", "a: neg r0\njmp a", 2, 5, "a"),
    ("backward-jump", "a: jmp a", 1, 8, "a"),
    ("jump-past-end", "jmp a\nneg r0\na:", 1, 5, "a"),
    ("jump-past-end", "jmp 0", 1, 5, "0"),
    ("memory-size", ".mem a 0-1", 1, 8, "0-1"),
    ("memory-total", ".mem a 32768", 1, 8, "32768"),
    ("memory-total", ".mem a 20000\n.mem b 20000\n.mem c 10", 2, 6, "B"),
    ("expression-syntax", "ori r0, 1+", 1, 9, "1+"),
    ("expression-syntax", "ori r0, 3+4)", 1, 12, ")"),
    ("expression-syntax", "ori r0, (3+4", 1, 9, "(3+4"),
    ("expression-syntax", "ori r0, ()", 1, 9, "()"),
    ("expression-syntax", "ori r0, 3**4", 1, 11, "*"),
    ("expression-syntax", "ori r0, (1)2", 1, 12, "2"),
    ("expression-syntax", "ori r0, --2", 1, 10, "-"),
    ("expression-syntax", "ori r0, pi(1)", 1, 9, "pi"),
    ("expression-syntax", "ori r0, sin()", 1, 9, "sin"),
    ("expression-syntax", "ori r0, .u", 1, 9, ".u"),
    ("division-by-zero", "ori r0, 1/(2-2)", 1, 9, "1/(2-2)"),
    ("bad-number", "ori r0, 0b12", 1, 9, "0b12"),
    ("bad-number", "ori r0, 1+0x", 1, 11, "0x"),
    ("bad-number", "ori r0, 1e5", 1, 9, "1e5"),
    ("bad-number", "ori r0, 1.2.3", 1, 9, "1.2.3"),
    ("bad-number", "ori r0, -0x10", 1, 10, "0x10"),
    ("bad-number", "ori r0, 1_000", 1, 9, "1_000"),
    ("program-too-long", "neg r0\n" * 1025, 1025, 1, "neg"),
    ("unclosed-comment", "jmp a\n neg r0 /* a:\nneg r0", 2, 9, "/*"),
    ("line-too-long", "ori r0, " + "1+" * 300 + "1", 1, 1, "ori"),
]
