# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""WRITE_PRG is sent once at most, whatever happens to it, after it, or to the chip."""

import math

import pytest

from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.fxcore.rig import CODES, ENTER, EXIT, IMAGE, RETURN_0, Rig, is_read, write_of

WRITE_3 = b"\x0c\x03"


@pytest.mark.parametrize("verify", ["auto", "strict", "off"])
@pytest.mark.parametrize(("kind", "at"), [("nak_address", None), ("nak_data", 0), ("nak_data", 1), ("timeout", 0),
                                          ("timeout", 1), ("timeout", 2)])  # fmt: skip
def test_write_prg_that_fails_is_never_sent_again(kind, at, verify):
    rig = Rig(verify)
    fault = rig.bus.fault(kind, match=write_of(WRITE_3), at_byte=at, times=math.inf)
    assert rig.burn() == "failed"
    assert fault.hits == 1
    assert rig.fault.code == CODES[kind]
    assert rig.programmer.committed
    assert rig.gate.names[-1] == "writing"


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("times", [1, 3, math.inf])
@pytest.mark.parametrize("kind", ["nak_address", "timeout"])
def test_whatever_happens_after_write_prg_it_is_not_sent_again(kind, times, verify):
    rig = Rig(verify)
    rig.bus.fault(kind, step=5, match=is_read, times=times)
    rig.burn()
    assert rig.commits == 1
    assert rig.chip.slots[3] == IMAGE
    assert rig.chip.mode == RUN


@pytest.mark.parametrize("verify", ["auto", "strict"])
@pytest.mark.parametrize("failing", [RETURN_0, EXIT])
def test_a_verified_burn_counts_even_if_the_chip_does_not_leave_programming_mode(failing, verify):
    rig = Rig(verify)
    rig.settle()
    rig.bus.fault("nak_address", match=write_of(failing), times=9)
    assert rig.burn() == "burnt"
    assert rig.gate.names[-1] == "written"
    rig.bus.clear_faults()
    rig.forget()
    assert rig.run() == "ran"
    assert rig.writes[:3] == [RETURN_0, EXIT, ENTER]
    assert rig.chip.running == IMAGE


def test_a_blind_burn_whose_chip_is_gone_afterwards_is_no_success():
    rig = Rig("off")
    rig.settle()
    rig.bus.fault("absent", step=10)
    assert rig.burn() == "failed"
    assert rig.commits == 1
    assert "written" not in rig.gate.names


@pytest.mark.parametrize("stuck", ["until_return_0", "until_reset"])
def test_a_chip_that_stays_in_programming_mode_after_the_burn_works_with_the_next_file(stuck):
    rig = Rig(stuck_after_write=stuck)
    assert rig.burn() == "burnt"
    assert rig.run() == "ran"
    assert rig.chip.running == IMAGE


def test_committed_is_of_the_last_operation_only():
    rig = Rig()
    rig.burn()
    assert rig.programmer.committed
    rig.run()
    assert not rig.programmer.committed
