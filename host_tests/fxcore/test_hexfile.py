# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Intel HEX records: every form that is taken, and every form that is refused, with its line."""

from functools import partial

import pytest

from fxcore import errors
from fxcore.hexfile import HexReader
from host_tests.boards.programs.generate import record
from host_tests.fxcore.reading import fault_of, feed

EOF = ":00000001FF"
AB = ":020000004142" + "7B"  # two bytes "AB" at 0
CD = ":021800004344" + "5F"  # two bytes "CD" at 0x1800
SIZES = {"in one piece": [9999], "byte by byte": [1] * 3000, "in threes": [3] * 1000, "as from the drive": []}


class Records:
    """A reader and what it has put: (address, data, line)."""

    def __init__(self) -> None:
        self.put: list[tuple[int, bytes, int]] = []
        self.reader = HexReader(lambda address, data, line: self.put.append((address, bytes(data), line)))

    def of(self, text: str, sizes: list[int]) -> list[tuple[int, bytes, int]]:
        feed(self.reader, text, sizes)
        return self.put


@pytest.fixture(params=SIZES.values(), ids=list(SIZES))
def sizes(request):
    return request.param


def test_the_records_of_this_file_are_valid():
    assert (record(0, b"AB"), record(0x1800, b"CD"), record(0, b"", 1)) == (AB, CD, EOF)


# ---- taken ----


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{AB}\n{CD}\n{EOF}\n", (1, 2)),
        (f"{AB}\r\n{CD}\r\n{EOF}\r\n", (1, 2)),
        (f"{AB}\r{CD}\r{EOF}\r", (1, 2)),
        (f"{AB}\n{CD}\r\n{EOF}\r", (1, 2)),
        (f"{AB}\n{CD}\n{EOF}", (1, 2)),
        (f"{AB}\r\n{CD}\r\n{EOF}\r", (1, 2)),
        (f"{AB.lower()}\n{CD.lower()}\n{EOF.lower()}\n", (1, 2)),
        (f"{AB[:-1]}b\n{CD}\n:00000001Ff\n", (1, 2)),
        (f"{AB} \n{CD}\t \t\n{EOF}  \n", (1, 2)),
        (f"\n{AB}\n \n\n{CD}\n\n{EOF}\n\n \n", (2, 5)),
        (f"\r\n{AB}\r\n\r\n\r\n{CD}\r\n{EOF}\r\n", (2, 5)),
        (f"\r\r{AB}\r\r{CD}\r{EOF}", (3, 5)),
        (f"{AB}\r\n\n\r\n{CD}\n\r{EOF}", (1, 4)),
        (f"{AB}" + " " * 70 + f"\n{CD}\n{EOF}\n", (1, 2)),
    ],
    ids=[
        "LF", "CRLF", "CR", "mixed ends", "no end of the last line", "half an end of the last line", "lower case",
        "mixed case", "trailing blanks", "blank lines", "blank lines CRLF", "blank lines CR",
        "blank lines mixed", "many blanks",
    ],
)  # fmt: skip
def test_a_form_that_is_taken(text, lines, sizes):
    assert Records().of(text, sizes) == [(0, b"AB", lines[0]), (0x1800, b"CD", lines[1])]


def test_records_are_put_in_the_order_of_the_file(sizes):
    assert Records().of(f"{CD}\n{AB}\n{EOF}\n", sizes) == [(0x1800, b"CD", 1), (0, b"AB", 2)]


@pytest.mark.parametrize("length", [1, 2, 16, 63, 64, 254, 255])
def test_a_record_may_have_any_length(length, sizes):
    data = bytes(range(length))
    assert Records().of(f"{record(0x1234, data)}\n{EOF}\n", sizes) == [(0x1234, data, 1)]


def test_a_record_without_data_adds_nothing(sizes):
    assert [data for _, data, _ in Records().of(f"{record(0, b'')}\n{AB}\n{EOF}\n", sizes) if data] == [b"AB"]


HARMLESS = {
    "upper address 0": record(0, b"\0\0", 4),
    "segment 0": record(0, b"\0\0", 2),
    "start linear address": record(0, b"\0\0\x18\0", 5),
    "start segment address": record(0, b"\x12\x34\x18\0", 3),
}


@pytest.mark.parametrize("line", HARMLESS.values(), ids=list(HARMLESS))
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_record_that_moves_no_address_is_taken_anywhere(line, end, sizes):
    text = end.join((line, AB, line, CD, line, EOF, ""))
    assert Records().of(text, sizes) == [(0, b"AB", 2), (0x1800, b"CD", 4)]


@pytest.mark.parametrize("end", ["\x1a", "\n\x1a", "\r\n\x1a\x1a\r\n"])
def test_ctrl_z_behind_the_end_is_taken(end, sizes):
    assert Records().of(f"{AB}\n{EOF}{end}", sizes) == [(0, b"AB", 1)]


# ---- refused ----

