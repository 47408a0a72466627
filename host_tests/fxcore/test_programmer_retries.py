# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the programmer does about I2C failures: three tries, the last one in chunks."""

import math

import pytest

from fxcore import errors
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.boards.virtual.i2c.bus import Attempt
from host_tests.fxcore.rig import (
    BLOCKS,
    CODES,
    ENTER,
    EXEC,
    EXIT,
    IMAGE,
    LOAD,
    RETURN_0,
    Rig,
    write_of,
)

LOADING = (ENTER, *LOAD)


def is_long(attempt: Attempt) -> bool:
    return attempt.kind == "w" and attempt.length > 32


# ---- failures that pass ----


@pytest.mark.parametrize("operation", ["run", "burn"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("failing", LOADING, ids=lambda data: data[:3].hex())
def test_a_transfer_that_fails_once_or_twice_is_made_good(failing, kind, times, operation):
    rig = Rig("strict", chunks=True, pause_percent=100)
    fault = rig.bus.fault(kind, match=write_of(failing), times=times)
    assert getattr(rig, operation)() in ("ran", "burnt")
    assert fault.hits == times
    assert IMAGE in (rig.chip.running, rig.chip.slots[3])
    assert rig.tries == 1 + times


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("at_byte", [0, 1])
def test_exec_from_ram_that_fails_starts_the_whole_sequence_again(kind, at_byte):
    rig = Rig()
    rig.bus.fault(kind, match=write_of(EXEC), at_byte=at_byte)
    assert rig.run() == "ran"
    assert rig.tries == 2
    assert rig.chip.running == IMAGE


def test_exec_from_ram_that_arrived_but_seemed_to_fail_is_stopped_before_the_next_try():
    rig = Rig()
    rig.bus.fault("timeout", match=write_of(EXEC), at_byte=2)
    assert rig.run() == "ran"
    assert rig.chip.running == IMAGE
    assert rig.chip.complaints == []


@pytest.mark.parametrize("leaving", [RETURN_0, EXIT])
@pytest.mark.parametrize("kind", CODES)
def test_a_failure_on_the_way_to_run_mode_is_made_good(leaving, kind):
    rig = Rig()
    rig.bus.fault(kind, match=write_of(leaving), times=2)
    assert rig.stop() == "stopped"
    assert rig.chip.mode == RUN


@pytest.mark.parametrize("at", [0, 1, 31, 32, 33, 64, 65])
def test_data_refused_at_any_byte_is_made_good(at):
    rig = Rig()
    rig.bus.fault("nak_data", match=write_of(IMAGE.creg), at_byte=at)
    assert rig.run() == "ran"
    assert rig.chip.running == IMAGE


# ---- between the tries ----


@pytest.mark.parametrize("failing", LOADING, ids=lambda data: data[:3].hex())
def test_each_try_ends_with_return_0_and_exit_prg_before_the_next(failing):
    rig = Rig(chunks=True)
    rig.settle()
    rig.bus.fault("nak_data", match=write_of(failing), times=2)
    rig.run()
    first, second, third = rig.sequences
    assert first[-2:] == second[-2:] == [RETURN_0, EXIT]
    assert first == second
    assert third[-1] == EXEC


@pytest.mark.parametrize("failing", LOADING, ids=lambda data: data[:3].hex())
@pytest.mark.parametrize("kind", CODES)
def test_after_three_tries_it_is_a_fault_and_the_chip_is_in_run_mode(failing, kind):
    rig = Rig("strict")
    rig.bus.fault(kind, match=lambda attempt: attempt.kind == "w" and attempt.data[:2] == failing[:2], times=math.inf)
    assert rig.burn() == "failed"
    assert rig.fault.code == CODES[kind]
    assert rig.tries == 3
    assert rig.commits == 0
    assert rig.chip.mode == RUN
    rig.bus.clear_faults()
    assert rig.burn() == "burnt"
    assert rig.chip.slots[3] == IMAGE


def test_an_absent_chip_is_told_after_three_tries():
    rig = Rig()
    rig.bus.fault("absent")
    assert rig.run() == "failed"
    assert rig.fault.code == errors.ADDRESS_NAK


# ---- the last try ----


@pytest.mark.parametrize("verify", ["auto", "strict"])
def test_the_last_try_sends_each_command_once_and_its_block_in_32_byte_writes(verify):
    rig = Rig(verify, chunks=True)
    rig.bus.fault("nak_data", match=is_long, times=math.inf)
    assert rig.run() == "ran"
    assert rig.chip.running == IMAGE
    expected = [ENTER]
    for command, block in zip(LOAD[::2], BLOCKS, strict=True):
        expected += [command, *(block[at : at + 32] for at in range(0, len(block), 32))]
    assert rig.sequences[2] == [*expected, EXEC]


def test_the_last_try_is_verified_block_by_block():
    rig = Rig("auto", chunks=True)
    rig.bus.fault("nak_data", match=is_long, times=math.inf)
    rig.run()
    last = max(at for at, done in enumerate(rig.transfers) if done.data == ENTER)
    assert [done.data[0] for done in rig.transfers[last:] if done.kind == "r"] == [0x00, 0x09, 0x0D, 0x0F, 0x1F]


def test_a_chip_that_takes_no_chunks_ends_in_a_fault_and_plays_nothing_wrong():
    rig = Rig("auto", chunks=False)
    rig.bus.fault("nak_data", match=is_long, times=math.inf)
    assert rig.run() == "failed"
    assert rig.fault.code == errors.DATA_NAK, "what went wrong first, not what was only tried last"
    assert EXEC not in rig.writes
    assert rig.chip.mode == RUN


@pytest.mark.parametrize(("verify", "status"), [("off", "good"), ("auto", "nak"), ("auto", "ff")])
def test_without_a_status_there_are_no_chunks(verify, status):
    rig = Rig(verify, status=status, chunks=True)
    rig.bus.fault("nak_data", match=write_of(IMAGE.creg), times=math.inf)
    assert rig.run() == "failed"
    assert rig.fault.code == errors.DATA_NAK
    assert [len(data) for data in rig.writes if 3 < len(data) <= 32] == []
    assert EXEC not in rig.writes


def test_a_blind_operation_has_three_tries_too():
    rig = Rig("auto", status="nak")
    rig.bus.fault("nak_data", match=write_of(IMAGE.program), times=2)
    assert rig.run() == "ran"
    assert rig.chip.running == IMAGE
