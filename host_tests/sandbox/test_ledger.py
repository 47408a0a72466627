# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The ledger of burnt slots: what it says of which program, slot and chip."""

import pytest

from host_tests.sandbox.flash_store import AT_30, AT_31, CHIP, OTHER, SECOND, SONG, FlashStore, burn
from sandbox.ledger import HELD, UNFINISHED, UNKNOWN, Ledger, serial_key


def again(store: FlashStore) -> Ledger:
    """The ledger after a power cycle."""
    return Ledger(store)


@pytest.fixture
def store() -> FlashStore:
    return FlashStore()


def test_an_empty_store_knows_nothing(store):
    assert {Ledger(store).state(CHIP, slot, *SONG) for slot in range(16)} == {UNKNOWN}
    assert Ledger(store).state(CHIP, 0, 0, 0) == UNKNOWN


def test_a_confirmed_burn_is_held_for_that_program_slot_and_chip_only(store):
    burn(Ledger(store), CHIP, 3, SONG)
    ledger = again(store)
    assert ledger.state(CHIP, 3, *SONG) == HELD
    for chip, slot, program in (
        (SECOND, 3, SONG), (AT_30, 3, SONG), (CHIP, 4, SONG), (CHIP, 3, OTHER),
        (CHIP, 3, (SONG[0], SONG[1] + 4)), (CHIP, 3, (SONG[0] ^ 1, SONG[1])),
    ):  # fmt: skip
        assert ledger.state(chip, slot, *program) == UNKNOWN


def test_every_bit_of_program_and_serial_number_counts(store):
    burn(Ledger(store), CHIP, 3, SONG)
    ledger = again(store)
    crc, length = SONG
    assert {ledger.state(CHIP, 3, crc ^ 1 << bit, length) for bit in range(32)} == {UNKNOWN}
    assert {ledger.state(CHIP, 3, crc, length ^ 1 << bit) for bit in range(13)} == {UNKNOWN}
    number = int.from_bytes(CHIP[1:], "little")
    others = [serial_key((number ^ 1 << bit).to_bytes(4, "little")) for bit in range(32)]
    assert {ledger.state(chip, 3, *SONG) for chip in others} == {UNKNOWN}


def test_a_burn_that_was_begun_is_unfinished_until_it_is_confirmed(store):
    ledger = Ledger(store)
    burn(ledger, CHIP, 3, SONG)
    ledger.begin(CHIP, 3, *OTHER)
    for book in (ledger, again(store)):
        assert book.state(CHIP, 3, *OTHER) == UNFINISHED
        assert book.state(CHIP, 3, *SONG) == UNKNOWN
    ledger.confirm()
    assert again(store).state(CHIP, 3, *OTHER) == HELD


def test_burning_the_same_program_again_is_unfinished_meanwhile(store):
    ledger = Ledger(store)
    burn(ledger, CHIP, 3, SONG)
    ledger.begin(CHIP, 3, *SONG)
    assert again(store).state(CHIP, 3, *SONG) == UNFINISHED


def test_the_last_burn_counts(store):
    ledger = Ledger(store)
    for program in (SONG, OTHER, SONG):
        burn(ledger, CHIP, 3, program)
        assert ledger.state(CHIP, 3, *program) == HELD
    assert ledger.state(CHIP, 3, *OTHER) == UNKNOWN


@pytest.mark.parametrize("slot", range(16))
def test_every_slot_has_its_own_entry(store, slot):
    ledger = Ledger(store)
    for number in range(16):
        burn(ledger, CHIP, number, (1000 + number, 648))
    assert again(store).state(CHIP, slot, 1000 + slot, 648) == HELD


@pytest.mark.parametrize("program", [(0, 0), (0xFFFFFFFF, 0xFFFF), (0xFFFFFFFF, 4730), (0, 638)])
def test_any_check_value_is_kept(store, program):
    burn(Ledger(store), serial_key(b"\xff\xff\xff\xff"), 15, program)
    assert again(store).state(serial_key(b"\xff\xff\xff\xff"), 15, *program) == HELD


# ---- flash errors ----


def test_a_burn_that_the_chip_could_not_do_stays_unfinished_and_is_remembered(store):
    ledger = Ledger(store)
    assert not ledger.has_failed(CHIP)
    ledger.begin(CHIP, 3, *SONG)
    assert not ledger.has_failed(CHIP)
    ledger.fail()
    for book in (ledger, again(store)):
        assert book.state(CHIP, 3, *SONG) == UNFINISHED
        assert book.has_failed(CHIP)
        assert not book.has_failed(SECOND)
        assert not book.has_failed(AT_30)