REFUSED = {
    "a digit that is none": (f"{AB[:9]}G{AB[10:]}", errors.HEX_CHARACTER),
    "a blank within": (f"{AB[:9]} {AB[9:]}", errors.HEX_CHARACTER),
    "a blank in front": (f" {AB}", errors.HEX_CHARACTER),
    "no colon": (AB[1:], errors.HEX_CHARACTER),
    "a comment": ("; a program", errors.HEX_CHARACTER),
    "a second colon": (f":{AB}", errors.HEX_CHARACTER),
    "a byte order mark": (f"\xef\xbb\xbf{AB}", errors.HEX_CHARACTER),
    "a NUL": (f"{AB[:5]}\0{AB[6:]}", errors.HEX_UNWRITTEN),
    "an erased byte": (f"{AB[:5]}\xff{AB[6:]}", errors.HEX_UNWRITTEN),
    "erased flash": ("\xff" * 512, errors.HEX_UNWRITTEN),
    "a sign": (f"{AB[:9]}+1{AB[11:]}", errors.HEX_CHARACTER),
    "a letter with an accent": (f"{AB[:9]}\xe9{AB[10:]}", errors.HEX_CHARACTER),
    "text behind": (f"{AB} x", errors.HEX_CHARACTER),
    "a colon only": (":", errors.HEX_LENGTH),
    "half a byte missing": (AB[:-1], errors.HEX_LENGTH),
    "half a byte more": (f"{AB}0", errors.HEX_LENGTH),
    "a byte missing": (AB[:-2], errors.HEX_LENGTH),
    "a byte more": (f"{AB}00", errors.HEX_LENGTH),
    "only the count": (":02", errors.HEX_LENGTH),
    "no checksum": (":00000001", errors.HEX_LENGTH),
    "two records in a line": (AB + AB[1:], errors.HEX_LENGTH),
    "an endless line": (AB + "00" * 2000, errors.HEX_LENGTH),
    "checksum one more": (f"{AB[:-1]}C", errors.HEX_CHECKSUM),
    "checksum 00": (f"{AB[:-2]}00", errors.HEX_CHECKSUM),
    "a flipped data bit": (f"{AB[:10]}0{AB[11:]}", errors.HEX_CHECKSUM),
    "another address": (":0200010041427B", errors.HEX_CHECKSUM),
    "end with data": (record(0, b"A", 1), errors.HEX_LENGTH),
    **{f"type {kind:02X}": (record(0, b"\0\0", kind), errors.HEX_TYPE) for kind in (3, 5, 6, 0x7F, 0xFF)},
    **{f"type {kind:02X} that moves": (record(0, b"\0\1", kind), errors.HEX_TYPE) for kind in (2, 4)},
    **{f"type {kind:02X} at 1": (record(1, b"\0\0", kind), errors.HEX_TYPE) for kind in (2, 4)},
    **{f"type {kind:02X} of 4 bytes": (record(0, bytes(4), kind), errors.HEX_TYPE) for kind in (2, 4)},
}  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("line", "code"), REFUSED.values(), ids=REFUSED)
def test_a_form_that_is_refused_with_its_line(line, code, ends):
    text = ends.join((CD, "", line, AB, EOF, ""))
    for sizes in SIZES.values():
        fault = fault_of(partial(Records().of, text, sizes))
        assert (fault.code, fault.line) == (code, 3)
        assert fault.detail


@pytest.mark.parametrize(("line", "code"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_as_the_last_line_without_an_end(line, code):
    for sizes in SIZES.values():
        fault = fault_of(partial(Records().of, f"{AB}\n{line}", sizes))
        assert (fault.code, fault.line) == (code, 2)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (2, "extended segment address"), (3, "start segment address"),
        (4, "extended linear address"), (5, "start linear address"),
    ],
)  # fmt: skip
def test_a_record_type_is_refused_by_name(kind, name, sizes):
    fault = fault_of(lambda: Records().of(f"{record(0, b'00', kind)}\n{EOF}\n", sizes))
    assert f"{kind:02X}" in fault.detail
    assert name in fault.detail


@pytest.mark.parametrize("more", [AB, EOF, "x", "\x1ax"], ids=["data", "a second end", "text", "text behind Ctrl-Z"])
def test_after_the_end_record_nothing_may_follow(more, sizes):
    fault = fault_of(lambda: Records().of(f"{AB}\n{EOF}\n\n{more}\n", sizes))
    assert (fault.code, fault.line) == (errors.HEX_AFTER_EOF, 4)


@pytest.mark.parametrize("text", ["", "\n", " \r\n", f"{AB}\n", f"{AB}\n{CD}"])
def test_without_an_end_record_a_file_is_not_whole(text, sizes):
    fault = fault_of(lambda: Records().of(text, sizes))
    assert fault.code == errors.HEX_NO_EOF
    assert fault.line >= max(1, text.count("\n"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"{AB[:9]}G{AB[10:]}", ("'G'", "column 10")), (f"{AB[:9]}\0{AB[10:]}", ("byte 00", "column 10")),
        (f"{AB[:9]} {AB[10:]}", ("byte 20",)), (f"{AB[:9]}\x7f{AB[10:]}", ("byte 7F",)),
        (f"{AB[:9]}~{AB[10:]}", ("'~'",)), ("x", ("':'", "'x'")),
        (AB[:-2], ("announces 2", "holds 1")), (f"{AB}00", ("announces 2", "holds 3")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(line, words, sizes):
    detail = fault_of(lambda: Records().of(f"{line}\n{EOF}\n", sizes)).detail
    assert all(word in detail for word in words)


def test_a_wrong_checksum_is_named_with_the_right_one(sizes):
    fault = fault_of(lambda: Records().of(f"{AB[:-2]}00\n{EOF}\n", sizes))
    assert "00" in fault.detail
    assert "7B" in fault.detail


# ---- the next file ----


@pytest.mark.parametrize("broken", [f"{AB}\n{EOF}\n", f"{AB}\n:0", f"{AB}\r", f"{AB}\n{EOF}\nx\n", ":" * 900])
def test_after_a_reset_nothing_of_the_file_before_is_left(broken, sizes):
    records = Records()
    try:
        records.of(broken, sizes)
    except errors.Fault:
        records.put.clear()
    records.put.clear()
    records.reader.reset()
    assert records.of(f"\n{CD}\n{EOF}\n", sizes) == [(0x1800, b"CD", 2)]
