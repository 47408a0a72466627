# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The fault matrix of the chip itself: each error it can report, and each knob for what nobody knows about it."""

import math

import pytest

from host_tests.boards.pedal import Pedal, image, song
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.scenes.matrix import LOOK_MS

# Of different sizes, so that a change is seen at once whatever the time stamp says.
NEW, NEXT = song(2, 3), song(3, 5)
LONG_MS = 15000

BLOCKS = ("CREG", "MREG", "SFR", "PRG")
ERRORS = {
    0xFF: "unknown command", 0xFE: "command length wrong", 0xFD: "parameter out of range",
    0xFC: "command not allowed", 0x80: "checksum mismatch", 0x40: "transfer fault", 0x4F: "program too long",
}  # fmt: skip
FLASH_ERRORS = (0x1F, 0x2F, 0x3F, 0x17, 0x27, 0x37)


def outcome(board: Pedal, name: str, text: str) -> str:
    """Copies the file; gives "" when it plays or is burnt, else the class and sentence of the one error told."""
    since = board.note()
    board.drive.write(name, text)
    done = (lambda b: b.plays(text)) if name == "output.hex" else (lambda b: "burnt into" in since.text)
    board.run_until(lambda b: done(b) or since.errors, timeout_ms=LONG_MS, poll_ms=25)
    board.run(50)
    assert len(since.errors) <= 1
    assert name != "output.hex" or bool(since.errors) != board.plays(text)
    assert name == "output.hex" or bool(since.errors) != (board.slot(3) == image(text))
    return since.errors[0].removeprefix("error ") if since.errors else ""


def assert_known_state_and_next_good_file(board: Pedal) -> None:
    board.run(300)  # it may look at the chip once more
    assert board.chip.mode == RUN
    assert outcome(board, "output.hex", NEXT) == ""
    assert outcome(board, "3.hex", NEXT) == ""


# ---- errors that the chip reports ----


@pytest.mark.parametrize("step", ["ENTER_PRG", *BLOCKS])
@pytest.mark.parametrize("code", [0x80, 0x4F])
def test_an_error_at_any_step_is_class_4_and_names_the_chips_own(pedal, step, code):
    board = pedal(clock_look_ms=LOOK_MS)
    board.run(2500)
    board.chip.fail_next(step, code)
    told = outcome(board, "output.hex", NEW)
    assert told.startswith("4: output.hex")
    assert ERRORS[code] in told
    assert_known_state_and_next_good_file(board)


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_is_class_4_and_names_the_chips_own(pedal, code):
    board = pedal(clock_look_ms=LOOK_MS)
    board.chip.fail_next("PRG", code)
    told = outcome(board, "3.hex", NEW)
    assert told.startswith("4: 3.hex")
    assert f"{code:02X}" in told
    assert ERRORS[code] in told
    assert not any(board.chip.writes)
    assert_known_state_and_next_good_file(board)


@pytest.mark.parametrize("step", ["XFER_CREG", "XFER_MREG", "XFER_SFR", "XFER_PRG", "EXEC_FROM_RAM"])
def test_a_command_that_the_chip_refuses_never_lets_a_wrong_program_play(pedal, step):
    board = pedal(clock_look_ms=LOOK_MS)
    board.chip.fail_next(step, 0xFC)
    board.drop("output.hex", NEW)
    assert board.chip.running in (None, image(NEW))
    board.run(500)
    assert outcome(board, "output.hex", NEXT) == ""


@pytest.mark.parametrize("code", FLASH_ERRORS)
def test_every_flash_error_is_class_4_and_burns_once(pedal, code):
    board = pedal(clock_look_ms=LOOK_MS)
    board.chip.fail_next("WRITE_PRG", code)
    told = outcome(board, "3.hex", NEW)
    assert told.startswith("4: 3.hex")
    assert f"{code:02X}" in told
    board.run(3000)
    assert sum(board.chip.writes) == 1
    assert_known_state_and_next_good_file(board)


# ---- what nobody knows about the chip ----

WORKS: dict[str, dict] = {
    "chunks": {"chunks": True},
    "a slow flash": {"flash_ms": 900},
    "a fast flash": {"flash_ms": 1},
    "a slow flash that ignores the bus": {"flash_ms": 900, "while_flashing": "ignore"},
    "a slow flash that answers": {"flash_ms": 900, "while_flashing": "ack"},
    "EXIT_PRG needs RETURN_0": {"stuck_after_write": "until_return_0"},
    "EXIT_PRG has no effect": {"stuck_after_write": "until_reset"},
    "any address in ENTER_PRG": {"match_address": False},
    "ENTER_PRG during a RAM run": {"enter_during_ram_run": True},
    "garbage FF": {"garbage": b"\xff" * 12},
    "garbage like a status": {"garbage": bytes.fromhex("1f 00 0d 00 ff ff 01 00 78 56 34 12")},
    "empty slots": {"empty": tuple(range(15))},
    "shortest pauses": {"pause_percent": 100},
}
BLIND = [(vice, good) for vice in ("nak", "ff", "00", "id", "serial") for good in (0, 3)]


