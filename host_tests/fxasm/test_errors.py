# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Every kind of error: its line, its column, the words that are wrong, and what may have been meant."""

import re
from pathlib import Path

import pytest

import fxasm
from fxasm import messages
from fxasm.assemble import assemble
from host_tests.fxasm.sources import errors_of, said

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


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_an_error_has_its_kind_its_place_and_its_words(number):
    kind, source, line, column, words = WRONG[number]
    faults = assemble(source).errors
    assert [(fault.code, fault.line, fault.column) for fault in faults] == [(kind, line, column)]
    assert faults[0].detail.startswith(f"`{words}`: ")


def test_every_kind_has_a_sentence_and_an_example():
    kinds = [row.split(" ", 1)[0] for row in messages.TABLE.strip().splitlines()]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == {kind for kind, *_ in WRONG}
    code = "".join(path.read_text(encoding="utf-8") for path in Path(fxasm.__path__[0]).glob("*.py"))
    raised = set(re.findall(r'SourceFault\(\s*"([a-z-]+)"', code)) | {"preset-range"}
    assert raised == set(kinds)


@pytest.mark.parametrize(
    ("source", "near"),
    [
        ("multr r0, r1", "MULTRI, MULTRR?"),
        ("equ a 5", ".EQU?"),
        (".mme a 5", ".MEM?"),
        (".mem buf 5\nrddel r0, buff", "BUF, BUF!, BUF#?"),
        ("ori r0, usr1", "USER1?"),
        ("jmp lop\nneg r0\nloop: neg r0", "LOOP?"),
        ("cpy_cs r0, pot0_smht", "POT0_SMTH?"),
        (".rn wet r0\nneg wt", "WET?"),
        ("xyzzy", None),
    ],
)
def test_the_nearest_known_names_are_offered(source, near):
    (sentence,) = said(assemble(source))
    if near is None:
        assert not sentence.endswith("?")
    else:
        assert sentence.endswith("; " + near)


def test_all_errors_are_told_at_once_in_the_order_of_their_lines():
    source = "neg r99\n.equ a b\nori r0, 1/0\n.equ a 1\njmp x\nneg r0\nfoo\n"
    assert [line for _, line, _ in errors_of(source)] == [1, 2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    "source",
    [
        ".equ a 1/0\nori r0, a+1\n.equ b a*2\nori r0, b",
        ".mem a 0-1\nrddel r0, a\nrddel r0, a#\n.equ b a!",
        ".equ a b\n.equ c a\nori r0, a|c",
        ".rn a r99\nneg a\n.creg a 5",
        ".eq a 5\nori r0, a\nneg r0",
        "jmp a\na : neg r0",
        "jmp a\nfoo r0\na: neg r0",
        "equ a 5\nori r0, a",
        "jmp a\nneg r0 /*\na: neg r0",
        ".equ a+b 5\nori r0, a+b",
    ],
)
def test_a_wrong_line_makes_no_other_line_wrong(source):
    assert len(errors_of(source)) == 1


def test_every_member_of_a_circle_is_told_and_what_uses_it_is_not():
    source = ".equ a b+1\n.equ b c\n.equ c a\n.equ d a\nori r0, d"
    assert errors_of(source) == [("circular-definition", line, 8) for line in (1, 2, 3)]
    assert "A needs B needs C needs A" in said(assemble(source))[0]


def test_a_column_counts_characters():
    assert errors_of("\t/* \u00e4\u20ac */ ori r0, x".encode()) == [("undefined-symbol", 1, 19)]
    assert errors_of("\ufeffneg x".encode()) == [("unknown-register", 1, 5)]
    assert errors_of("neg x".encode("utf-16")) == [("unknown-register", 1, 5)]
