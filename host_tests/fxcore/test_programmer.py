# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the programmer says to the chip, byte by byte."""

import pytest

from host_tests.boards.virtual.fxcore.parts import RUN, RUNNING_FROM_RAM
from host_tests.fxcore.rig import (
    BLOCKS,
    CREG,
    ENTER,
    EXEC,
    EXIT,
    IMAGE,
    LOAD,
    MREG,
    RETURN_0,
    SFR,
    Rig,
    program,
    write_of,
)

STATUS_AFTER = (ENTER, *BLOCKS)  # what a status read follows


def words_on_the_wire(rig: Rig) -> list[bytes | str]:
    """Writes as they are, a status read as "status"."""
    assert {done.result for done in rig.transfers} == {"ok"}
    return [done.data if done.kind == "w" else "status" for done in rig.transfers]


def with_status(*writes: bytes) -> list[bytes | str]:
    """The writes, with a status read behind those that have one."""
    return [said for data in writes for said in ((data, "status") if data in STATUS_AFTER else (data,))]


# ---- sequences ----


def test_a_ram_run_from_an_unknown_mode():
    rig = Rig(pause_percent=100)
    assert rig.run() == "ran"
    assert words_on_the_wire(rig) == with_status(RETURN_0, EXIT, ENTER, *LOAD, EXEC)
    assert rig.chip.running == IMAGE
    assert rig.chip.complaints == []


def test_a_ram_run_of_a_chip_known_to_be_in_run_mode():
    rig = Rig(pause_percent=100)
    rig.settle()
    rig.run()
    assert words_on_the_wire(rig) == with_status(ENTER, *LOAD, EXEC)
    assert rig.chip.running == IMAGE


@pytest.mark.parametrize("slot", range(16))
def test_a_burn(slot):
    rig = Rig(pause_percent=100)
    rig.settle()
    assert rig.burn(slot=slot) == "burnt"
    sequence = [*with_status(ENTER, *LOAD), bytes((0x0C, slot)), "status", RETURN_0, EXIT]
    assert words_on_the_wire(rig) == sequence
    assert rig.chip.slots[slot] == IMAGE
    assert rig.chip.writes == [number == slot for number in range(16)]
    assert rig.chip.mode == RUN
    assert rig.chip.complaints == []


def test_a_stop():
    rig = Rig(pause_percent=100)
    rig.run()
    rig.forget()
    assert rig.stop() == "stopped"
    assert words_on_the_wire(rig) == [RETURN_0, EXIT]
    assert rig.chip.mode == RUN
    assert rig.chip.complaints == []


def test_an_identification():
    rig = Rig(pause_percent=100, serial=0xCAFE1234, device_id=0x0102, empty=(1, 9))
    rig.settle()
    assert rig.identify() == "identified"
    assert words_on_the_wire(rig) == [ENTER, "status", RETURN_0, EXIT]
    status = rig.programmer.status
    assert (status.serial, status.device_id, status.slots) == (b"\x34\x12\xfe\xca", 0x0102, 0xFDFD)


@pytest.mark.parametrize("first", ["run", "burn", "identify", "stop"])
@pytest.mark.parametrize("second", ["run", "burn"])
def test_a_program_that_runs_is_stopped_before_programming_mode_is_entered(first, second):
    rig = Rig(pause_percent=100)
    getattr(rig, first)()
    runs = rig.chip.mode == RUNNING_FROM_RAM
    rig.forget()
    getattr(rig, second)()
    assert rig.writes[:3] == ([RETURN_0, EXIT, ENTER] if runs else [ENTER, *LOAD[:2]])
    assert rig.chip.complaints == []


def test_after_somebody_else_talked_to_the_chip_its_mode_is_unknown():
    rig = Rig()
    rig.settle()
    rig.programmer.forget()
    rig.run()
    assert rig.writes[:3] == [RETURN_0, EXIT, ENTER]


@pytest.mark.parametrize("address", [0x08, 0x30, 0x31, 0x77])
def test_programming_mode_is_entered_with_the_chips_own_address(address):
    rig = Rig(address=address)
    assert rig.run() == "ran"
    assert bytes((0xA5, 0x5A, address)) in rig.writes
    assert {done.address for done in rig.transfers} == {address}


# ---- commands and blocks ----


@pytest.mark.parametrize(
    ("n", "command"),
    [(1, "0800"), (2, "0801"), (3, "0802"), (14, "080d"), (256, "08ff"), (257, "0900"), (769, "0b00"), (1024, "0bff")],
)
def test_the_program_command_counts_instructions_minus_one(n, command):
    loaded, image = program(n)
    rig = Rig()
    assert rig.run(loaded) == "ran"
    assert rig.writes[-3:] == [bytes.fromhex(command), image.program, EXEC]
    assert len(image.program) == 4 * n + 2


def test_each_block_is_one_write_from_start_to_stop():
    loaded, image = program(1024)
    rig = Rig()
    rig.run(loaded)
    sent = [done for done in rig.transfers if done.kind == "w" and len(done.data) > 3]
    assert [len(done.data) for done in sent] == [66, 514, 50, 4098]
    assert [done.data for done in sent] == [image.creg, image.mreg, image.sfr, image.program]
    assert all(done.stop for done in sent)


def test_registers_go_before_the_program_and_the_program_goes_last():
    rig = Rig()
    rig.run()
    assert [data for data in rig.writes if data in (CREG, MREG, SFR, b"\x08\x04", EXEC)] == [
        CREG, MREG, SFR, b"\x08\x04", EXEC
    ]  # fmt: skip


@pytest.mark.parametrize(("verify", "status"), [("auto", "good"), ("auto", "nak"), ("strict", "good"), ("off", "good")])
@pytest.mark.parametrize(("refused", "at"), [(None, 0), (MREG, 1), (SFR, 1), (IMAGE.sfr, 49)])
def test_the_older_documents_commands_are_never_sent(verify, status, refused, at):
    """04 FF for the MREGs, and the 50 bytes of the SFR section with a sum of their own behind them."""
    rig = Rig(verify, status=status)
    if refused:
        rig.bus.fault("nak_data", match=write_of(refused), at_byte=at, times=9)
    for operation in (rig.run, rig.burn, rig.stop):
        operation()
    assert b"\x04\xff" not in rig.writes
    assert 52 not in map(len, rig.writes)
    assert MREG in rig.writes
