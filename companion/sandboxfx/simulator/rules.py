# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What nobody outside the maker knows about the chip: one table of choices.

The first choice is the default. A run reports the rules that its program depended on (report.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sandboxfx.errors import USAGE, SandboxError
from sandboxfx.simulator.kernel import cells

# When a run depends on a rule.
USES = "uses"  # the program has one of these instructions
MET = "met"  # an instruction met the case while it ran
MACHINE = "machine"  # the case came up around the pass
NEVER = "never"  # not audible, or only in a comparison bit by bit


@dataclass(frozen=True)
class Rule:
    """One question that silicon would answer.

    :param name: the option's name
    :param choices: what the simulator can do, the default first
    :param question: what is not known, in words
    :param kind: USES, MET, MACHINE or NEVER
    :param what: for USES the mnemonics, for MET and MACHINE the bit
    """

    name: str
    choices: tuple[str, ...]
    question: str
    kind: str = NEVER
    what: tuple[str, ...] | int = 0


RULES = (
    Rule("chr_fraction", ("linear16", "linear8", "none"), "how CHR reads between two delay words", USES, ("CHR",)),
    Rule("chr_depth", ("full", "integer"), "whether CHR uses the low half of R15", MET, cells.MET_CHR_DEPTH),
    Rule("chr_polarity", ("documented", "inverted"), "whether a high LFO is CHR's longest delay"),
    Rule(
        "pitch_shape",
        ("triangle", "trapezoid", "per_xf"),
        "how PITCH fades between its two places, and what XF0..XF3 select",
        USES,
        ("PITCH",),
    ),
    Rule(
        "mach_shift",
        ("padded", "word16", "other_factor"),
        "which factor MACHRD and MACHID shift, and before or after it has 32 bits",
        USES,
        ("MACHRD", "MACHID"),
    ),
    Rule("rounding", ("truncate", "nearest"), "whether products and delay words are rounded"),
    Rule("log_rounding", ("nearest", "truncate"), "how exact LOG2 and EXP2 are", USES, ("LOG2", "EXP2")),
    Rule("log2_zero", ("limit", "trap"), "LOG2 of 0", MET, cells.MET_LOG2_ZERO),
    Rule("exp2_positive", ("limit", "trap"), "EXP2 of 0 and more", MET, cells.MET_EXP2),
    Rule(
        "interp_difference",
        ("saturated", "wide"),
        "INTERP between words that differ by more than 1.0",
        MET,
        cells.MET_INTERP,
    ),
    Rule("abs_min", ("saturate", "wrap"), "ABS of -1.0", MET, cells.MET_ABS),
    Rule("ap_sums", ("saturate", "wrap"), "all-pass sums beyond full scale", MET, cells.MET_ALLPASS),
    Rule("lfo_form", ("ideal", "coupled"), "the LFO's form above 20 Hz", MACHINE, cells.MET_LFO_FAST),
    Rule("lfo_start", ("cosine_up", "cosine_down"), "where the LFOs start (the FV-1: cosine at -1.0)"),
    Rule("lfo_step", ("before", "after"), "whether LFOs and ramps step before or after the pass"),
    Rule("pot_start", ("settled", "zero"), "where the smoothed pots start"),
    Rule("tap_flags", ("levels", "pulses"), "whether TB2nTB1 and TAPSTKY stay while the tap is down"),
    Rule("tap_timeout", ("keep", "clear"), "TAPTEMPO after the wait for a second tap", MACHINE, cells.MET_TIMEOUT),
    Rule("overflow_flags", ("live", "held"), "how long FLAGS 8 to 15 stay", USES, ("FLAGS",)),
    Rule("unwritten_out", ("hold", "zero"), "an OUT that a pass does not write", MACHINE, cells.MET_OUT),
    Rule("acc64_start", ("keep", "clear"), "ACC64 after a change of program", USES, ("ACC64",)),
    Rule(
        "undefined",
        ("skip", "stop"),
        "words that are no instruction, registers that are not there",
        MET,
        cells.MET_UNDEFINED,
    ),
    Rule("bootstat", ("assumed",), "which bits of BOOTSTAT a board sets", USES, ("BOOTSTAT",)),
    Rule("codec", ("32", "24", "16"), "the width of the converters of a board"),
)
_BY_NAME = {rule.name: rule for rule in RULES}


class Choices:
    """One choice for each rule.

    :param chosen: rule name -> choice; what is not named is the default
    :raises SandboxError: an unknown name or choice
    """

    def __init__(self, chosen: Mapping[str, object] | None = None) -> None:
        self._chosen = {rule.name: rule.choices[0] for rule in RULES}
        for name, value in (chosen or {}).items():
            rule = _BY_NAME.get(name)
            if rule is None:
                raise SandboxError("option", f"There is no option {name}.", f"There are: {', '.join(_BY_NAME)}.", USAGE)
            if str(value) not in rule.choices:
                cure = f"It can be {' or '.join(rule.choices)}."
                raise SandboxError("option", f"The option {name} cannot be {value}.", cure, USAGE)
            self._chosen[name] = str(value)

    def __getitem__(self, name: str) -> str:
        return self._chosen[name]

    def is_default(self, name: str) -> bool:
        """Whether the rule is as it would be unasked."""
        return self._chosen[name] == _BY_NAME[name].choices[0]

    def numbers(self, rate: float) -> dict[int, int]:
        """The cells that carry the choices to the engine.

        :param rate: samples a second
        """
        nearest = self["rounding"] == "nearest"
        other = self["mach_shift"] == "other_factor"
        return {
            cells.ROUND_PRODUCT: 1 << 30 if nearest else 0,
            cells.ROUND_DELAY: 1 << 15 if nearest else 0,
            cells.MACH_SHIFT_X: 3 if other else 0,
            cells.MACH_SHIFT_Y: 0 if other else 3,
            cells.MACH_MASK: ~0x7FFFF if self["mach_shift"] == "word16" else -1,
            cells.CHR_MASK: {"linear16": 0x7FFFFFFF, "linear8": 0x7FFFFF00, "none": 0x7FFF0000}[self["chr_fraction"]],
            cells.CHR_DEPTH_MASK: 0x7FFFFFFF if self["chr_depth"] == "full" else 0x7FFF0000,
            cells.PITCH_SHAPE: ("triangle", "trapezoid", "per_xf").index(self["pitch_shape"]),
            cells.LOG_TRUNCATES: int(self["log_rounding"] == "truncate"),
            cells.TRAPS: int(self["log2_zero"] == "trap") | int(self["exp2_positive"] == "trap") << 1,
            cells.INTERP_WIDE: int(self["interp_difference"] == "wide"),
            cells.ABS_WRAPS: int(self["abs_min"] == "wrap"),
            cells.ALLPASS_WRAPS: int(self["ap_sums"] == "wrap"),
            cells.LFO_COUPLED: int(self["lfo_form"] == "coupled"),
            cells.LFO_AFTER: int(self["lfo_step"] == "after"),
            cells.TAP_PULSES: int(self["tap_flags"] == "pulses"),
            cells.TIMEOUT_CLEARS: int(self["tap_timeout"] == "clear"),
            cells.OVERFLOW_HELD: int(self["overflow_flags"] == "held"),
            cells.OUT_ZERO: int(self["unwritten_out"] == "zero"),
            cells.CODEC_SHIFT: 32 - int(self["codec"]),
            cells.LFO_FAST: int(0x7FFFFFFF * 2 * 3.141592653589793 * 20 / rate),
        }
