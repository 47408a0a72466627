# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""SANDBOX_VERIFY: what the programmer makes of the chip's status, of a chip without one, and of every error in it."""

import pytest

from fxcore import errors
from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.fxcore.rig import IMAGE, PROGRAM, TURN_MS, Rig, is_read

VICES = ("nak", "ff", "00", "id", "serial")
READS = {"run": 5, "burn": 6}  # status reads of a whole operation
# Values of status byte 1; a flash error is one only after WRITE_PRG.
NAMES = {
    0xFF: "unknown command", 0xFE: "length wrong", 0xFD: "out of range", 0xFC: "not allowed in this state",
    0x80: "checksum mismatch", 0x40: "transfer fault", 0x42: "transfer fault", 0x4F: "program too long",
}  # fmt: skip
FLASH_NAMES = {0x1F: "erase", 0x2F: "erase", 0x3F: "erase", 0x17: "write", 0x27: "write", 0x37: "write", 0x11: "write"}
STEPS = ("ENTER_PRG", "CREG", "MREG", "SFR", "PRG")
COMMANDS = ("XFER_CREG", "XFER_MREG", "XFER_SFR", "XFER_PRG")


def played(rig: Rig, operation: str) -> bool:
    """Is the program where the operation should bring it?"""
    return rig.chip.running == IMAGE if operation == "run" else rig.chip.slots[3] == IMAGE


# ---- a status that cannot be read, from any read on ----


@pytest.mark.parametrize("vice", VICES)
@pytest.mark.parametrize(("operation", "good"), [(name, n) for name in READS for n in range(READS["run"])])
def test_auto_goes_on_without_it_and_burns_once(operation, good, vice):
    rig = Rig("auto", status=vice, status_from=good)
    assert getattr(rig, operation)() in ("ran", "burnt")
    assert played(rig, operation)
    assert rig.programmer.blind
    assert rig.commits == (operation == "burn")


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("vice", VICES)
def test_a_status_that_cannot_be_read_any_more_after_write_prg_is_a_chip_that_has_restarted(vice, verify):
    rig = Rig(verify, status=vice, status_from=READS["burn"] - 1)
    assert rig.burn() == "failed"
    assert rig.fault.code == errors.STATUS_UNREADABLE
    assert rig.commits == 1
    assert "written" not in rig.gate.names


@pytest.mark.parametrize("operation", READS)
@pytest.mark.parametrize("step", ["XFER_CREG", "SFR", "PRG"])
def test_a_chip_that_restarts_during_an_upload_is_loaded_anew_and_verified(operation, step):
    rig = Rig("auto")
    start = rig.programmer.run if operation == "run" else lambda loaded: rig.programmer.burn(loaded, 3, rig.gate)
    start(PROGRAM)
    while not rig.chip.history or rig.chip.history[-1].step != step:
        rig.programmer.step()
        rig.clock.advance(TURN_MS)
    rig.chip.power_off()
    rig.chip.power_on()
    assert rig.finish(lambda: None) in ("ran", "burnt")
    assert played(rig, operation)
    assert not rig.programmer.blind


@pytest.mark.parametrize("vice", VICES)
@pytest.mark.parametrize(("operation", "good"), [(name, n) for name, reads in READS.items() for n in range(reads)])
def test_strict_makes_it_a_fault(operation, good, vice):
    rig = Rig("strict", status=vice, status_from=good)
    assert getattr(rig, operation)() == "failed"
    assert rig.fault.code == errors.STATUS_UNREADABLE
    assert rig.chip.mode == RUN
    assert rig.commits == (good == 5)


@pytest.mark.parametrize("vice", VICES)
@pytest.mark.parametrize("operation", READS)
def test_off_never_asks(operation, vice):
    rig = Rig("off", status=vice)
    assert getattr(rig, operation)() in ("ran", "burnt")
    assert {done.kind for done in rig.transfers} == {"w"}
    assert rig.programmer.blind
    assert played(rig, operation)


@pytest.mark.parametrize("good", range(READS["run"]))
def test_the_blind_try_is_a_whole_sequence_of_its_own(good):
    rig = Rig("auto", status="nak", status_from=good)
    rig.burn()
    assert rig.tries == (2 if good == 0 else 3)  # one that was readable at first gets another chance
    assert not rig.gate.readable[-1]


def test_one_unreadable_status_makes_only_this_operation_blind():
    rig = Rig("auto")
    rig.bus.fault("nak_address", match=is_read)
    rig.run()
    assert rig.programmer.blind
    rig.run()
    assert not rig.programmer.blind
    assert rig.chip.running == IMAGE


