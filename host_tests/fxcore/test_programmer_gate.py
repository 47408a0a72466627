# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The burn gate: asked with the chip's status before anything is loaded, told right before and after the burn."""

import math

import pytest

from host_tests.boards.virtual.fxcore.parts import RUN
from host_tests.fxcore.rig import ENTER, EXIT, LOAD, MREG, RETURN_0, Rig, write_of

WRITE_3 = b"\x0c\x03"


def test_the_gate_is_asked_with_the_status_before_anything_is_loaded():
    rig = Rig()
    rig.settle()
    rig.burn()
    assert rig.gate.calls[0] == ("wants", 2)
    assert rig.writes[:2] == [ENTER, LOAD[0]]
    assert rig.gate.readable == [True, True]


def test_a_burn_that_the_gate_does_not_want_is_spared():
    rig = Rig(wanted=False)
    rig.settle()
    assert rig.burn() == "spared"
    assert rig.writes == [ENTER, RETURN_0, EXIT]
    assert rig.chip.mode == RUN
    assert not any(rig.chip.writes)


def test_the_gate_is_told_right_before_the_burn_and_again_once_it_is_verified():
    rig = Rig()
    rig.burn()
    assert rig.gate.names == ["wants", "writing", "written"]
    data = [done.data for done in rig.transfers]
    assert rig.gate.calls[1][1] == data.index(WRITE_3)
    assert rig.gate.calls[2][1] > data.index(WRITE_3) + 1


@pytest.mark.parametrize("verify", ["strict", "auto"])
def test_the_gate_is_told_nothing_when_the_load_fails(verify):
    rig = Rig(verify)
    rig.bus.fault("nak_data", match=write_of(MREG), at_byte=1, times=math.inf)
    assert rig.burn() == "failed"
    assert set(rig.gate.names) == {"wants"}


def test_the_gate_is_not_told_of_a_success_when_the_flash_fails():
    rig = Rig()
    rig.chip.flash_error(3, 0x2F)
    assert rig.burn() == "failed"
    assert rig.gate.names == ["wants", "writing"]
