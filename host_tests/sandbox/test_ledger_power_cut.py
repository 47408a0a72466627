# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Power cuts while the ledger writes: at every byte, torn in several ways. The old or the new truth is left."""

from collections.abc import Callable, Iterator

import pytest

from host_tests.sandbox.flash_store import AT_30, CHIP, OTHER, SECOND, SONG, THIRD, FlashStore, PowerCut, burn
from sandbox.ledger import HELD, UNFINISHED, UNKNOWN, Ledger

TORN = {"not begun": 0xFF, "done": 0x00, "odd bits": 0x55, "even bits": 0xAA, "high bits": 0xF0}
SMALL = 16 * 16  # bytes: a store that is soon full
Prepare = Callable[[FlashStore], None]
Write = Callable[[Ledger], None]


def cuts(prepare: Prepare, write: Write, torn: int, size: int = 4096) -> Iterator[tuple[FlashStore, Ledger]]:
    """For each step of `write`: the store in which the power failed there, and the ledger after the next power-on."""
    whole = FlashStore(size)
    prepare(whole)
    before = whole.steps
    write(Ledger(whole))
    assert whole.steps > before
    for step in range(whole.steps - before):
        store = FlashStore(size)
        prepare(store)
        store.cut_at, store.torn = step, torn
        with pytest.raises(PowerCut):
            write(Ledger(store))
        yield store, Ledger(store)


def held_song(store: FlashStore) -> None:
    ledger = Ledger(store)
    burn(ledger, SECOND, 3, THIRD)
    burn(ledger, CHIP, 3, SONG)


def full_log(store: FlashStore) -> None:
    """SONG, an unfinished burn, and then so many others that the next record needs room."""
    held_song(store)
    Ledger(store).begin(CHIP, 5, *SONG)
    for number in range(len(store) // 16 - 3):
        burn(Ledger(store), CHIP, 9, (number, 648))
    assert store.erases == 0


@pytest.fixture(params=TORN.values(), ids=list(TORN))
def torn(request) -> int:
    return request.param


def test_a_cut_while_a_burn_is_noted_leaves_the_old_or_the_new_truth(torn):
    for _, ledger in cuts(held_song, lambda ledger: ledger.begin(CHIP, 3, *OTHER), torn):
        is_new = ledger.state(CHIP, 3, *OTHER) == UNFINISHED
        assert ledger.state(CHIP, 3, *SONG) == (UNKNOWN if is_new else HELD)
        assert ledger.state(CHIP, 3, *OTHER) in (UNFINISHED, UNKNOWN)
        assert ledger.state(SECOND, 3, *THIRD) == HELD


def test_a_cut_while_a_burn_is_confirmed_leaves_it_held_or_unfinished(torn):
    store = FlashStore()
    held_song(store)
    ledger = Ledger(store)
    ledger.begin(CHIP, 3, *OTHER)
    store.cut_at, store.torn = 0, torn
    with pytest.raises(PowerCut):
        ledger.confirm()
    assert Ledger(store).state(CHIP, 3, *OTHER) == (HELD if torn == TORN["done"] else UNFINISHED)
    assert Ledger(store).state(CHIP, 3, *SONG) == UNKNOWN


def test_a_cut_while_a_slot_is_forgotten_leaves_the_old_or_the_new_truth(torn):
    for _, ledger in cuts(held_song, lambda ledger: ledger.forget(0x30, 3), torn):
        assert ledger.state(CHIP, 3, *SONG) in (HELD, UNKNOWN)
        assert ledger.state(SECOND, 3, *THIRD) == ledger.state(CHIP, 3, *SONG)


def test_after_any_cut_the_next_burn_is_kept(torn):
    for store, ledger in cuts(held_song, lambda ledger: ledger.begin(CHIP, 3, *OTHER), torn):
        erases = store.erases
        burn(ledger, CHIP, 3, THIRD)
        assert Ledger(store).state(CHIP, 3, *THIRD) == HELD
        assert store.erases == erases


def test_many_cuts_in_a_row_only_cost_room(torn):
    store = FlashStore()
    held_song(store)
    for step in range(14):
        store.cut_at, store.torn = step, torn
        with pytest.raises(PowerCut):
            Ledger(store).begin(CHIP, 4, *OTHER)
    assert Ledger(store).state(CHIP, 3, *SONG) == HELD
    assert store.erases == 0


# ---- while the log is compacted: with one sector only, an entry may be lost then, but none may become untrue ----


def test_a_cut_while_the_log_is_compacted_may_forget_but_never_lies(torn):
    last = SMALL // 16 - 4
    for store, ledger in cuts(full_log, lambda ledger: ledger.begin(CHIP, 3, *OTHER), torn, SMALL):
        assert ledger.state(CHIP, 3, *OTHER) != HELD
        assert ledger.state(CHIP, 5, *SONG) != HELD
        assert {ledger.state(CHIP, 9, number, 648) for number in range(last)} == {UNKNOWN}
        assert ledger.state(CHIP, 3, *SONG) == UNKNOWN or ledger.state(CHIP, 3, *OTHER) == UNKNOWN
        burn(ledger, CHIP, 9, THIRD)
        assert Ledger(store).state(CHIP, 9, *THIRD) == HELD


@pytest.mark.parametrize(("older", "newer"), [(CHIP, AT_30), (AT_30, CHIP)], ids=["serial first", "address first"])
def test_a_cut_in_the_compaction_brings_nothing_back_that_another_name_of_the_chip_made_unknown(older, newer, torn):
    def prepare(store):
        ledger = Ledger(store)
        burn(ledger, older, 3, SONG)
        for number in range(len(store) // 16 - 2):
            burn(ledger, SECOND, 9, (number, 648))
        burn(ledger, newer, 3, OTHER)
        assert ledger.state(older, 3, *SONG) == UNKNOWN

    for _, ledger in cuts(prepare, lambda ledger: ledger.begin(SECOND, 4, *THIRD), torn, SMALL):
        assert ledger.state(older, 3, *SONG) != HELD
