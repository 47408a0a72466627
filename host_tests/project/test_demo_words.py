# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the demo makes readable: I2C transfers and the light."""

import pytest

from host_tests.boards.virtual.fxcore.parts import with_sum
from host_tests.boards.virtual.i2c.bus import Transaction
from host_tests.demo.light import colour_name, history, on_screen, phases
from host_tests.demo.traffic import Traffic
from host_tests.demo.wire import slot_ranges, status_text

RED, GREEN, AMBER, BLUE, DARK = (76, 0, 0), (0, 76, 0), (76, 24, 0), (0, 0, 76), (0, 0, 0)
READY = bytes.fromhex("00 00 A5 5A FF FF 01 00 78 56 34 12")


# ---- I2C ----
def transfer(data, kind="w", address=0x30, result="ok"):
    return Transaction(0.0, kind, address, bytes(data), result, 1.0, len(data))


def words(*transfers):
    """The meanings, without the bytes."""
    return [text[17:] for _, text in Traffic(list(transfers), 0x30).last(99)]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("A5 5A 30", "ENTER_PRG for address 0x30"),
        ("5A A5", "EXIT_PRG"),
        ("0E 00", "RETURN_0"),
        ("0D 00", "EXEC_FROM_RAM"),
        ("0C 0F", "WRITE_PRG: burn slot F"),
        ("04 7F", "XFER_MREG: 128 registers to come"),
        ("0B FF", "XFER_PRG: 1024 instructions to come"),
        ("77 00 00", "3 bytes that are no command"),
    ],
)
def test_commands_have_names(sent, said):
    assert words(transfer(bytes.fromhex(sent))) == [said]


@pytest.mark.parametrize(("change", "proof"), [(0, "right"), (1, "wrong")])
def test_a_block_is_named_by_the_command_before_it(change, proof):
    block = bytearray(with_sum(bytes(range(64))))
    block[3] += change
    said = words(transfer(b"\x01\x0f"), transfer(block), transfer(b"\x0d\x00"))
    assert said[1:] == [f"CREG block: 64 bytes and a {proof} checksum", "EXEC_FROM_RAM"]


def test_a_block_in_pieces_is_counted():
    said = words(transfer(b"\x08\x07"), transfer(bytes(32)), transfer(bytes(2)))
    assert said[1:] == ["PRG block: 32 of 34 bytes", "PRG block: 32 bytes and a right checksum"]


def test_after_a_block_that_never_came_commands_are_commands_again():
    assert words(transfer(b"\x08\x07"), transfer(b"\x0e\x00"), transfer(b"\x5a\xa5"))[1:] == ["RETURN_0", "EXIT_PRG"]


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        (0, 0x00, "status: ready, no error, slots 0-F"),
        (0, 0x1F, "status: got CREG SFR MREG PRG, no error, slots 0-F"),
        (1, 0x80, "status: ready, WRONG CHECKSUM (80), slots 0-F"),
        (1, 0x2F, "status: ready, FLASH ERROR (2F), slots 0-F"),
        (1, 0x41, "status: ready, TRANSFER FAULT (41), slots 0-F"),
        (4, 0x0B, "status: ready, no error, slots 0-1 3 8-F"),
    ],
)
def test_the_status_is_decoded(at, value, said):
    raw = bytearray(READY)
    raw[at] = value
    assert words(transfer(raw, "r")) == [said]


def test_what_cannot_be_a_status_is_not_decoded():
    assert status_text(b"\xff" * 12) == "12 times FF: no status"
    assert status_text(b"\x01\x02") == "2 bytes"
    assert slot_ranges(0) == "none"


def test_a_failed_transfer_says_how():
    assert words(transfer(b"", "r", result="address NAK")) == ["status: address NAK"]
    assert words(transfer(b"\x0d\x00", result="data NAK at byte 1")) == ["EXEC_FROM_RAM: data NAK at byte 1"]


def test_repeated_questions_take_one_line():
    scan = [transfer(b"", address=address, result="address NAK") for address in range(0x08, 0x30)]
    assert words(*scan, transfer(b""), transfer(b"")) == [
        "is 0x2F there?: address NAK (40 times)",
        "is 0x30 there? yes (2 times)",
    ]


# ---- the light ----
def lit(*spans):
    """A log from (colour, ms) pairs."""
    t, log = 0.0, []
    for colour, ms in spans:
        log.append((t, colour))
        t += ms
    return log, 0.0, t


ERROR = [*[(RED, 50), (DARK, 50)] * 5, (DARK, 250), *[(AMBER, 200), (DARK, 200)] * 2, (DARK, 1450)]
TOLD = ["rapid red blinks", "2 amber blinks"]


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([(RED, 900), (DARK, 100)] * 3, ["red, a dip every 1.0 s"]),
        ([(RED, 450), (DARK, 50)] * 4, ["red, a dip every 0.5 s"]),
        ([(BLUE, 100), (DARK, 100)] * 2 + [(RED, 30), (DARK, 100), (RED, 900)], ["blue blinks", "red, a dip"]),
        ([(GREEN, 2000), (DARK, 3000)], ["green for 2.0 s", "off"]),
        ([(GREEN, 150), (DARK, 100)], ["short green"]),
        (ERROR, TOLD),
        ([(RED, 900), (DARK, 100), (RED, 700), (DARK, 100), *ERROR], ["red, a dip", *TOLD]),
        ([(DARK, 5000)], ["off"]),
    ],
)  # fmt: skip
def test_rhythms_in_words(spans, said):
    assert phases(*lit(*spans)) == said


@pytest.mark.parametrize("percent", [1, 5, 30, 100])
def test_a_colour_keeps_its_name_at_any_brightness(percent):
    for name, full in (("amber", (255, 80, 0)), ("purple", (160, 0, 255)), ("white", (255, 255, 255)), ("off", DARK)):
        assert colour_name(tuple(round(part * percent / 100) for part in full)) == name


def test_on_a_screen_amber_is_more_than_a_third_green():
    red, green, blue = on_screen(AMBER)
    assert red > green > red / 2
    assert blue == 0


def test_the_history_shows_what_was_on_longest_in_each_sample():
    log, _, end = lit((DARK, 100), (RED, 70), (DARK, 30), (GREEN, 100), (DARK, 20))
    assert history(log, end, 8, 50) == [DARK, DARK, DARK, RED, DARK, GREEN, GREEN, DARK]