@pytest.mark.parametrize("slot", [3, 4])
def test_the_next_burn_of_the_chip_ends_that(store, slot):
    ledger = Ledger(store)
    ledger.begin(CHIP, 3, *SONG)
    ledger.fail()
    burn(ledger, SECOND, 3, SONG)
    assert ledger.has_failed(CHIP)
    burn(ledger, CHIP, slot, OTHER)
    assert not again(store).has_failed(CHIP)
    assert again(store).state(CHIP, 3, *SONG) == (UNKNOWN if slot == 3 else UNFINISHED)


def test_a_flash_error_is_still_known_after_a_compaction(store):
    ledger = Ledger(store)
    ledger.begin(CHIP, 3, *SONG)
    ledger.fail()
    while not store.erases:
        burn(ledger, SECOND, 3, SONG)
    assert again(store).has_failed(CHIP)
    assert again(store).state(CHIP, 3, *SONG) == UNFINISHED


def test_which_burn_of_a_chip_was_its_last_is_still_known_after_a_compaction(store):
    ledger = Ledger(store)
    ledger.begin(CHIP, 3, *SONG)
    ledger.fail()
    burn(ledger, CHIP, 4, SONG)
    burn(ledger, SECOND, 4, SONG)
    ledger.begin(SECOND, 3, *SONG)
    ledger.fail()
    while not store.erases:
        burn(ledger, serial_key(b"\x01\x02\x03\x04"), 5, SONG)
    assert not again(store).has_failed(CHIP)
    assert again(store).has_failed(SECOND)


# ---- whose entry ----


def test_several_chips_are_kept_apart(store):
    ledger = Ledger(store)
    burn(ledger, CHIP, 3, SONG)
    burn(ledger, SECOND, 3, OTHER)
    assert (ledger.state(CHIP, 3, *SONG), ledger.state(SECOND, 3, *OTHER)) == (HELD, HELD)
    assert (ledger.state(CHIP, 3, *OTHER), ledger.state(SECOND, 3, *SONG)) == (UNKNOWN, UNKNOWN)
    ledger.begin(SECOND, 3, *SONG)
    assert (ledger.state(CHIP, 3, *SONG), ledger.state(SECOND, 3, *SONG)) == (HELD, UNFINISHED)


def test_addresses_are_kept_apart(store):
    ledger = Ledger(store)
    burn(ledger, AT_30, 3, SONG)
    burn(ledger, AT_31, 3, OTHER)
    assert (ledger.state(AT_30, 3, *SONG), ledger.state(AT_31, 3, *OTHER)) == (HELD, HELD)


def test_what_was_burnt_under_an_address_makes_every_serial_numbers_entry_unknown(store):
    ledger = Ledger(store)
    burn(ledger, CHIP, 3, SONG)
    burn(ledger, CHIP, 4, SONG)
    burn(ledger, AT_30, 3, OTHER)
    assert ledger.state(CHIP, 3, *SONG) == UNKNOWN
    assert ledger.state(CHIP, 4, *SONG) == HELD
    assert ledger.state(AT_30, 3, *OTHER) == HELD


def test_what_was_burnt_under_a_serial_number_makes_the_addresses_entry_unknown(store):
    ledger = Ledger(store)
    burn(ledger, AT_30, 3, SONG)
    burn(ledger, CHIP, 3, OTHER)
    assert ledger.state(AT_30, 3, *SONG) == UNKNOWN
    assert ledger.state(CHIP, 3, *OTHER) == HELD


@pytest.mark.parametrize("chip", [CHIP, AT_30], ids=["by serial number", "by address"])
def test_a_slot_that_somebody_else_writes_is_forgotten(store, chip):
    ledger = Ledger(store)
    burn(ledger, chip, 3, SONG)
    burn(ledger, chip, 4, SONG)
    ledger.forget(0x30, 3)
    for book in (ledger, again(store)):
        assert book.state(chip, 3, *SONG) == UNKNOWN
        assert book.state(chip, 4, *SONG) == HELD
    burn(ledger, chip, 3, SONG)
    assert again(store).state(chip, 3, *SONG) == HELD
    ledger.forget(0x30, 3)
    assert again(store).state(chip, 3, *SONG) == UNKNOWN


def test_forgetting_again_and_again_costs_no_room(store):
    ledger = Ledger(store)
    ledger.forget(0x30, 3)
    steps = store.steps
    for _ in range(1000):
        ledger.forget(0x30, 3)
        ledger = again(store)
    assert store.steps == steps
