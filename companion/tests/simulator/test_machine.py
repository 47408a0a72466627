# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The machine as an object: programs in, registers by name, samples and steps."""

import numpy as np
import pytest

from host_tests.boards.programs.generate import to_hex
from host_tests.boards.programs.program import Program as HexProgram
from sandboxfx.errors import SandboxError
from sandboxfx.hexfiles import read_hex
from sandboxfx.simulator import Machine
from sandboxfx.simulator.effects import EFFECTS
from tests.simulator.words import ACC32, FLAGS, IN0, OUT0, word

GAIN = [word("CPY_CS", 0, IN0), word("MULTRI", 0, 0x4000), word("CPY_SC", OUT0, ACC32)]


@pytest.fixture(params=["plain", "compiled"])
def engine(request):
    return request.param


def test_sound_goes_in_and_comes_out(engine):
    machine = Machine(GAIN, engine=engine)
    heard = machine.run(np.array([0x40000000, -2], dtype=np.int32))
    assert heard.dtype == np.int32
    assert heard.tolist() == [[0x20000000, 0, 0, 0], [-1, 0, 0, 0]]
    assert machine.run([0.5, 2.0])[:, 0].tolist() == [0x20000000, 0x3FFFFFFF]
    assert machine.run(3).shape == (3, 4)
    assert machine.run(np.zeros((0, 2))).shape == (0, 4)


def test_two_runs_are_one_long_run(engine):
    sound = np.random.default_rng(1).integers(-(2**31), 2**31, (100, 4))
    words = [*GAIN, word("WRDEL", 0, ACC32), word("RDDEL", 1, 30), word("CPY_SC", OUT0 + 1, 1)]
    whole = Machine(words, engine=engine).run(sound)
    machine = Machine(words, engine=engine)
    assert np.array_equal(np.concatenate([machine.run(sound[:37]), machine.run(sound[37:])]), whole)


def test_steps_are_the_same_as_a_run(engine):
    words = [*GAIN, word("JGEZ", 0, 1), word("INV", 0), word("CPY_SC", OUT0 + 1, ACC32)]
    sound = [[100, 0, 0, 0], [-100, 0, 0, 0]]
    heard = Machine(words, engine=engine).run(np.array(sound))
    machine = Machine(words, engine=engine)
    for sample, path in zip(sound, ([1, 2, 3, 5, 0], [1, 2, 3, 4, 5, 0]), strict=True):
        machine.inputs = sample
        assert [machine.step() for _ in path] == path
        assert not machine.in_pass
        assert [machine.sfr[f"OUT{i}"] for i in range(4)] == heard[machine.time - 1].tolist()


def test_registers_by_name_and_by_group(engine):
    machine = Machine(GAIN, engine=engine)
    machine.core[3] = 0x80000001
    machine.mreg[127] = -1
    machine.sfr["LFO0_F"] = 44977
    machine.delay[9] = 0x8000
    machine.acc32, machine.acc64, machine.flags = 5, 0x8000000000000000, 0x21
    expected = {"R3": -0x7FFFFFFF, "MR127": -1, "lfo0_f": 44977, "DEL9": -0x8000, "ACC32": 5, "FLAGS": 0x21}
    assert {name: machine[name] for name in expected} == expected
    assert machine["ACC64"] == -(2**63)
    assert machine.core[3] == machine["r3"]
    machine["MR1"] = 7
    assert machine.mreg[1] == 7
    with pytest.raises(SandboxError, match="There is no register R16"):
        machine["R16"]
    with pytest.raises(SandboxError, match="LFO0_S"):
        machine["LFO0_SS"] = 1
    with pytest.raises(OverflowError):
        machine.core[0] = 1 << 32
    with pytest.raises(IndexError):
        machine.core[16] = 1
    with pytest.raises(KeyError):
        machine.sfr["R1"]