@pytest.mark.parametrize("knobs", WORKS.values(), ids=WORKS)
def test_a_chip_of_this_kind_works(pedal, knobs):
    board = pedal(knobs=knobs, clock_look_ms=LOOK_MS)
    since = board.note()
    for name, text in (("output.hex", NEW), ("3.hex", NEW), ("output.hex", NEXT), ("3.hex", NEXT)):
        assert outcome(board, name, text) == ""
    board.run(1000)
    assert board.plays(NEXT)
    assert "not read" not in since.text
    assert since.text.count("verified") == 2
    assert "not verified" not in since.text
    in_programming_mode = "ENTER_PRG in programming mode"  # where the chip stayed in it against all commands
    assert set(board.chip.complaints) <= ({in_programming_mode} if "stuck_after_write" in knobs else set())


@pytest.mark.parametrize(("vice", "good"), BLIND)
def test_a_chip_without_a_status_works_unverified_and_that_is_said_once(pedal, vice, good):
    board = pedal(knobs={"status": vice, "status_from": good}, clock_look_ms=LOOK_MS)
    since = board.note()
    for name, text in (("output.hex", NEW), ("3.hex", NEW), ("output.hex", NEXT), ("3.hex", NEXT)):
        assert outcome(board, name, text) == ""
    assert since.text.count("status is not read") == 1
    assert since.text.count("not verified") == 2
    assert board.chip.writes[3] == 2


@pytest.mark.parametrize("vice", ["nak", "ff", "00", "id", "serial"])
def test_strict_makes_a_missing_status_class_4(pedal, vice):
    board = pedal(settings={"SANDBOX_VERIFY": "strict"}, knobs={"status": vice}, clock_look_ms=LOOK_MS)
    for name in ("output.hex", "3.hex"):
        assert outcome(board, name, NEW).startswith(f"4: {name}")
    assert not any(board.chip.writes)
    board.chip.knobs.status = "good"
    assert_known_state_and_next_good_file(board)


def test_a_slot_whose_bit_never_shows_is_class_4(pedal):
    board = pedal(knobs={"dead_bits": (3,)}, clock_look_ms=LOOK_MS)
    since = board.note()
    board.drive.write("3.hex", NEW)
    board.run_until(lambda b: since.errors, poll_ms=25)
    board.run(50)
    assert [line[:14] for line in since.errors] == ["error 4: 3.hex"]
    assert sum(board.chip.writes) == 1
    board.chip.knobs.dead_bits = ()
    assert_known_state_and_next_good_file(board)


def test_a_chip_that_is_locked_up_is_class_2(pedal):
    board = pedal(knobs={"empty": tuple(range(16))}, clock_look_ms=LOOK_MS)
    assert outcome(board, "output.hex", NEW).startswith("2: FXCore 0x30")


def test_a_chip_that_refuses_a_byte_for_good_is_class_3(pedal):
    board = pedal(knobs={"nak_byte": lambda data: len(data) == 300}, clock_look_ms=LOOK_MS)
    assert outcome(board, "output.hex", NEW).startswith("3: output.hex")
    board.chip.knobs.nak_byte = None
    assert_known_state_and_next_good_file(board)


@pytest.mark.parametrize(("chunks", "told"), [(True, ""), (False, "3: output.hex")], ids=["takes chunks", "does not"])
@pytest.mark.parametrize("wrong_length", [0xFE, 0x80, 0x40])
def test_long_writes_that_fail_for_good_are_replaced_by_chunks_where_the_chip_takes_them(
    pedal, wrong_length, chunks, told
):
    board = pedal(knobs={"chunks": chunks, "wrong_length": wrong_length}, clock_look_ms=LOOK_MS)
    board.i2c.fault("nak_data", match=lambda attempt: attempt.length > 32, times=math.inf)
    assert outcome(board, "output.hex", NEW)[: len(told) or None] == told
    board.i2c.clear_faults()
    assert outcome(board, "output.hex", NEXT) == ""
    assert outcome(board, "3.hex", NEXT) == ""
