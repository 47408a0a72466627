# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The tree keeps the rules of the house, and each rule notices when it is broken."""

import subprocess
import sys
from pathlib import Path

import pytest

from host_tests.tools import layering, rooms
from host_tests.tools.layering import SPDX

ROOT = Path(__file__).resolve().parents[2]
HEAD = "".join(f"# {line}\n" for line in SPDX)

BROKEN = [
    (layering.imports_point_one_way, "fxcore/a.py", "from sandbox import light"),
    (layering.imports_point_one_way, "fxcore/a.py", "import ft260.reports"),
    (layering.imports_point_one_way, "ft260/a.py", "from fxcore.errors import BusFault"),
    (layering.imports_point_one_way, "ft260/a.py", "def late():\n    import sandbox.app"),
    (layering.imports_point_one_way, "sandbox/a.py", "import code"),
    (layering.imports_point_one_way, "sandbox/a.py", "from host_tests import virtual"),
    (layering.imports_point_one_way, "code.py", "import uf2.stage"),
    (layering.hardware_stays_at_the_edge, "sandbox/bus.py", "import busio"),
    (layering.hardware_stays_at_the_edge, "sandbox/bus.py", "from adafruit_bus_device.i2c_device import I2CDevice"),
    (layering.hardware_stays_at_the_edge, "sandbox/light.py", "def make():\n    import neopixel"),
    (layering.hardware_stays_at_the_edge, "fxcore/a.py", "from board import GP0"),
    (layering.hardware_stays_at_the_edge, "ft260/bridge.py", "from . import hid_port"),
    (layering.hardware_stays_at_the_edge, "sandbox/app.py", "from ft260.hid_port import HidPort"),
    (layering.hardware_stays_at_the_edge, "sandbox/app.py", "port = __import__('usb_hid')"),
    (layering.nothing_sleeps, "code.py", "import time\ntime.sleep(1)"),
    (layering.nothing_sleeps, "sandbox/a.py", "from time import sleep\nsleep(0)"),
    (layering.only_the_console_prints, "code.py", "print('hello')"),
    (layering.only_the_console_prints, "fxcore/a.py", "def f():\n    print('hello')"),
    (layering.only_the_main_loop_catches_all, "sandbox/a.py", "try:\n    f()\nexcept:\n    pass"),
    (layering.only_the_main_loop_catches_all, "boot.py", "try:\n    f()\nexcept Exception:\n    pass"),
    (
        layering.only_the_main_loop_catches_all,
        "ft260/a.py",
        "try:\n    f()\nexcept (OSError, BaseException):\n    pass",
    ),
    (layering.state_has_an_owner, "sandbox/a.py", "def f():\n    global x"),
    (layering.device_code_stays_small, "fxcore/a.py", "x = 1\n" * (layering.FILE_LINES - 1)),
    (layering.device_code_stays_small, "ft260/a.py", "def f():\n" + "    x = 1\n" * layering.FUNCTION_LINES),
    (rooms.each_room_uses_what_it_may, "companion/sandboxfx/a.py", "import sandbox.ledger"),
    (rooms.each_room_uses_what_it_may, "uf2/a.py", "from host_tests.tools import readme"),
    (rooms.each_room_uses_what_it_may, "host_tests/boards/virtual/a.py", "from host_tests.boards.pedal import Pedal"),
    (rooms.each_room_uses_what_it_may, "host_tests/boards/virtual/i2c/a.py", "def late():\n    import fxcore.protocol"),
    (rooms.each_room_uses_what_it_may, "host_tests/boards/emulator/a.py", "from host_tests.boards import virtual"),
    (rooms.each_room_uses_what_it_may, "host_tests/demo/a.py", "from host_tests.scenes import matrix"),
    (rooms.each_room_uses_what_it_may, "host_tests/boards/a.py", "from host_tests.boards.tests import a"),
    (rooms.only_tests_know_test_tools, "host_tests/boards/virtual/a.py", "import pytest"),
    (rooms.only_tests_know_test_tools, "companion/sandboxfx/a.py", "from hypothesis import given"),
    (rooms.nothing_is_imported_in_a_circle, "sandbox/a.py", "from . import a"),
]

