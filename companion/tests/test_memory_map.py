# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What a program uses, and the picture of its delay memory."""

from xml.etree import ElementTree

from host_tests.boards.programs.generate import FOLDER, to_hex
from host_tests.boards.programs.program import Program
from sandboxfx.hexfiles import read_hex
from sandboxfx.memory_map import Tap, as_svg, as_text, taps
from sandboxfx.usage import Use, usage

BLOCKS = [("tape", 0, 28800), ("<ap>", 28801, 29000)]
PLACES = [Tap(0, True), Tap(100, False), Tap(28800, False), Tap(28801, True), Tap(28900, False, True)]


def test_what_a_program_uses_is_counted() -> None:
    sway = read_hex((FOLDER / "sway.hex").read_bytes())
    assert usage(sway) == [
        Use("instructions", 47, 1024),
        Use("delay words", 16001, 32768),
        Use("MREGs", 3, 128),
        Use("core registers", 10, 16),
    ]
    assert usage(sway, 20000)[1] == Use("delay words", 20000, 32768)


def test_a_register_that_an_instruction_uses_without_naming_it_counts() -> None:
    chorus = read_hex(to_hex(Program([0xD0000000])).encode())
    assert usage(chorus)[3] == Use("core registers", 1, 16)


def test_taps_are_the_places_that_instructions_name() -> None:
    program = read_hex(
        to_hex(Program([0x8A00000A, 0x88000014, 0x88010014, 0xC0400000, 0xC2400000, 0xD6000014])).encode()
    )
    assert taps(program) == [Tap(0, False), Tap(0, True), Tap(10, True), Tap(20, False), Tap(20, False, True)]


def test_the_text_has_a_bar_and_a_line_for_each_block() -> None:
    lines = as_text(BLOCKS, PLACES).splitlines()
    assert lines[0] == "delay memory: 29,001 of 32,768 words (88.5 %), 604 ms at 48 kHz"
    assert lines[2] == "[" + "A" * 56 + "B" + "·" * 7 + "]"
    assert lines[4:] == [
        "A tape      0..28800  28,801 words    600.0 ms  written at +0, read at +100 +28800",
        "B <ap>  28801..29000     200 words      4.2 ms  written at +0, read from there on: +99",
    ]


def test_the_picture_is_svg_with_every_block_and_tap() -> None:
    picture = ElementTree.fromstring(as_svg(BLOCKS, PLACES, "a & b.fxc"))
    texts = ["".join(element.itertext()) for element in picture.findall(".//{*}text")]
    assert texts[0] == "a & b.fxc"
    assert "tape" in texts
    assert any(text.startswith("<ap>  28801..29000, 200 words, 4.2 ms; written at +0") for text in texts)
    assert len(picture.findall(".//{*}path")) == len(PLACES)
    width = float(picture.attrib["width"])
    boxes = [box for box in picture.findall(".//{*}rect") if "x" in box.attrib]
    assert max(float(box.attrib["x"]) + float(box.attrib["width"]) for box in boxes) <= width


def test_a_program_without_delay_memory_has_an_empty_picture() -> None:
    assert as_text([], []).splitlines()[2] == "[" + "·" * 64 + "]"
    ElementTree.fromstring(as_svg([], [], "swap.hex"))
