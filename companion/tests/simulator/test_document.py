# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""SIMULATOR.md says what the tables of the code say, and its examples run."""

import re
from pathlib import Path

import pytest

from sandboxfx.simulator import Machine
from sandboxfx.simulator.effects import EFFECTS
from sandboxfx.simulator.rules import RULES

DOCUMENT = (Path(__file__).parents[2] / "SIMULATOR.md").read_text(encoding="utf-8")


def rows(name: str) -> list[str]:
    """The rows of the table between two marks, without its head."""
    found = re.search(f"<!-- {name} -->\n(.*?)<!-- /{name} -->", DOCUMENT, re.DOTALL)
    assert found
    return found.group(1).splitlines()[2:]


def test_every_rule_is_in_the_table():
    assert rows("rules") == [f"| `{r.name}` | {', '.join(r.choices)} | {r.question} |" for r in RULES]


def test_every_instruction_is_in_the_table():
    groups = {
        kind: [name for name, effect in EFFECTS.items() if effect.certainty == kind]
        for kind in ("exact", "likely", "modelled")
    }
    assert rows("certainty") == [f"| {kind} | {', '.join(names)} |" for kind, names in groups.items()]


@pytest.mark.parametrize("number", [1, 2])
def test_the_examples_run(tmp_path, monkeypatch, number):
    monkeypatch.chdir(tmp_path)
    Path("echo.fxc").write_text("  cpy_cs r0, in0\n  cpy_sc out0, r0\n")
    example = re.findall("```python\n(.*?)```", DOCUMENT, re.DOTALL)[number]
    exec(example, {"Machine": Machine})