# What another file must be there for.
BROKEN_TOGETHER = [
    (
        rooms.nobody_imports_a_test,
        {"host_tests/scenes/a.py": "from host_tests.scenes.test_b import B", "host_tests/scenes/test_b.py": ""},
        "host_tests/scenes/a.py:3: host_tests.scenes.test_b is a test",
    ),
    (
        rooms.nothing_is_imported_in_a_circle,
        {
            "host_tests/boards/virtual/a.py": "if TYPE_CHECKING:\n    from host_tests.boards.virtual.b import B",
            "host_tests/boards/pc_drive.py": "",
            "host_tests/boards/virtual/b.py": "def late():\n    from host_tests.boards.virtual import c",
            "host_tests/boards/virtual/c.py": "import host_tests.boards.virtual.a",
        },
        ": a circle of imports: ",
    ),
]

ALLOWED = {
    "boot.py": "import usb_hid\nfrom ft260 import descriptor\nprint('constant')\n",
    "code.py": "import board\nfrom ft260.hid_port import HidPort\ntry:\n    pass\nexcept Exception:\n    pass\n",
    "sandbox/console.py": "import os\nimport fxcore.errors\nfrom . import ticks\nprint('x')\n",
    "fxcore/a.py": "import struct\nfrom fxcore.errors import HexError\ntry:\n    pass\nexcept OSError:\n    pass\n",
    "fxcore/b.py": "def f():\n" + "    x = 1\n" * (layering.FUNCTION_LINES - 1),
    "ft260/hid_port.py": "import usb_hid, memorymap\nfrom .reports import decode\n",
    "ft260/long.py": "x = 1\n" * (layering.FILE_LINES - 2),
    "host_tests/scenes/a.py": "import pytest\nfrom sandbox import console\nfrom host_tests.boards.virtual import b\n",
    "host_tests/boards/pc_drive.py": "",
    "host_tests/boards/virtual/b.py": "import math\nimport adafruit_pixelbuf\nfrom host_tests.boards import pc_drive\n",
    "host_tests/boards/tests/test_b.py": "import pytest\nfrom host_tests.scenes import a\nfrom fxcore import b\n",
    "companion/sandboxfx/a.py": "from fxcore import b\nfrom sandboxfx.cli import main\n",
    "companion/tests/test_a.py": "import pytest\nfrom sandboxfx import a\nfrom host_tests.boards.virtual import b\n",
    ".ci/run": "echo\n",
}


def plant(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("check", layering.CHECKS, ids=lambda check: check.__name__)
def test_the_tree_keeps_the_rule(check):
    assert list(check(ROOT)) == []


@pytest.mark.parametrize(("check", "name", "text"), BROKEN)
def test_a_broken_rule_is_noticed_with_its_file(check, name, text, tmp_path):
    plant(tmp_path, name, HEAD + text)
    found = list(check(tmp_path))
    assert len(found) == 1
    assert found[0].startswith(name + ":")


@pytest.mark.parametrize(("check", "files", "sentence"), BROKEN_TOGETHER)
def test_a_rule_that_two_files_break_together_is_noticed(check, files, sentence, tmp_path):
    for name, text in files.items():
        plant(tmp_path, name, HEAD + text)
    found = list(check(tmp_path))
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize("check", layering.CHECKS, ids=lambda check: check.__name__)
def test_what_is_allowed_passes(check, tmp_path):
    for name, text in ALLOWED.items():
        plant(tmp_path, name, ("#!/bin/sh\n" if name == ".ci/run" else "") + HEAD + text)
    assert list(check(tmp_path)) == []


@pytest.mark.parametrize(
    "name",
    [
        "fxcore/a.py",
        "code.py",
        "host_tests/a.py",
        "uf2/a.py",
        "Makefile",
        "lib/requirements.txt",
        "host_tests/boards/emulator/src/a.mjs",
    ],
)
@pytest.mark.parametrize("text", ["", "x = 1\n", f"# {SPDX[0]}\nx = 1\n", "\n" + HEAD])
def test_a_source_without_its_licence_lines_is_noticed(name, text, tmp_path):
    plant(tmp_path, name, text)
    assert list(layering.every_source_names_its_licence(tmp_path)) == [f"{name}: the two SPDX lines come first"]


def test_everything_but_the_hardware_edge_imports_on_a_computer():
    pure = [path.relative_to(ROOT).with_suffix("") for path in layering.device_files(ROOT)]
    names = [".".join(path.parts) for path in pure if path.as_posix() + ".py" not in layering.HARDWARE_FILES]
    assert len(names) > 10
    program = "import sys; sys.path.append(sys.argv[1]); import " + ", ".join(names)
    subprocess.run([sys.executable, "-I", "-c", program, str(ROOT)], check=True)
