# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The device loses its power at any step, alone or with the chip: afterwards the chip does what the drive asks."""

import pytest

from host_tests.boards.pedal import Pedal, image, song
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.fxcore.reading import program_of
from host_tests.sandbox.flash_store import FlashStore, burn
from host_tests.scenes.matrix import BURN_STEPS, LEAVE, LOOK_MS, RUN_STEPS, WRITE_PRG, each
from sandbox.ledger import HELD, Ledger, serial_key

# Of different sizes, so that a change is seen at once whatever the time stamp says.
OLD, NEW, NEXT = song(1, 4), song(2, 3), song(3, 5)
LONG_MS = 15000
NVM_STEPS = ("the record", "its confirmation")
PAGES = 4096 // 256

both = pytest.mark.parametrize("chip_too", [False, True], ids=["chip stays on", "chip too"])


@pytest.fixture
def board(pedal):
    """It plays OLD; slot 3 of the chip holds OLD too, which the ledger knows."""
    return start(pedal)


def start(pedal, nvm: bytes | None = None) -> Pedal:
    board = pedal({"output.hex": OLD, "3.hex": OLD}, clock_look_ms=LOOK_MS, nvm=nvm)
    board.run_until(lambda b: b.plays(OLD), poll_ms=50)
    board.run(50)
    assert board.slot(3) == image(OLD)
    return board


def commits(board: Pedal) -> int:
    """How often WRITE_PRG began to go over the wire."""
    return sum(done.kind == "w" and len(done.data) <= 2 and done.data[:1] == b"\x0c" for done in board.i2c.log)


def cut(board: Pedal, chip_too: bool, **when: int) -> None:
    """Waits for the planned power cut, and then restarts."""
    board.cut_power(**when)
    board.run_until(lambda b: not b.powered, timeout_ms=LONG_MS, poll_ms=50)
    assert_the_ledger_is_true(board)
    if chip_too:
        board.i2c.supply(False)
        board.i2c.supply(True)
    board.power_on()
    board.come_up()


def assert_the_ledger_is_true(board: Pedal) -> None:
    ledger = Ledger(FlashStore(content=bytes(board.nvm.data)))
    chip = serial_key(board.chip.serial.to_bytes(4, "little"))
    for text in (OLD, NEW, NEXT):
        program = program_of(text)
        if ledger.state(chip, 3, program.crc, program.length) == HELD:
            assert board.slot(3) == image(text) or board.chip.flashing


def assert_next_good_file_is_burnt(board: Pedal) -> None:
    since = board.note()
    board.drive.write("3.hex", NEXT)
    board.run_until(lambda b: "burnt into slot 3" in since.text, timeout_ms=LONG_MS, poll_ms=50)
    assert board.slot(3) == image(NEXT)
    assert_the_ledger_is_true(board)


# ---- output.hex ----


@each(RUN_STEPS)
def test_a_cut_before_any_step_of_an_upload(board, step):
    board.drive.write("output.hex", NEW)
    cut(board, bool(step % 2), i2c=step)
    since = board.note()
    board.run_until(lambda b: b.plays(NEW), timeout_ms=LONG_MS, poll_ms=50)
    assert since.errors == []
    assert commits(board) == 1, "slot 3, before all this"


@each(LEAVE)
@both
def test_a_cut_before_any_step_of_a_stop(board, step, chip_too):
    board.drive.delete("output.hex")
    cut(board, chip_too, i2c=step)
    board.run(500)
    assert board.chip.running is None
    assert board.chip.mode == RUN


@pytest.mark.parametrize("first", [4, 12])
@pytest.mark.parametrize("second", [0, 2, 7])
def test_a_cut_in_the_recovery_from_a_cut(board, first, second):
    board.drive.write("output.hex", NEW)
    cut(board, False, i2c=first)
    cut(board, False, i2c=second)
    board.run_until(lambda b: b.plays(NEW), timeout_ms=LONG_MS, poll_ms=50)


# ---- 3.hex ----


def assert_nothing_is_burnt_twice(board: Pedal) -> None:
    """After the restart: a burn that was begun is told, one that was not is made up for, and OLD plays."""
    begun = commits(board) - 1
    since = board.note()
    board.run_until(lambda _: board.plays(OLD), timeout_ms=LONG_MS, poll_ms=50)
    board.run(300)
    assert commits(board) <= 2
    assert commits(board) == 2 or since.errors
    assert all(line.startswith("error 4: 3.hex") for line in since.errors)
    assert board.slot(3) == image(NEW) or (since.errors and begun in (0, 1))
    assert_the_ledger_is_true(board)
    assert_next_good_file_is_burnt(board)


@each(BURN_STEPS)
@both
def test_a_cut_before_any_step_of_a_burn(board, step, chip_too):
    board.drive.write("3.hex", NEW)
    cut(board, chip_too, i2c=step)
    assert commits(board) == 1 + (step > WRITE_PRG)
    assert_nothing_is_burnt_twice(board)


@pytest.mark.parametrize("after_ms", [5, 100, 195, 205])
@both
def test_a_cut_while_the_flash_is_busy(board, after_ms, chip_too):
    def committed(transaction) -> None:
        if transaction.data == b"\x0c\x03":
            board.i2c.on_transaction = None
            board.cut_power(after_ms=after_ms)

    board.i2c.on_transaction = committed
    board.drive.write("3.hex", NEW)
    cut(board, chip_too)
    assert commits(board) == 2
    assert_nothing_is_burnt_twice(board)


@each(NVM_STEPS)
@both
def test_a_cut_before_any_write_of_the_ledger(board, step, chip_too):
    board.drive.write("3.hex", NEW)
    cut(board, chip_too, nvm=step)
    assert commits(board) == 1 + step
    assert_nothing_is_burnt_twice(board)


@pytest.mark.parametrize("step", range(1 + PAGES))
def test_a_cut_before_any_step_of_a_compaction_of_the_ledger(pedal, step):
    """An erase and 16 pages. What slots hold may be forgotten then, and is burnt again; but nothing untrue is left."""
    store = FlashStore()
    for number in range(len(store) // 16 - 1):  # room for one record, which notes OLD
        burn(Ledger(store), serial_key(b"\x78\x56\x34\x12"), number % 16, (number, 648))
    board = start(pedal, bytes(store.data))
    board.drive.write("3.hex", NEW)
    cut(board, False, nvm=step)
    assert commits(board) == 1
    assert_nothing_is_burnt_twice(board)
