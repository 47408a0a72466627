# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Pictures and tables of a render."""

import csv
from xml.etree import ElementTree

import numpy as np
import pytest

from sandboxfx.simulator import Machine
from sandboxfx.simulator.collecting import Envelope, Spectra
from sandboxfx.simulator.pictures import impulse_response, usual_probes
from tests.simulator.conftest import ECHO
from tests.simulator.words import word


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture_is_drawn(run, echo, tmp_path, ending):
    picture = tmp_path / f"echo.{ending}"
    assert run("render", echo, "sine:440", "--seconds", 0.3, "--plot", picture)[0] == 0
    if ending == "svg":
        ElementTree.parse(picture)
    else:
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_sound_of_one_sample_has_a_picture_too(run, echo, tmp_path):
    assert run("render", echo, "impulse", "--seconds", 0.001, "--tail", 0, "--plot", "x.png", "--probe", "R0")[0] == 0


def test_probes_and_outputs_are_a_table(run, echo, tmp_path):
    options = ["--probe", "r1, ACC64,USER0", "--csv", "x.csv", "--seconds", "0.01", "--tail", "0"]
    assert run("render", echo, "impulse", *options)[0] == 0
    with open("x.csv", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["seconds", "OUT0", "OUT1", "R1", "ACC64", "USER0"]
    assert len(rows) == 481
    assert [float(rows[2][0]), int(rows[1][1])] == [pytest.approx(1 / 48000, abs=1e-6), 0x40000000]


def test_the_usual_probes_are_what_moves_and_is_read():
    words = [word("CPY_CS", 0, 22), word("CPY_CS", 0, 10), word("CHR", 0x03, 0), word("PITCH", 1, 0)]
    assert usual_probes(Machine(words)) == ("POT0_SMTH", "LFO1_C", "RAMP1_R")


def test_an_impulse_response_starts_from_the_beginning_with_the_controls_as_they_are():
    machine = Machine(ECHO)
    machine.pots[0] = 0.5
    machine.run(np.full(5000, 0.5))
    response = impulse_response(machine)
    assert response[[0, 4800, 9600], 0].tolist() == [1.0, 0.5, 0.25]
    assert response[0, 1] == pytest.approx(0.5, abs=1e-3)


def test_an_envelope_keeps_the_extremes_of_blocks_of_any_size():
    values = np.random.default_rng(2).normal(size=(1000, 2))
    envelope = Envelope(1000, 2, 50)
    for start in range(0, 1000, 77):
        envelope.take(values[start : start + 77])
    assert np.array_equal(envelope.high, values.reshape(50, 20, 2).max(axis=1))
    assert np.array_equal(envelope.low, values.reshape(50, 20, 2).min(axis=1))
    assert envelope.used() == 50


def test_spectra_do_not_depend_on_how_the_sound_is_cut():
    sound = np.random.default_rng(3).integers(-(2**30), 2**30, 60000).astype(np.int32)
    found = []
    for size in (60000, 4096, 999):
        spectra = Spectra(60000, 10)
        for start in range(0, 60000, size):
            spectra.take(sound[start : start + size])
        found.append(np.array(spectra.columns))
    assert found[0].shape[0] == 10
    assert np.allclose(found[0], found[1])
    assert np.allclose(found[0], found[2])