def test_delay_words_are_named_as_the_pass_sees_them(engine):
    machine = Machine([word("RDDEL", 0, 5), word("WRDEL", 7, 1)], engine=engine)
    machine.set(DEL5=0x1234, R1=0x56780000)
    machine.run(1)
    assert machine.core[0] == 0x12340000
    assert (machine["DEL7"], machine["DIR7"]) == (0x5678, 0x5678)
    machine.run(1)
    assert machine["DEL8"] == 0x5678  # one sample later


def test_an_lfo_that_is_set_goes_on_from_there(engine):
    machine = Machine(GAIN, engine=engine)
    machine.set(LFO1_S=0x7FFFFFFF, LFO1_C=0)
    machine.run(10)
    assert machine["LFO1_S"] == 0x7FFFFFFF
    machine.sfr["LFO1_F"] = 44977
    machine.run(10)
    assert 0x7FFF0000 < machine["LFO1_S"] < 0x7FFFFFFF
    assert -0x10000 * 10 < machine["LFO1_C"] < 0


def test_a_change_of_program_clears_and_presets(engine):
    machine = Machine(GAIN, engine=engine)
    machine.pots[1] = 0.25
    machine.set(R0=1, MR5=2, DEL3=4, ACC64=9, USER1=1)
    machine.run(10)
    machine.load(GAIN)
    assert [machine[name] for name in ("R0", "MR5", "DEL3", "ACC32", "SAMPLECNT", "USER1")] == [0] * 6
    assert machine.acc64 == 9
    assert machine.pots[1] == pytest.approx(0.25, abs=1e-3)
    assert machine.sfr["TAPSTKRLD"] == 36000
    assert [machine.sfr[f"POT{i}_K"] for i in range(6)] == [10] * 6


def test_a_program_comes_as_words_text_file_or_object(tmp_path):
    text = to_hex(HexProgram(words=GAIN, creg={2: 5}, mreg={3: 6}, sfr={"LFO0_F": 7, "POT0_K": 3, "USR1": 1}))
    path = tmp_path / "gain.hex"
    path.write_text(text)
    for program in (text, path, str(path), read_hex(text.encode())):
        machine = Machine(program)
        names = ("R2", "MR3", "LFO0_F", "POT0_K", "USER1", "POT1_K")
        assert [machine[name] for name in names] == [5, 6, 7, 3, 1, 10]
        assert machine.run([0.5])[0, 0] == 0x20000000


def test_words_that_are_no_instruction_are_found_and_do_nothing(engine):
    words = [0x3A000000, word("CPY_CC", FLAGS, 0), word("CPY_CS", 0, 49), word("CPY_SC", IN0, 0), word("ADD", 18, 0)]
    machine = Machine(words, engine=engine)
    before = machine.acc32
    machine.run(2)
    assert sorted(machine.code.findings) == [0, 1, 2, 3, 4]
    assert machine.acc32 == before


@pytest.mark.parametrize("sound", [[float("nan")], [float("inf")], [2**33], np.zeros((3, 5)), np.zeros((1, 1, 1))])
def test_sound_that_is_none_is_refused(sound):
    with pytest.raises(SandboxError):
        Machine(GAIN).run(sound)


@pytest.mark.parametrize("program", [[], [1 << 32], [-1], [0] * 1025, "no/such/file.hex", ":0000\n"])
def test_a_program_that_is_none_is_refused_in_a_sentence(program):
    with pytest.raises(SandboxError) as refusal:
        Machine(program)
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize("rate", [0, 7999, 96001, float("nan")])
def test_a_rate_that_the_chip_does_not_have_is_refused(rate):
    with pytest.raises(SandboxError, match="does not run at"):
        Machine(GAIN, rate)


def test_every_instruction_says_how_sure_it_is():
    assert {effect.certainty for effect in EFFECTS.values()} == {"exact", "likely", "modelled"}
    assert {name for name, effect in EFFECTS.items() if effect.certainty == "modelled"} == {
        "LOG2", "EXP2", "CHR", "PITCH"
    }  # fmt: skip
