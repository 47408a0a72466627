# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Every kind of error: its line, its column, the words that are wrong, and what may have been meant."""

import re
from pathlib import Path

import pytest

import fxasm
from fxasm import messages
from fxasm.assemble import assemble
from host_tests.fxasm.samples import WRONG
from host_tests.fxasm.sources import errors_of, said


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
    sentence = said(assemble(source))[0]
    assert any(
        f"; {circle}" in sentence
        for circle in ("A needs B needs C needs A", "B needs C needs A needs B", "C needs A needs B needs C")
    )


def test_a_column_counts_characters():
    assert errors_of("\t/* \u00e4\u20ac */ ori r0, x".encode()) == [("undefined-symbol", 1, 19)]
    assert errors_of("\ufeffneg x".encode()) == [("unknown-register", 1, 5)]
    assert errors_of("neg x".encode("utf-16")) == [("unknown-register", 1, 5)]
