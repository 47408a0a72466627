# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Which rules of rules.py a run depended on."""

from dataclasses import dataclass

from sandboxfx.simulator.effects import EFFECTS
from sandboxfx.simulator.evidence import Evidence
from sandboxfx.simulator.kernel import cells
from sandboxfx.simulator.machine import Machine
from sandboxfx.simulator.rules import MACHINE, MET, RULES, USES, Rule

ACC64_READERS = {"MAC", "MAC_READ", "MACH", "MACH_READ", "SATURATE64", "READ64_UPPER", "READ64_LOWER"}
OVERFLOW_FLAGS = 0xFF00


@dataclass(frozen=True)
class Unproven:
    """A rule that nobody has checked on silicon, and where a run depended on it.

    :param name: of the option
    :param choice: what was done
    :param question: what is not known
    :param places: instructions, as reports name them; empty where it came up around the pass
    """

    name: str
    choice: str
    question: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.places[:3]) + (" ..." if len(self.places) > 3 else "")
        return f"{self.question} ({self.name}={self.choice})" + (f": {shown}" if shown else "")


def unproven(machine: Machine) -> list[Unproven]:
    """Returns the rules that the machine's run so far depended on, in the order of the table."""
    evidence = machine.evidence()
    found = []
    for rule in RULES:
        addresses = _addresses(rule, machine, evidence)
        if addresses is not None:
            places = tuple(machine.program.place(address) for address in addresses)
            found.append(Unproven(rule.name, machine.choices[rule.name], rule.question, places))
    return found


def _addresses(rule: Rule, machine: Machine, evidence: Evidence) -> list[int] | None:
    """The instructions at which the rule counted, or None where it did not count at all."""
    if rule.kind == MET and isinstance(rule.what, int):
        return [at for at, bits in enumerate(evidence.met) if bits & rule.what] or None
    if rule.kind == MACHINE and isinstance(rule.what, int):
        return [] if evidence.machine_met & rule.what else None
    if rule.kind == USES and isinstance(rule.what, tuple):
        return [at for name in rule.what for at in _users(name, machine)] or None
    return None


def _users(name: str, machine: Machine) -> list[int]:
    """The addresses of what the program uses: a mnemonic, FLAGS above bit 7, ACC64 as it was found, or a register."""
    code = machine.code
    if name in EFFECTS:
        return [at for at, mnemonic in enumerate(code.mnemonics) if mnemonic == name]
    if name == "ACC64":
        return _early_acc64(machine)
    cell = cells.FLAGS if name == "FLAGS" else cells.BOOTSTAT
    users = [at for at in range(len(code.xs)) if cell in (code.xs[at], code.ys[at])]
    if name == "FLAGS":
        masks = {at: machine.program.words[at] & 0xFFFF for at in users if code.mnemonics[at] == "ANDI"}
        users = [at for at in users if masks.get(at, OVERFLOW_FLAGS) & OVERFLOW_FLAGS]
    return users


def _early_acc64(machine: Machine) -> list[int]:
    """The first instruction that reads ACC64, where none before it has set the whole."""
    is_set = 0
    for at, mnemonic in enumerate(machine.code.mnemonics):
        operation = EFFECTS[mnemonic].operation if mnemonic in EFFECTS else ""
        is_set |= {"CLEAR64": 3, "LOAD64_UPPER": 1, "LOAD64_LOWER": 2}.get(operation, 0)
        if is_set == 3:
            return []
        if operation in ACC64_READERS:
            return [at]
    return []
