# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Each rule of the table changes what it says, and nothing that its default promises."""

from typing import Any

import numpy as np
import pytest

from sandboxfx.errors import SandboxError
from sandboxfx.simulator import Machine
from sandboxfx.simulator.rules import RULES
from tests.simulator.words import ACC32, IN0, OUT0, word


def passed(words: list[int], state: dict[str, int], **options: Any) -> Machine:
    machine = Machine(words, **options)
    machine.set(**state)
    machine.run_pass()
    return machine


# rule, choices in the table's order, words, state, register, its value under each choice
ONE_PASS = [
    ("chr_fraction", [word("CHR", 0, 5)], {"R15": 0x00010000, "LFO0_S": 0x01020304, "DEL5": 0, "DEL6": 0x4000},
     [0x20408000, 0x20400000, 0]),
    ("chr_depth", [word("CHR", 0, 0)], {"R15": 0x0002FFFF, "LFO0_S": 0, "DEL1": 0x1000, "DEL2": 0x2000},
     [0x18000000, 0x10000000]),
    ("chr_polarity", [word("CHR", 0, 0)], {"R15": 0x00080000, "LFO0_S": 0x40000000, "DEL6": 0x600, "DEL2": 0x200},
     [0x06000000, 0x02000000]),
    ("pitch_shape", [word("PITCH", 0x30, 0)], {"RAMP0_R": 0x30000000, "DEL96": 0x4000, "DEL352": 0x2000},
     [0x2C000000, 0x28000000, 0x20000000]),
    ("mach_shift", [word("MACHID", 0x40, 3), word("RDACC64U", ACC32)], {"DEL3": 0xF}, [0xF000, 0x8000, 0xF000]),
    ("rounding", [word("MULTRR", 0, 1)], {"R0": 3, "R1": 0x40000000}, [1, 2]),
    ("log_rounding", [word("LOG2", 0)], {"R0": 0x5A82799A}, [-0x2000000, -0x2000000]),
    ("interp_difference", [word("INTERP", 0, 0)], {"R0": 0x8000, "DEL0": 0x8000, "DEL1": 0x7FFF},
     [0xBFFFFFFF - 2**32, 0xFFFF8000 - 2**32]),
    ("abs_min", [word("ABS", 0)], {"R0": 0x80000000}, [0x7FFFFFFF, -0x80000000]),
    ("ap_sums", [word("APB", 0x40, 0)], {"ACC32": 0x7FFFFFFF, "R15": 0x7FFFFFFF}, [0x7FFFFFFF, 0xBFFFFFFE - 2**32]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "words", "state", "values"), ONE_PASS)
def test_a_rule_of_arithmetic(name, words, state, values):
    choices = next(rule.choices for rule in RULES if rule.name == name)
    assert [passed(words, state, **{name: choice}).acc32 for choice in choices] == values


def test_rounding_reaches_delay_words_and_never_wraps():
    words = [word("WRDEL", 0, 0), word("WRDEL", 1, 1), word("WRDEL", 2, 2)]
    state = {"R0": 0x12348000, "R1": 0x7FFFFFFF, "R2": -1}
    for choice, expected in (("truncate", [0x1234, 0x7FFF, -1]), ("nearest", [0x1235, 0x7FFF, 0])):
        machine = passed(words, state, rounding=choice)
        assert [machine.delay[i] for i in range(3)] == expected


@pytest.mark.parametrize(
    ("option", "words"),
    [("log2_zero", [word("LOG2", 0)]), ("exp2_positive", [word("EXP2", 0)]), ("undefined", [0x3A000000])],
)
def test_a_trap_ends_the_run_at_its_instruction(option, words):
    for is_trap in (False, True):
        choice = ("skip", "stop")[is_trap] if option == "undefined" else ("limit", "trap")[is_trap]
        chosen: dict[str, Any] = {option: choice}
        machine = Machine([word("INV", 0), *words], **chosen)
        if is_trap:
            with pytest.raises(SandboxError, match="instruction 1"):
                machine.run(3)
        else:
            machine.run(3)


def test_where_the_lfos_start_and_when_they_step():
    def first(**options):
        machine = Machine([word("CPY_CS", 0, 35)], **options)
        machine.sfr["LFO0_F"] = 590320
        machine.run(1)
        return machine.core[0]

    assert 0x7FFF0000 < first() < 0x7FFFFFFF
    assert first(lfo_step="after") == 0x7FFFFFFF
    assert -0x7FFFFFFF < first(lfo_start="cosine_down") < -0x7FFF0000


def test_smoothed_pots_start_settled_or_at_zero():
    for choice, expected in (("settled", 0x7FF80000), ("zero", 0)):
        machine = Machine([word("INV", 0)], pot_start=choice)
        machine.pots[0] = 1.0
        assert machine.sfr["POT0_SMTH"] == expected


def test_an_output_that_is_not_written_holds_or_falls_silent():
    words = [word("CPY_CS", 0, 46), word("JNZ", 0, 1), word("CPY_SC", OUT0, 1)]
    for choice, expected in (("hold", [9, 9, 9]), ("zero", [9, 0, 0])):
        machine = Machine(words, unwritten_out=choice)
        machine.core[1] = 9
        assert machine.run(3)[:, 0].tolist() == expected


def test_acc64_over_a_change_of_program():
    for choice, expected in (("keep", 5), ("clear", 0)):
        machine = Machine([word("INV", 0)], acc64_start=choice)
        machine.acc64 = 5
        machine.load([word("INV", 1)])
        assert machine.acc64 == expected


def test_converters_drop_the_bits_that_they_do_not_have():
    words = [word("CPY_CS", ACC32, IN0), word("ADDI", ACC32, 0x7F), word("CPY_SC", OUT0, ACC32)]
    for width, expected in (("32", 0x123456FF), ("24", 0x12345600), ("16", 0x12340000)):
        assert Machine(words, codec=width).run(np.array([0x12345680], dtype=np.int32))[0, 0] == expected


def test_overflow_flags_are_live_or_held():
    sound = np.array([0x7FFFFFFF, 0, 0, 0, 0, 0], dtype=np.int32)
    for choice, count in (("live", 1), ("held", 3)):
        machine = Machine([word("INV", 0)], overflow_flags=choice)
        machine.sfr["OFLRLD"] = 3
        assert np.count_nonzero(machine.run(sound, ["FLAGS"])[1] & 0x100) == count


def test_tap_flags_as_levels_or_pulses_and_a_timeout_that_clears():
    counts = {}
    for choice in ("levels", "pulses"):
        machine = Machine([word("INV", 0)], tap_flags=choice, tap_timeout="clear")
        machine.set(MAXTEMPO=3000, TAPSTKRLD=700)
        for length in (600, 2000):
            machine.press("TAP", length)
            flags = machine.run(2500, ["FLAGS"])[1]
        counts[choice] = int(np.count_nonzero(flags & 0x20)), int(np.count_nonzero(flags & 0x10))
        assert machine.sfr["TAPTEMPO"] == 2500
        machine.press("TAP", 600)
        machine.run(4000)
        assert machine.sfr["TAPTEMPO"] == 0
    assert counts == {"levels": (2000, 1301), "pulses": (1, 1)}


def test_an_unknown_rule_or_choice_is_refused_with_what_there_is():
    with pytest.raises(SandboxError, match="There is no option chorus"):
        Machine([word("INV", 0)], chorus="off")
    with pytest.raises(SandboxError, match="cannot be loud"):
        Machine([word("INV", 0)], rounding="loud")
