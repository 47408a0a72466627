# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The ledger in the life of two chips: any order of burns, foreign writes and power cuts, against what slots hold."""

from contextlib import suppress

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from host_tests.sandbox.flash_store import OTHER, SONG, THIRD, FlashStore, PowerCut
from sandbox.ledger import HELD, UNFINISHED, UNKNOWN, Ledger, address_key, serial_key

ADDRESS = 0x30
BY_ADDRESS = address_key(ADDRESS)
SERIALS = (b"\x01\x00\x00\x00", b"\x02\x00\x00\x00")
SLOT_COUNT = 2
SLOTS = st.integers(0, SLOT_COUNT - 1)
PROGRAMS = (SONG, OTHER, THIRD)
NOTHING = (0, 0)
FOREIGN = (1, 1)  # what somebody else writes into a slot
CUTS = st.none() | st.integers(0, 15) | st.integers(0, 120)
TORN = st.sampled_from((0xFF, 0x00, 0x55, 0xF0))
Key = tuple[bytes, int]
Entry = tuple[int, tuple[int, int]]  # HELD or UNFINISHED, and of which program


class Life(RuleBasedStateMachine):
    """`slots`: what each chip truly holds. `owed`: for each chip's name and slot the answers that would be right."""

    def __init__(self) -> None:
        super().__init__()
        self.slots: dict[Key, tuple[int, int]] = {}
        self.owed: dict[Key, set[Entry | None]] = {}
        self.serial = SERIALS[0]

    @initialize()
    def begin(self):
        self.store = FlashStore()
        self.ledger = Ledger(self.store)

    @rule()
    def the_room_fills_up(self):
        """The next record needs a compaction."""
        used = len(self.store.data.rstrip(b"\xff"))
        for number in range((len(self.store) - used) // 16):
            self.ledger.begin(serial_key(b"used"), 15, number, 648)

    def _name(self, readable: bool) -> bytes:
        return serial_key(self.serial) if readable else BY_ADDRESS

    @rule(slot=SLOTS, program=st.sampled_from(PROGRAMS), readable=st.booleans(), cut=CUTS, torn=TORN)
    def burn(self, slot, program, readable, cut, torn):
        name = self._name(readable)
        if self._note(name, slot, program, cut, torn, lambda: self.ledger.begin(name, slot, *program)):
            self.slots[self.serial, slot] = program
            self.ledger.confirm()
            self.owed[name, slot] = {(HELD, program)}

    @rule(slot=SLOTS, program=st.sampled_from(PROGRAMS), readable=st.booleans(), torn=TORN)
    def burn_with_a_cut_before_or_in_its_confirmation(self, slot, program, readable, torn):
        name = self._name(readable)
        self._note(name, slot, program, None, torn, lambda: self.ledger.begin(name, slot, *program))
        self.slots[self.serial, slot] = program
        self.store.cut_at, self.store.torn = 0, torn
        with suppress(PowerCut):
            self.ledger.confirm()
        self.owed[name, slot] = {(HELD, program), (UNFINISHED, program)}
        self.restart()

    @rule(slot=SLOTS, program=st.sampled_from(PROGRAMS), readable=st.booleans())
    def burn_that_the_chip_cannot_do(self, slot, program, readable):
        name = self._name(readable)
        self._note(name, slot, program, None, 0, lambda: self.ledger.begin(name, slot, *program))
        self.slots[self.serial, slot] = FOREIGN
        self.ledger.fail()

    @rule(slot=SLOTS, cut=CUTS, torn=TORN)
    def somebody_else_writes_a_slot(self, slot, cut, torn):
        if self._note(BY_ADDRESS, slot, NOTHING, cut, torn, lambda: self.ledger.forget(ADDRESS, slot)):
            self.slots[self.serial, slot] = FOREIGN

    @rule()
    def restart(self):
        self.ledger = Ledger(self.store)

    @rule(serial=st.sampled_from(SERIALS))
    def another_chip(self, serial):
        self.serial = serial

    def _note(self, name, slot, program, cut, torn, write) -> bool:
        """Lets the ledger write; False: the power failed, and nothing was sent to the chip."""
        others = [key for key in self.owed if key[1] == slot and (key[0] == BY_ADDRESS) != (name == BY_ADDRESS)]
        erases = self.store.erases
        self.store.cut_at, self.store.torn = cut, torn
        try:
            write()
        except PowerCut:
            for key in (*others, (name, slot)):
                self.owed.setdefault(key, {None}).add(None if key in others else (UNFINISHED, program))
            self.restart()
            if self.store.erases > erases:
                self._anything_may_be_lost()
            return False
        finally:
            self.store.cut_at = None
        for key in others:
            self.owed[key] = {None}
        self.owed[name, slot] = {(UNFINISHED, program)}
        return True

    def _anything_may_be_lost(self):
        for answers in self.owed.values():
            answers.update({None, *((UNFINISHED, entry[1]) for entry in answers if entry)})

    def _answer(self, key: Key) -> Entry | None:
        said = [(self.ledger.state(*key, *program), program) for program in (*PROGRAMS, NOTHING)]
        known = [entry for entry in said if entry[0] != UNKNOWN]
        assert len(known) < 2
        return known[0] if known else None

    @invariant()
    @precondition(lambda self: hasattr(self, "ledger"))
    def what_is_said_is_owed_and_true(self):
        for key in [(name, slot) for name in (*map(serial_key, SERIALS), BY_ADDRESS) for slot in range(SLOT_COUNT)]:
            answer = self._answer(key)
            assert answer in self.owed.get(key, {None})
            self.owed[key] = {answer}
        for serial in SERIALS:
            for slot in range(SLOT_COUNT):
                answer = self._answer((serial_key(serial), slot))
                assert answer is None or answer[0] != HELD or self.slots[serial, slot] == answer[1]


TestLife = Life.TestCase
# Without shrinking: a failure is found in seconds, to make it shorter takes minutes.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
TestLife.settings = settings(deadline=None, max_examples=40, stateful_step_count=25, phases=PHASES)
