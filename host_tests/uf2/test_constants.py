# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Values in the place of constants: only what can be nothing else, and no line moves."""

import ast

import pytest

from uf2.constants import fold
from uf2.files import device_files


def folded(**modules: str) -> dict[str, str]:
    """name -> source after folding; `pkg__a` is pkg/a.py."""
    files = {name.replace("__", "/") + ".py": text.encode() for name, text in modules.items()}
    return {name[:-3].replace("/", "__"): text.decode() for name, text in fold(files).items()}


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("A = 5\nx = A\n", "\nx = (5)\n"),
        ("A = 0x10  # why\nx = y + A * A\n", "  # why\nx = y + (16) * (16)\n"),
        ("A = 5\nB = A * 2 - 1\ndef f(x=B):\n    return x[B:A]\n", "\n\ndef f(x=(9)):\n    return x[(9):(5)]\n"),
        ("A = (\n    1\n    + 2\n)\nx = A\n", "\n\n\n\nx = (3)\n"),
        ("A = -1\nx = 2 - A\n", "\nx = 2 - (-1)\n"),
        ("A = 'word'\nx = f(A)\n", "\nx = f(('word'))\n"),
        ('x = "\u00e4" + A\nA = 7\n', 'x = "\u00e4" + (7)\n\n'),
    ],
)
def test_a_constant_becomes_its_value(source, result):
    assert folded(m=source) == {"m": result}


@pytest.mark.parametrize(
    "source",
    [
        "A = 5\nA = 6\nx = A\n",
        "A = 5\nfor A in y:\n    pass\n",
        "A = 5\ndef f(A):\n    return A\n",
        "A = 5\ndef f():\n    A = 1\n    return A\n",
        "A = 5\nimport A\n",
        "A = 5\ndel A\n",
        "A = 5\nA += 1\n",
        "A = B = 5\nx = A\n",
        "A, B = 1, 2\nx = A\n",
        "def f():\n    A = 5\n    return A\n",
        "A = True\nB = 1.5\nC = 'a longer word'\nD = b'1'\nE = ()\nx = A, B, C, D, E\n",
        "A = 'word' + '!'\nx = A\n",
        "A = f()\nx = A\n",
        "A = 1 << 30\nx = A\n",
    ],
)
def test_what_may_be_something_else_stays(source):
    assert folded(m=source) == {"m": source}


def test_a_constant_of_another_module_becomes_its_value_and_keeps_its_name_at_home():
    result = folded(
        pkg__a="A = 5\nOWN = 6\nx = OWN\n",
        pkg__b="from pkg.a import A, f\nfrom pkg import a\n\nB = A + 1\ny = f(A, a.A, a.f, B)\n",
        pkg__c="from pkg.a import A as D\n\n\ndef f():\n    from pkg.b import B\n    return B, D\n",
    )
    assert result["pkg__a"] == "A = 5\n\nx = (6)\n"
    assert result["pkg__b"] == "from pkg.a import f\nfrom pkg import a\n\nB = (5) + 1\ny = f((5), (5), a.f, (6))\n"
    assert result["pkg__c"] == "pass\n\n\ndef f():\n    pass\n    return (6), (5)\n"


def test_an_import_of_several_lines_keeps_them():
    result = folded(pkg__a="A = 5\n", pkg__b="from pkg.a import (\n    A,\n    f,\n)\nx = A\n")
    assert result["pkg__b"] == "from pkg.a import f\n\n\n\nx = (5)\n"


def test_in_the_device_every_definition_stays_on_its_line():
    device = {name: text for name, text in device_files().items() if not name.startswith("lib/")}
    changed = 0
    for name, text in fold(device).items():
        if name.endswith(".py"):
            changed += text != device[name]
            places = [
                [(node.name, node.lineno) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
                for source in (text, device[name])
            ]
            assert places[0] == places[1], name
            assert text.count(b"\n") == device[name].count(b"\n")
        else:
            assert text == device[name]
    assert changed > 20
