# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The command `render`: sound files and test signals through a program."""

import json
import tracemalloc
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from sandboxfx.simulator import Machine
from sandboxfx.simulator.render import Job, render
from sandboxfx.simulator.signals import signal
from sandboxfx.simulator.soundfile_io import FileSource
from tests.simulator.conftest import ECHO, hex_of
from tests.simulator.words import ACC32, IN0, OUT0, word

PLUCK_SECONDS = 18 * 60 / 104


def write(path, sound, rate=48000, subtype="PCM_24"):
    soundfile.write(str(path), sound, rate, subtype)
    return path


def test_a_file_is_rendered_beside_where_one_stands(run, echo, tmp_path):
    click = np.zeros((9600, 2))
    click[0] = 0.5, 0.25
    write(tmp_path / "riff.wav", click)
    status, said, _ = run("render", echo, "riff.wav", "--pot0", "1.0", "--tail", "0.1")
    assert status == 0
    heard, rate = soundfile.read(str(tmp_path / "riff-echo.wav"))
    assert (rate, heard.shape) == (48000, (14400, 2))
    assert heard[[0, 4800, 9600], 0].tolist() == [0.5, 0.25, 0.125]
    assert heard[0, 1] == pytest.approx(0.25, abs=1e-3)
    assert "10 instructions at most, 10.0 on average, of 1,024" in said
    assert "4,801 of 32,768 words used" in said
    assert "nothing that this run depended on" in said


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT"])
def test_every_sample_format_comes_back_bit_for_bit(run, tmp_path, subtype):
    through = [w for i in range(4) for w in (word("CPY_CS", ACC32, IN0 + i), word("CPY_SC", OUT0 + i, ACC32))]
    program = tmp_path / "through.hex"
    program.write_text(hex_of(through))
    sound = np.random.default_rng(1).integers(-(2**15), 2**15, (500, 4)) / 2**15
    write(tmp_path / "in.wav", sound, subtype=subtype)
    assert run("render", program, "in.wav", "--channels", 4, "--tail", 0, "-o", "out.wav")[0] == 0
    assert soundfile.info("out.wav").subtype == subtype
    assert np.array_equal(soundfile.read("out.wav")[0], sound)


