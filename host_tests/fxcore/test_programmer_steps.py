# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The programmer as a stepper: its pauses, and at most one transfer per step."""

import pytest

from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.fxcore.rig import (
    BLOCKS,
    ENTER,
    EXEC,
    EXIT,
    IMAGE,
    LOAD,
    PROGRAM,
    RETURN_0,
    TURN_MS,
    Rig,
    program,
)

# The shortest that are known to work on real boards, in ms.
PAUSES = {ENTER: 20, EXIT: 20, RETURN_0: 5, **dict.fromkeys(LOAD[::2], 5), **dict.fromkeys(BLOCKS, 10)}
WRITE_3 = b"\x0c\x03"
FLASH_SILENCE = 200


def gaps(rig: Rig) -> list[tuple[bytes, float]]:
    """For each write but the last: its bytes, and the silence behind it in ms."""
    pairs = zip(rig.transfers, rig.transfers[1:], strict=False)
    return [(done.data, following.t_start_ms - done.t_end_ms) for done, following in pairs if done.kind == "w"]


# ---- pauses ----


@pytest.mark.parametrize("operation", ["run", "burn"])
@pytest.mark.parametrize("percent", [10, 50, 100, 101, 250, 1000])
def test_each_pause_is_as_long_as_asked_and_hardly_longer(operation, percent):
    rig = Rig(percent=percent, pause_percent=min(percent, 100))
    getattr(rig, operation)()
    measured = gaps(rig)
    assert len(measured) > 10
    for data, gap in measured:
        due = FLASH_SILENCE if data == WRITE_3 else PAUSES[data] * percent / 100
        assert due <= gap <= due + 2 + 2 * TURN_MS
    assert rig.chip.complaints == []


def test_without_pauses_it_still_waits_for_the_flash():
    rig = Rig(percent=0)
    rig.burn()
    assert dict(gaps(rig))[WRITE_3] >= FLASH_SILENCE
    assert rig.chip.complaints == []
    assert rig.chip.slots[3] == IMAGE


@pytest.mark.parametrize("n", [1, 100, 1024])
def test_pauses_and_status_take_at_most_110_ms(n):
    loaded, _ = program(n)
    rig = Rig()
    rig.settle()
    rig.run(loaded)
    sent = sum(done.t_end_ms - done.t_start_ms for done in rig.transfers if done.kind == "w")
    assert rig.transfers[-1].data == EXEC
    assert rig.transfers[-1].t_end_ms - rig.transfers[0].t_start_ms - sent <= 110


# ---- steps ----


@pytest.mark.parametrize("operation", ["run", "burn", "identify", "stop"])
@pytest.mark.parametrize("verify", ["auto", "strict", "off"])
def test_a_step_makes_at_most_one_transfer(operation, verify):
    rig = Rig(verify)
    getattr(rig, operation)()
    assert rig.most_transfers_in_a_step == 1


@pytest.mark.parametrize("operation", ["run", "burn"])
@pytest.mark.parametrize("kind", ["nak_address", "nak_data", "timeout"])
def test_a_step_makes_at_most_one_transfer_also_when_one_fails(operation, kind):
    for number in range(17):
        rig = Rig()
        fault = rig.bus.fault(kind, step=number, times=2)
        getattr(rig, operation)()
        assert fault.hits or kind == "nak_data"  # there are fewer writes than transfers
        assert rig.most_transfers_in_a_step == 1


@pytest.mark.parametrize("status", ["nak", "ff"])
@pytest.mark.parametrize("good_reads", range(6))
def test_a_step_makes_at_most_one_transfer_also_when_the_status_is_unreadable(status, good_reads):
    rig = Rig(status=status, status_from=good_reads)
    rig.burn()
    assert rig.most_transfers_in_a_step == 1


def test_while_it_pauses_it_says_nothing_and_is_busy():
    rig = Rig()
    rig.programmer.run(PROGRAM)
    assert rig.programmer.step()
    said = len(rig.transfers)
    for _ in range(50):
        assert rig.programmer.step()
    assert len(rig.transfers) == said == 1


def test_without_an_operation_a_step_does_nothing():
    rig = Rig()
    assert not rig.programmer.step()
    rig.run()
    rig.forget()
    assert not rig.programmer.step()
    assert rig.transfers == []


def test_the_outcome_is_unknown_until_the_end():
    rig = Rig()
    rig.programmer.run(PROGRAM)
    while rig.programmer.step():
        assert rig.programmer.outcome is None
        assert rig.chip.running is None or rig.writes[-1] == EXEC
        rig.clock.advance(TURN_MS)
    assert rig.programmer.outcome == "ran"


# ---- leaving in the middle ----


@pytest.mark.parametrize("turns", [0, 1, 30, 100, 250, 400, 600])
def test_whatever_was_under_way_leaving_brings_the_chip_back_to_run_mode(turns):
    rig = Rig()
    rig.programmer.run(PROGRAM)
    for _ in range(turns):
        rig.programmer.step()
        rig.clock.advance(TURN_MS)
    assert rig.finish(rig.programmer.withdraw) == "withdrawn"
    assert rig.chip.mode == RUN
    assert rig.run() == "ran"
    assert rig.chip.running == IMAGE


@pytest.mark.parametrize("after_ms", [0, 100, 199, 250])
def test_leaving_waits_for_a_burn_that_was_commanded(after_ms):
    rig = Rig(flash_ms=240)
    rig.programmer.burn(PROGRAM, 3, rig.gate)
    while rig.commits == 0:
        rig.programmer.step()
        rig.clock.advance(TURN_MS)
    rig.clock.advance(after_ms)
    assert rig.finish(rig.programmer.withdraw) == "burnt"
    assert rig.chip.slots[3] == IMAGE
    assert rig.chip.mode == RUN
    assert rig.gate.names == ["wants", "writing", "written"]
