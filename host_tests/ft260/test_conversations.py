# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Each real client's conversation with the bridge, on the fake controller."""

import pytest

from ft260.gate import Gate
from host_tests.boards.conversations import CLIENTS, GAPS_MS, Step, bus, comes, play
from host_tests.ft260.rig import UsbRig

PARTS = ("write", "read", "nak")


@pytest.mark.parametrize("gap_ms", GAPS_MS)
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", CLIENTS)
def test_the_client_gets_what_it_needs(name, part, gap_ms):
    client = CLIENTS[name]
    rig = UsbRig(held_status=client.held)
    play(client.init, rig, gap_ms)
    play(getattr(client, part), rig, gap_ms)
    assert rig.bridge.rejected == 0
    assert rig.hid.read(20) is None, "a report that nobody asked for"


@pytest.mark.parametrize("name", CLIENTS)
def test_after_a_refusal_the_client_works_on(name):
    client = CLIENTS[name]
    rig = UsbRig(held_status=client.held)
    for part in (client.init, client.nak, client.write, client.read, client.nak, client.read):
        play([step for step in part if step.kind != "bus"], rig)


@pytest.mark.parametrize("name", ["PyFT260", "printalyzer-timer", "bc-bridge", "ft260hid (Rust)"])
def test_without_the_gate_the_client_is_told_what_was_true_before(name, monkeypatch):
    monkeypatch.setattr(Gate, "close", lambda gate: None)
    rig, client = UsbRig(), CLIENTS[name]
    with pytest.raises(AssertionError):
        play([*client.init, *client.nak, *client.write], rig)


@pytest.mark.parametrize(
    "wrong", [bus("w 50 10"), comes(0xD0, b"\x01"), Step("status", number=0x99, mask=0xFF), Step("get", b"\xc0\x01", 2)]
)
def test_a_wrong_answer_is_noticed(wrong):
    with pytest.raises(AssertionError):
        play([wrong], UsbRig())
