# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command `debug`: steps, breakpoints, registers, delay words."""

import json

import numpy as np
import pytest

from sandboxfx.errors import SandboxError
from sandboxfx.simulator import Machine
from sandboxfx.simulator.breakpoints import parse_value
from sandboxfx.simulator.debugger import HELP, Debugger
from sandboxfx.simulator.loading import Loaded, load
from tests.simulator.conftest import ECHO

SOURCE = ("; echo", "rddel r0, tape#", "multri r0, 0.5 ; softer", *(f"line {n}" for n in range(4, 12)))


def with_source() -> Loaded:
    plain = load(ECHO)
    lines = {address: address + 2 for address in range(len(ECHO))}
    return Loaded(plain.words, plain.presets, "echo.fxc", lines, SOURCE, {"tape": (0, 4800)})


@pytest.fixture(params=["plain", "compiled"])
def debugger(request):
    sound = np.zeros((6000, 4), dtype=np.int32)
    sound[:, 0] = 0x10000000
    return Debugger(Machine(with_source(), engine=request.param), sound)


def test_steps_tell_the_place_and_what_changed(debugger):
    assert debugger.where() == "0.00000 s, sample 0, before the pass"
    said = debugger.do("step 3")
    assert said[0] == "0.00000 s, sample 0, @3 line 5: line 5"
    assert "  R1 0x10000000 +0.125000000" in said
    assert debugger.do("s")[1:] == ["  ACC32 0x10000000 +0.125000000"]
    assert debugger.do("next")[0] == "0.00002 s, sample 1, before the pass"
    assert debugger.do("next 3")[0] == "0.00008 s, sample 4, before the pass"


def test_it_stops_at_a_line_an_address_and_a_condition(debugger):
    assert debugger.do("break 3") == ["1 3: multri r0, 0.5"]
    assert debugger.do("go")[0] == "0.00000 s, sample 0, @1 line 3: multri r0, 0.5"
    assert debugger.do("delete 1") == ["no breakpoints"]
    assert debugger.do("break R0 >= 0.125") == ["1 R0 >= 0.125"]
    said = debugger.do("go")
    assert said[:2] == ["R0 >= 0.125 holds", "0.10000 s, sample 4,800, @1 line 3: multri r0, 0.5"]
    debugger.do("delete 1")
    debugger.do("break @9")
    assert debugger.do("go")[0].endswith("sample 4,800, @9 line 11: line 11")
    debugger.do("delete 1")
    assert debugger.do("go")[0] == "0.12500 s, sample 6,000, before the pass"
    assert debugger.do("until 0.2")[0] == "0.20000 s, sample 9,600, before the pass"


def test_delay_words_have_the_names_of_the_source(debugger):
    debugger.do("next 11")
    assert debugger.do("delay tape+10") == ["tape+10 (address 10): DEL10 0x1000 +0.12500"]
    assert debugger.do("delay tape#") == ["tape# (address 4800): DEL4800 0x0000 +0.00000"]
    assert debugger.do("delay 11") == ["11 (address 11): DEL11 0x0000 +0.00000"]


def test_registers_are_shown_and_set(debugger):
    assert debugger.do("set r3 0.25") == ["R3 0x20000000 +0.250000000"]
    assert debugger.do("set ACC64 0x10") == ["ACC64 0x0000000000000010 +0.000000000"]
    assert debugger.do("set DEL7 0x8000") == ["DEL7 0x8000 -1.00000"]
    assert debugger.do("regs r3, samplecnt") == ["R3 0x20000000 +0.250000000", "SAMPLECNT 0x00000000 0"]
    assert len(debugger.do("regs")) == 25
    assert debugger.do("move pot0 0.5") == ["POT0 0.5"]
    assert debugger.machine.pots[0] == pytest.approx(0.5, abs=1e-3)


def test_the_program_is_listed_around_the_place(debugger):
    debugger.do("step 2")
    assert debugger.do("list 1") == ["  @1    multri r0, 0.5", "> @2    line 4", "  @3    line 5"]


def test_without_a_source_instructions_are_disassembled():
    debugger = Debugger(Machine(ECHO), np.zeros((1, 4), dtype=np.int32))
    debugger.do("s")
    assert debugger.where().endswith("@1 instruction 1: multri r0, 0.50001")
    with pytest.raises(SandboxError, match="A HEX file has no lines"):
        debugger.do("break 3")


@pytest.mark.parametrize(
    "line",
    ["jump", "break", "break 99", "break @99", "break R99 == 1", "break R1 > x", "delete 1", "step x", "until",
     "until x", "set R1", "set R1 0x1FFFFFFFF", "set R99 1", "move POT0", "move POT0 x", "move POT0 2", "delay loop",
     "delay 40000", "regs R99"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(debugger, line):
    with pytest.raises(SandboxError) as refusal:
        debugger.do(line)
    assert refusal.value.sentence.endswith(".")


def test_every_command_of_the_help_exists(debugger):
    for line in HELP.strip().splitlines():
        assert line.split()[0] in debugger._commands
    assert debugger.do("") == debugger.do("# nothing") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-1", -1), ("0xFFFFFFFF", -1), ("0b101", 5), ("0.5", 0x40000000), ("1.0", 2**31 - 1)],
)
def test_values_are_numbers_and_fractions(text, value):
    assert parse_value(text) == value


def test_a_script_runs_until_quit_and_ends_at_nonsense(run, echo, tmp_path):
    (tmp_path / "good.txt").write_text("break OUT0 > 0.4\ngo\nquit\nnot reached\n")
    (tmp_path / "bad.txt").write_text("step\nhop\nstep\n")
    status, said, _ = run("debug", echo, "impulse", "--commands", "good.txt")
    assert status == 0
    assert "(fxcore) go" in said
    assert "OUT0 > 0.4 holds" in said
    assert "not reached" not in said
    status, said, complaint = run("debug", echo, "impulse", "--commands", "bad.txt")
    assert status == 2
    assert said.count("(fxcore)") == 2
    assert complaint == "sandboxfx: There is no command hop. Write help for those there are."


def test_a_script_answers_as_json(run, echo, tmp_path):
    (tmp_path / "good.txt").write_text("step\nquit\n")
    status, said, _ = run("debug", echo, "impulse", "--commands", "good.txt", "--json")
    assert status == 0
    answer = json.loads(said)
    assert [one["command"] for one in answer["answers"]] == ["step", "quit"]
    assert answer["unproven"] == []


def test_at_the_keyboard_a_mistake_is_told_and_it_goes_on(run, echo, monkeypatch):
    typed = iter(["hop", "step", "", "quit"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    status, said, complaint = run("debug", echo, "impulse")
    assert status == 0
    assert "There is no command hop." in complaint
    assert "@2 " in said
