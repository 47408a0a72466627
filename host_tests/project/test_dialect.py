# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The dialect gate refuses what the board refuses, names the line, and lets pass what the board runs."""

import pytest

from host_tests.tools import dialect

REFUSED = [
    ("match x:\n    case 1:\n        pass\n", "SyntaxError"),
    ("q = [*p]\n", "SyntaxError"),
    ("q = {**p}\n", "SyntaxError"),
    ("x = 1\nfrom dataclasses import dataclass\n", ":2: the board has no module dataclasses"),
    ("import typing\n", ":1: the board has no module typing"),
    ("import os.path\n", ":1: the board has no module os.path"),
    ("from struct import Struct\n", ":1: the board has no struct.Struct"),
    ("import time\n\ntime.perf_counter()\n", ":3: the board has no time.perf_counter"),
    ("x = 'ab'.zfill(4)\n", ":1: the board has no method zfill"),
    ("x = memoryview(b'').tobytes()\n", ":1: the board has no method tobytes"),
    ("try:\n    pass\nexcept FileNotFoundError:\n    pass\n", ":3: the board has no FileNotFoundError"),
]

PASSES = """
import binascii, errno, gc, os, struct, sys, time
import board, memorymap, microcontroller, supervisor, usb_cdc, usb_hid, watchdog
import neopixel
from adafruit_bus_device.i2c_device import I2CDevice
from adafruit_hid.keyboard import Keyboard
from fxcore.errors import HexError
from micropython import const
from . import ticks

def steps(data: bytes, *rest, fast: bool = False) -> int:
    total = yield from other(*rest)
    with open("/x", "rb") as file, lock:
        file.readinto(memoryview(data)[1:])
    return binascii.crc32(data) if (n := len(data)) else -1

print(f"{errno.EIO:02x}", "{:>4}".format(3), b"\\x00".hex(), os.stat("/")[6], "x".upper().strip())
"""


@pytest.fixture(scope="module")
def modules():
    return dialect.modules_of_the_board() | dialect.OWN


@pytest.mark.parametrize(("source", "complaint"), REFUSED)
def test_what_the_board_does_not_have_is_refused(source, complaint, modules, tmp_path):
    file = tmp_path / "device.py"
    file.write_text(source)
    found = dialect.findings(file, modules)
    assert len(found) == 1
    assert str(file) in found[0]
    assert complaint in found[0]


def test_what_the_board_runs_passes(modules, tmp_path):
    file = tmp_path / "device.py"
    file.write_text(PASSES)
    assert dialect.findings(file, modules) == []


def test_the_command_looks_into_folders_and_fails_on_any_finding(tmp_path, capsys):
    (tmp_path / "good.py").write_text("x = 1\n")
    assert dialect.main([str(tmp_path)]) == 0
    (tmp_path / "bad.py").write_text("import enum\n")
    assert dialect.main([str(tmp_path)]) == 1
    assert "bad.py:1: the board has no module enum" in capsys.readouterr().out


def test_the_command_does_not_pass_when_there_is_nothing_to_look_at(tmp_path, capsys):
    assert dialect.main([str(tmp_path / "gone")]) == 1
    assert dialect.main([str(tmp_path)]) == 1
    assert dialect.main([]) == 1
    assert "nothing to look at" in capsys.readouterr().err