@pytest.mark.parametrize("rate", [8000, 44100, 96000])
def test_another_rate_is_converted_and_back(run, echo, tmp_path, rate):
    write(tmp_path / "tone.wav", 0.25 * np.sin(2 * np.pi * 500 / rate * np.arange(rate)), rate)
    assert run("render", echo, "tone.wav", "-o", "out.flac", "--tail", 0, "--channels", 1)[0] == 0
    heard, out_rate = soundfile.read("out.flac")
    assert out_rate == rate
    assert len(heard) == pytest.approx(rate, abs=rate // 200)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * rate / len(heard) == pytest.approx(500, abs=2)


@pytest.mark.parametrize(
    ("name", "seconds"), [("impulse", 1), ("sine:440", 2), ("sweep", 5), ("noise", 2), ("pluck", PLUCK_SECONDS)]
)
def test_test_signals_need_no_file(run, echo, name, seconds):
    status, said, _ = run("render", echo, name, "--tail", 0, "--json")
    assert status == 0
    answer = json.loads(said)
    assert answer["output"] == f"{name.replace(':', '-')}-echo.wav"
    assert soundfile.info(answer["output"]).duration == pytest.approx(seconds, abs=0.01)
    assert answer["report"]["channels"][0]["peak"] > 0.4


def test_the_plucked_string_plays_in_tune_and_ends_in_silence():
    sound = signal("pluck", 48000)
    first = sound[: round(60 / 104 / 2 * 48000)]
    spectrum = np.abs(np.fft.rfft(first * np.hanning(len(first)), 1 << 17))
    lowest = np.argmax(spectrum[200:350]) + 200
    assert lowest * 48000 / (1 << 17) == pytest.approx(110, rel=0.01)  # five half steps above the low E
    assert np.abs(sound).max() == 0.5
    assert abs(sound[-1]) < 1e-6


def test_clipping_is_told_with_its_place(run, tmp_path):
    program = tmp_path / "loud.hex"
    program.write_text(hex_of([word("CPY_CS", 0, IN0), word("SLS", 0, 3), word("CPY_SC", OUT0, ACC32)]))
    status, said, _ = run("render", program, "sine:100", "--seconds", 0.1, "--tail", 0)
    assert status == 0
    assert "OUT0 0.0 dB" in said
    assert "the first at 0.000 s" in said
    assert "instruction 1 (SLS)" in said


def test_a_source_is_named_by_its_lines_and_blocks(run, tmp_path):
    (tmp_path / "loud.fxc").write_text(
        "; too loud\n.mem pad 99\n\n  cpy_cs r0, in0\n  sls r0, 3 ; here\n"
        "  cpy_sc out0, acc32\n  chr lfo0|sin|pos, pad\n"
    )
    status, said, _ = run("render", "loud.fxc", "sine:100", "--seconds", 0.1, "--tail", 0)
    assert status == 0
    assert "line 5 (SLS)" in said
    assert "(chr_fraction=linear16): line 7" in said
    assert "words used, 100 reserved" in said
    (tmp_path / "loud.fxc").write_text("  slss r0, 3\n")
    status, _, complaint = run("render", "loud.fxc", "sine:100")
    assert status == 1
    assert "loud.fxc:1:3: error:" in complaint
    (tmp_path / "loud.fxc").write_text("; nothing\n")
    assert run("render", "loud.fxc", "sine:100")[::2] == (1, "sandboxfx: loud.fxc has no instruction. Write one.")


def test_a_script_moves_controls_at_its_times(run, echo, tmp_path):
    (tmp_path / "moves.csv").write_text("time,control,value\n0.1,POT0,0\n0.2,ENABLE,0\n")
    (tmp_path / "moves.txt").write_text("# loud, soft, bypassed\n0.1 pot0 0\n\n0.2 ENABLE off\n")
    write(tmp_path / "one.wav", np.full((24000, 2), 0.25))
    heard = []
    for script in ("moves.csv", "moves.txt"):
        assert run("render", echo, "one.wav", "--pot0", 1, "--script", script, "--tail", 0, "-o", "out.wav")[0] == 0
        heard.append(soundfile.read("out.wav")[0])
    assert np.array_equal(*heard)
    assert heard[0][4000, 1] == pytest.approx(0.25, abs=1e-3)
    assert abs(heard[0][9500, 1]) < 0.05
    assert heard[0][11000, 1] == 0.25


def test_bypass_is_the_input(run, echo, tmp_path):
    write(tmp_path / "in.wav", np.full((100, 2), 0.25))
    assert run("render", echo, "in.wav", "--bypass", "--tail", 0, "-o", "out.wav")[0] == 0
    assert np.all(soundfile.read("out.wav")[0] == 0.25)


def test_what_a_run_depended_on_is_told(run, tmp_path):
    words = [word("LOG2", 0), word("CHR", 0, 0), word("MACHID", 0x40, 3), 0x3A000000, word("CPY_CS", 1, 48)]
    (tmp_path / "risky.hex").write_text(hex_of(words))
    _, said, _ = run("render", "risky.hex", "impulse", "--choose", "chr_fraction=none", "--json")
    report = json.loads(said)["report"]
    assert [one["name"] for one in report["unproven"]] == [
        "chr_fraction", "mach_shift", "log_rounding", "log2_zero", "acc64_start", "undefined", "bootstat",
    ]  # fmt: skip
    assert report["unproven"][0] == {
        "name": "chr_fraction",
        "choice": "none",
        "question": "how CHR reads between two delay words",
        "places": ["instruction 1"],
    }
    assert report["certainty"] == {"exact": ["CPY_CS"], "likely": ["MACHID"], "modelled": ["CHR", "LOG2"]}
    assert report["findings"] == ["instruction 3: 3A is no instruction"]


def test_without_numba_it_says_how_long_it_will_take_and_does_it(run, tmp_path, monkeypatch):
    (tmp_path / "long.hex").write_text(hex_of(ECHO * 20))
    monkeypatch.setattr("sandboxfx.simulator.compiled.is_possible", lambda: False)
    seconds = count(0, 10)  # each block takes ten, whatever this machine needs
    clock = SimpleNamespace(perf_counter=lambda: float(next(seconds)))
    monkeypatch.setattr("sandboxfx.simulator.render.time", clock)
    status, _, complaint = run("render", "long.hex", "sine:440", "--seconds", 0.5, "--tail", 0)
    assert status == 0
    assert "without numba this takes about" in complaint
    assert "pip install sandboxfx[fast])" in complaint
    status, _, complaint = run("render", "long.hex", "impulse", "--engine", "compiled")
    assert status == 2
    assert "pip install sandboxfx[fast]" in complaint


def test_a_long_file_needs_no_more_memory_than_a_short_one(tmp_path):
    peaks = []
    for seconds in (5, 40):
        source = FileSource(write(tmp_path / "long.wav", np.zeros((seconds * 44100, 2)), 44100))
        tracemalloc.start()
        render(Job(Machine(ECHO), source), [])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000


# What is wrong, and what is said of it: one sentence, and nothing is written.
BAD = [
    ("missing.wav", [], "missing.wav: No such file or directory."),
    ("text.wav", [], "text.wav is no sound file."),
    ("empty.wav", [], "empty.wav has no samples."),
    ("nan.wav", [], "nan.wav: sample 70 (0.001 s) is no number."),
    ("six.wav", [], "six.wav has 6 channels; the chip has 4 inputs."),
    ("sine:0", [], "sine:0: 0 is no frequency in Hz."),
    ("sine:loud", [], "sine:loud: loud is no frequency in Hz."),
    ("noise:3", [], "noise:3: only sine takes a number."),
    ("impulse", ["-o", "out.xyz"], "out.xyz: XYZ is no sound format."),
    ("impulse", ["-o", "no/where.wav"], "no/where.wav cannot be written."),
    ("impulse", ["--pot0", "2"], "POT0 cannot be 2."),
    ("impulse", ["--pot0", "nan"], "POT0 cannot be nan."),
    ("impulse", ["--rate", "100"], "The chip does not run at 100 samples a second."),
    ("impulse", ["--choose", "chr"], "--choose chr: there is no =."),
    ("impulse", ["--choose", "chr=1"], "There is no option chr."),
    ("impulse", ["--probe", "R99", "--csv", "x.csv"], "There is no register R99."),
    ("impulse", ["--plot", "x.doc"], "x.doc: .doc is no picture."),
    ("impulse", ["--script", "two.txt"], "two.txt, line 2: it has 2 fields, not 3."),
    ("impulse", ["--script", "pot.txt"], "pot.txt, line 1: POT0 cannot be 1.5; a pot goes from 0.0 to 1.0."),
    ("impulse", ["--script", "knob.txt"], "knob.txt, line 1: there is no control KNOB."),
    ("impulse", ["--script", "when.txt"], "when.txt, line 1: soon is no time in seconds."),
    ("impulse", ["--script", "switch.txt"], "switch.txt, line 1: SW0 cannot be 0.5."),
    ("impulse", ["--script", "none.txt"], "none.txt: No such file or directory."),
]


@pytest.mark.parametrize(("sound", "options", "sentence"), BAD)
def test_bad_input_is_one_sentence_and_leaves_no_file(run, echo, tmp_path, sound, options, sentence):
    broken = np.zeros(100)
    broken[70] = np.nan
    write(tmp_path / "nan.wav", broken, subtype="FLOAT")
    write(tmp_path / "empty.wav", np.zeros((0, 1)))
    write(tmp_path / "six.wav", np.zeros((10, 6)))
    (tmp_path / "text.wav").write_text("no sound")
    for name, text in {"two": "0 POT0 1\n1 POT0\n", "pot": "0 POT0 1.5", "knob": "0 KNOB 1", "when": "soon POT0 1",
                       "switch": "0 SW0 0.5"}.items():  # fmt: skip
        (tmp_path / f"{name}.txt").write_text(text)
    before = sorted(tmp_path.iterdir())
    status, _, complaint = run("render", echo, sound, *options)
    assert status in (1, 2)
    assert complaint.startswith(f"sandboxfx: {sentence}")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("text", "code"), [("", "hex-no-eof"), (":00000001FF\n", "program-empty")])
def test_a_program_that_is_none_is_refused(run, tmp_path, text, code):
    (tmp_path / "none.hex").write_text(text)
    status, said, _ = run("render", "none.hex", "impulse", "--json")
    assert status == 1
    assert json.loads(said)["error"]["code"] == code
