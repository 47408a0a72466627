# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The tables of README.md that the code has too, each between `<!-- name -->` and `<!-- /name -->`."""

from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def table(name: str) -> tuple[list[str], list[list[str]]]:
    """Its head and its rows, cell by cell, without backticks."""
    text = README.read_text(encoding="utf-8")
    inside = text.partition(f"<!-- {name} -->")[2].partition(f"<!-- /{name} -->")[0]
    head, rule, *rows = (
        [cell.strip().replace("`", "") for cell in line.strip("| ").split(" | ")]
        for line in inside.strip().splitlines()
    )
    assert set("".join(rule)) <= set("-: |")
    return head, rows
