# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The ledger's room in nvm: appended records, one erase when it is full, foreign content."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_tests.boards.virtual.nvm import ByteArray, Nvm
from host_tests.sandbox.flash_store import CHIP, SECOND, SONG, FlashStore, burn
from sandbox.ledger import HELD, UNFINISHED, UNKNOWN, Ledger, serial_key

CELLS = 4096 // 16


@pytest.fixture
def store() -> FlashStore:
    return FlashStore()


def test_a_full_log_is_compacted_with_one_erase_and_forgets_nothing(store):
    ledger = Ledger(store)
    for number in range(CELLS):
        burn(ledger, CHIP, number % 16, (number, 648))
    assert store.erases == 0
    burn(ledger, SECOND, 3, SONG)
    assert store.erases == 1
    for book in (ledger, Ledger(store)):
        assert {book.state(CHIP, n % 16, n, 648) for n in range(CELLS - 16, CELLS)} == {HELD}
        assert book.state(SECOND, 3, *SONG) == HELD


def test_compaction_keeps_unfinished_burns_unfinished(store):
    ledger = Ledger(store)
    ledger.begin(CHIP, 5, *SONG)
    for number in range(CELLS):
        burn(ledger, CHIP, 3, (number, 648))
    assert store.erases == 1
    assert Ledger(store).state(CHIP, 5, *SONG) == UNFINISHED


def test_a_thousand_burns_cost_a_handful_of_erases(store):
    ledger = Ledger(store)
    for number in range(1000):
        burn(ledger, CHIP, number % 16, (number, 648))
    assert store.erases <= 8


def test_eight_chips_with_all_their_slots_survive_compaction(store):
    ledger = Ledger(store)
    chips = [serial_key(bytes((n, 0, 0, 0))) for n in range(8)]
    for turn in range(5):
        for chip in chips:
            for slot in range(16):
                burn(ledger, chip, slot, (turn * 1000 + slot, 648))
    assert store.erases >= 2
    assert {Ledger(store).state(chip, slot, 4000 + slot, 648) for chip in chips for slot in range(16)} == {HELD}


def test_with_more_chips_than_there_is_room_for_the_last_ones_are_kept(store):
    ledger = Ledger(store)
    chips = [serial_key(bytes((n, 1, 0, 0))) for n in range(40)]
    for chip in chips:
        for slot in range(16):
            burn(ledger, chip, slot, SONG)
    assert {ledger.state(chip, slot, *SONG) for chip in chips[-7:] for slot in range(16)} == {HELD}
    assert {ledger.state(chip, 0, *SONG) for chip in chips[:7]} == {UNKNOWN}


@pytest.mark.parametrize("length", [1, 15, 16, 17, 100, 4095, 4096])
@pytest.mark.parametrize("kind", ["noise", "zeros", "text"])
def test_foreign_content_is_no_entry_and_no_obstacle(length, kind):
    noise = random.Random(length).randbytes(length)
    content = {"noise": noise, "zeros": bytes(length), "text": (b"settings of another program" * 200)[:length]}[kind]
    store = FlashStore(4096, content)
    ledger = Ledger(store)
    assert {ledger.state(CHIP, slot, *program) for slot in range(16) for program in ((0, 0), SONG)} == {UNKNOWN}
    for slot in range(16):
        burn(ledger, CHIP, slot, SONG)
    assert {Ledger(store).state(CHIP, slot, *SONG) for slot in range(16)} == {HELD}
    assert store.erases <= 1


# ---- the stand-in itself ----


@settings(deadline=None, max_examples=60)
@given(writes=st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=90)), max_size=8))
def test_the_store_is_written_like_the_virtual_boards_nvm(writes):
    nvm = Nvm(None, lambda ms: None, lambda: 0.0)
    seen, store = ByteArray(nvm), FlashStore()
    for at, data in writes:
        seen[at : at + len(data)] = store[at : at + len(data)] = data
    assert nvm.data == store.data
    assert sum(kind == "erase" for _, kind, _, _ in nvm.log) == store.erases
