# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a source may look like: lines, comments, labels, separators, directives, expressions, both policies."""

import pytest

from fxasm.assemble import assemble
from fxcore.program import CREG, MREG, SFR
from host_tests.fxasm.samples import EXPRESSIONS, FRACTIONS
from host_tests.fxasm.sources import assembled, errors_of, preset_of, section_words, word_of, words_of

NEGS = ["34000000", "34010000"]


@pytest.mark.parametrize(
    "source",
    [
        "neg r0\nneg r1\n",
        "neg r0\r\nneg r1",
        "neg r0\rneg r1\r",
        "\n\n\tNEG\tR0  \n  Neg r1;",
        "neg r0 ; /* neg r2\nneg r1 // */ neg r3",
        "/* neg r2 */ neg r0 /* a\n; b */ neg r1",
        "/**/neg r0/*/ neg r2 /**/\n/***/ neg r1",
        "a: b: neg r0\nc:\n:\nneg r1",
        "neg r0,\nneg , r1",
        "neg,r0\nneg\x0cr1",
        "neg\u00a0r0\nneg r1 ; \u00e4\u00f6\u00fc",
    ],
)
def test_lines_comments_labels_and_separators(source):
    assert words_of(source) == NEGS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_byte_order_mark_says_how_it_is_written(encoding, end):
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    assert words_of((mark + f"neg r0 ; \u00e9{end}neg r1{end}").encode(encoding)) == NEGS


@pytest.mark.parametrize(
    "statement",
    ["chr lfo0|sin, a+2", "chr lfo0|sin a+2", "chr lfo0 | sin , a + 2", "chr (lfo0 | sin) a+2", "chr 0 ( a + 2 )"],
)
def test_blanks_separate_operands_where_that_is_unambiguous(statement):
    assert words_of(".mem a 9\n" + statement) == ["D0000002"]


@pytest.mark.parametrize("statement", ["addi r0 -5", "addi r0, -5", "addi r0 , - 5", "addi r0 (-5)"])
def test_a_minus_close_to_its_number_begins_an_operand(statement):
    assert word_of(statement) == "0400FFFB"


def test_a_label_may_be_named_like_anything():
    source = "jmp neg\nneg r0\nneg: jmp r0\nneg r0\nr0: jmp 3db\nneg r0\n3db: jmp a-b\nneg r0\na-b: .equ x 5\nneg r0"
    assert words_of(source)[::2] == ["B8000001"] * 4 + ["34000000"]


def test_aliases_may_come_after_their_use():
    assert words_of("cpy_mc kept, wet\n.rn wet r3\n.RN Kept MR7") == ["66030007"]


def test_constants_may_come_in_any_order_and_number():
    chain = "".join(f".equ c{i} c{i + 1}+1\n" for i in range(399)) + ".equ c399 1\n"
    assert word_of(chain + "ori r0, c0") == "A4000190"


def test_a_block_of_delay_memory_has_three_names():
    source = ".mem a 10\n.mem b a+5\n.equ end b#\nrddel r0, {}"
    for name, address in {"a": 0, "a#": 10, "a!": 10, "b": 11, "b#": 26, "b!": 15, "end": 26}.items():
        assert word_of(source.format(name)) == f"8800{address:04X}", name


def test_half_a_word_of_a_block_goes_to_the_even_number():
    for length, words in {"10.5": 10, "11.5": 12, "0.5": 0, "10.9": 11, "21/2": 10, "0": 0}.items():
        assert word_of(f".mem a {length}\nrddel r0, a#") == f"8800{words:04X}"


def test_the_delay_memory_can_be_filled_to_the_last_word():
    assert word_of(".mem a 32766\n.mem b 0\nrddel r0, b") == "88007FFF"


@pytest.mark.parametrize("pair", EXPRESSIONS)
def test_an_expression_has_its_value(pair):
    text, _, value = pair.rpartition("=")
    assert word_of(f".equ k 5\n.equ a-b 17\nori r0, {text}") == f"A400{int(value) & 0xFFFF:04X}"


def test_what_is_not_exact_has_more_places_than_any_field():
    for text, value in {
        "sin(0.5)": 0x3D5DB6BB,
        "exp(-1)": 0x2F16AC6C,
        "tan(0.25)": 0x20AF5194,
        "ln(2)": 0x58B90BFB,
    }.items():
        assert abs(preset_of(f".creg r0 {text}") - value) < 1 << 16, text
    assert preset_of(".creg r0 2^0.5-1") == preset_of(".creg r0 exp(ln(2)/2)-1")


@pytest.mark.parametrize("text", FRACTIONS)
def test_a_fraction_is_rounded_as_the_policy_says(text):
    for rounding, position in (("vendor", 0), ("nearest", 1)):
        long, short, preset = (field.split()[position] for field in FRACTIONS[text])
        assert word_of(f"multri r0, {text}", rounding) == "3200" + long
        assert word_of(f"apa {text}, 0", rounding) == f"C0{short}0000"
        assert preset_of(f".creg r0 {text}", rounding) == int(preset, 16)


def test_half_a_fraction_is_that_of_its_32_bits():
    assert word_of("multri r0, 0.5.u") == "32003FFF"
    assert word_of("multri r0, 0.5.l") == "3200FFFF"
    assert word_of("multri r0, 0.5.u", "nearest") == "32004000"
    assert word_of("wrdld r0, 0.5.u") == "96000000"


def test_a_number_without_a_point_anywhere_is_the_presets_word():
    values = {
        "100*2": 200,
        "(5)": 5,
        "5-6": 0xFFFFFFFF,
        "1/3*3": 1,
        "4294967295": 0xFFFFFFFF,
        "-2147483648": 0x80000000,
    }
    for text, word in values.items():
        assert preset_of(f".creg r0 {text}") == word, text
    assert errors_of(".creg r0 0.5*4\n.equ two 2.0\n.creg r1 two") == [("preset-range", 1, 10), ("preset-range", 3, 10)]


def test_i_makes_a_preset_whole():
    assert preset_of(".creg.i r0 32767/2") == 0x3FFF
    assert preset_of(".creg.i r0 -200.7") == 0xFFFFFF38
    assert preset_of(".equ.i x 7.9\n.creg r0 x") == preset_of(".creg r0 7.9.i") == 7


def test_presets_go_to_their_registers_and_no_others():
    result = assembled(
        ".rn x r15\n.creg x 1\n.mreg mr127 2\n.sreg pot5_k 31\n.sreg pot0_k 0\n.sreg usr1 1\n.sreg ofLrld -1"
    )
    assert section_words(result, CREG) == [0] * 15 + [1]
    assert section_words(result, MREG) == [0] * 127 + [2]
    words = section_words(result, SFR)
    assert [words[i] for i in (0, 1, 7, 9, 10, 11)] == [0x3EA52940, 0, 0x7FFF, 0x01E08CA0, 0x096001E0, 0x0002FFFF]


def test_a_preprocessors_output_is_taken_as_it_is():
    source = (
        "// @effects.gain(r0, 0.5)\r\n"
        "MULTRI R0 , 0.5 // from library: effects -- subroutine: gain -- [Complex equation substitution] \r\n"
        "JGEZ ACC32 , POSITIVE_12 // from library: effects -- subroutine: gain -- [matching P with A type T --]\r\n"
        "NEG ACC32\r\n"
        "POSITIVE_12:\r\n"
        "CPY_SC OUT0 , ACC32\r\n"
    )
    assert words_of(source) == ["32003FFF", "AE100001", "34100000", "68100004"]


def test_str_and_bytes_are_the_same():
    assert assemble("neg r0").program.image == assemble(b"neg r0").program.image