@pytest.mark.parametrize("garbage", [b"\xff" * 12, b"\x00" * 12, b"\x80" * 12])
def test_what_is_read_while_a_program_runs_from_ram_is_never_asked_for(garbage):
    rig = Rig("strict", garbage=garbage)
    rig.run()
    rig.stop()
    assert rig.chip.garbage_reads == 0


# ---- errors in a status that can be read ----


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("step", STEPS + COMMANDS)
@pytest.mark.parametrize("error", NAMES)
def test_an_error_of_the_chip_is_a_fault_that_names_it(error, step, verify):
    rig = Rig(verify)
    rig.chip.fail_next(step, error)
    assert rig.burn() == "failed"
    assert rig.fault.code == errors.CHIP_ERROR
    if step not in COMMANDS:  # after a command that failed, its block has a status of its own
        assert f"{error:02X}" in rig.fault.detail
        assert NAMES[error] in rig.fault.detail
    assert rig.chip.mode == RUN
    assert rig.commits == 0
    assert rig.tries == 1


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("error", FLASH_NAMES)
def test_a_flash_error_is_a_fault_of_its_own_and_is_not_tried_again(error, verify):
    rig = Rig(verify)
    rig.chip.fail_next("WRITE_PRG", error)
    assert rig.burn() == "failed"
    assert rig.fault.code == errors.FLASH_ERROR
    assert f"{error:02X}" in rig.fault.detail
    assert FLASH_NAMES[error] in rig.fault.detail
    assert rig.commits == 1
    assert rig.programmer.committed
    assert rig.chip.mode == RUN
    assert "written" not in rig.gate.names


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("error", [0xFC, 0xFD, 0x80])
def test_another_error_after_write_prg_is_a_fault_too(error, verify):
    rig = Rig(verify)
    rig.chip.fail_next("WRITE_PRG", error)
    assert rig.burn() == "failed"
    assert rig.fault.code == errors.CHIP_ERROR
    assert rig.commits == 1


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("bit", [0x01, 0x02, 0x04, 0x10])
def test_a_block_whose_received_bit_does_not_show_is_a_fault(bit, verify, monkeypatch):
    rig = Rig(verify)
    honest = rig.chip.status_bytes
    monkeypatch.setattr(rig.chip, "status_bytes", lambda: bytes((honest()[0] & ~bit, *honest()[1:])))
    assert rig.burn() == "failed"
    assert rig.fault.code == errors.NOT_RECEIVED
    assert rig.commits == 0
    assert rig.chip.mode == RUN


@pytest.mark.parametrize("bits", [0x20, 0x40, 0x80, 0xE0])
def test_bits_that_nobody_knows_are_ignored(bits, monkeypatch):
    rig = Rig("strict")
    honest = rig.chip.status_bytes
    monkeypatch.setattr(rig.chip, "status_bytes", lambda: bytes((honest()[0] | bits, *honest()[1:])))
    assert rig.burn() == "burnt"


# ---- after WRITE_PRG ----


@pytest.mark.parametrize("verify", ["auto", "strict"])
def test_a_slot_whose_bit_does_not_show_within_a_second_is_a_fault(verify):
    rig = Rig(verify, dead_bits=(3,), pause_percent=100)
    assert rig.burn() == "failed"
    assert rig.fault.code == errors.SLOT_NOT_SET
    committed = next(done for done in rig.transfers if done.data == b"\x0c\x03")
    asked = [done.t_start_ms - committed.t_end_ms for done in rig.transfers[rig.transfers.index(committed) :]]
    assert 1200 <= asked[-3] <= 1350, "the last look; RETURN_0 and EXIT_PRG follow"
    assert rig.commits == 1


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("behaviour", ["nak", "ignore", "ack"])
@pytest.mark.parametrize("flash_ms", [1, 150, 250, 700, 1100])
def test_a_flash_that_is_busy_for_up_to_a_second_longer_is_waited_for(flash_ms, behaviour, verify):
    rig = Rig(verify, flash_ms=flash_ms, while_flashing=behaviour)
    assert rig.burn() == "burnt"
    assert not rig.programmer.blind
    assert rig.chip.slots[3] == IMAGE
    assert rig.chip.mode == RUN
    assert rig.chip.complaints == []


@pytest.mark.parametrize("behaviour", ["nak", "ignore", "ack"])
def test_a_flash_that_never_comes_to_an_end_is_not_told_as_verified(behaviour):
    rig = Rig("auto", flash_ms=60000, while_flashing=behaviour)
    outcome = rig.burn()
    assert outcome == "failed" or rig.programmer.blind
    assert rig.commits == 1
