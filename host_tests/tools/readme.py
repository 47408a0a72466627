# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What README.md and uf2/README.md have in common with the code, each between `<!-- name -->` and `<!-- /name -->`."""

from pathlib import Path

TOP = Path(__file__).parents[2]
README, UF2_README = TOP / "README.md", TOP / "uf2" / "README.md"


def table(name: str) -> tuple[list[str], list[list[str]]]:
    """Its head and its rows, cell by cell, without backticks."""
    head, rule, *rows = (
        [cell.strip().replace("`", "") for cell in line.strip("| ").split(" | ")] for line in _inside(name).splitlines()
    )
    assert set("".join(rule)) <= set("-: |")
    return head, rows


def code(name: str, document: Path = README) -> str:
    """The lines of a code block."""
    first, *lines, last = _inside(name, document).splitlines()
    assert first == last == "```"
    return "\n".join(lines)


def _inside(name: str, document: Path = README) -> str:
    text = document.read_text(encoding="utf-8")
    return text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0].strip()
