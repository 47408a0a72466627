# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Comparing two boards notices what differs: here a virtual board with another one on which one thing is changed."""

from functools import cache

import pytest

from host_tests.boards.pedal import OTHER, SONG, broken
from host_tests.boards.virtual.board import VirtualBoard
from host_tests.on_emulator.scene import PATTERN_MS, Play, Scene
from host_tests.on_emulator.shown import states
from host_tests.on_emulator.trace import Trace, require_same
from uf2.files import device_files

SUCCESS_MS = 2500

FLAWS = [
    ("sandbox/light.py", "RAPID_BLINKS = 5", "RAPID_BLINKS = 2"),
    ("sandbox/light.py", "SUCCESS = 2000", "SUCCESS = 200"),
    ("sandbox/light.py", "BLINK = 100", "BLINK = 37"),
    ("sandbox/light.py", "SLOW = 200", "SLOW = 90"),
    ("sandbox/light.py", "now % HEARTBEAT >= DIP", "True"),
    ("sandbox/light.py", "AMBER = (255, 80, 0)", "AMBER = (255, 120, 0)"),
    ("sandbox/light.py", "self._error = number\n", "self._error = number % 5 + 1\n"),
    ("sandbox/runner.py", "running, {} instructions", "runs, {} instructions"),
    ("fxcore/sequence.py", "BLOCK_PAUSE = 10", "BLOCK_PAUSE = 1"),
    ("fxcore/sequence.py", "ENTER_PAUSE = 20", "ENTER_PAUSE = 2"),
    ("sandbox/presence.py", "FIRST_ADDRESS = 0x08", "FIRST_ADDRESS = 0x10"),
]


def scenario(scene: Scene) -> None:
    scene.until("serial number")
    scene.write("output.hex", SONG)
    scene.run(4000)
    scene.write("3.hex", OTHER)
    scene.run(SUCCESS_MS + 2500)
    scene.write("output.hex", broken(SONG))
    scene.run(5250 + PATTERN_MS)
    scene.delete("output.hex")
    scene.run(PATTERN_MS + SUCCESS_MS)
    scene.unplug_chip()
    scene.write("output.hex", OTHER)
    scene.run(2000 + PATTERN_MS)
    scene.plug_chip()
    scene.run(SUCCESS_MS)


@cache
def played(path: str = "", old: str = "", new: str = "") -> Trace:
    if not path:
        return Play().on(VirtualBoard, scenario)
    source = device_files("disk")[path].decode()
    assert source.count(old) == 1
    return Play(files={path: source.replace(old, new)}).on(VirtualBoard, scenario)


def test_what_the_scenario_shows() -> None:
    assert [state.what for state in played().light] == [
        *("blue", "heartbeat", "purple", "green", "heartbeat", "error 1", "off"),
        *("blue", "error 2", "blue", "heartbeat"),
    ]


@pytest.mark.parametrize(("path", "old", "new"), FLAWS, ids=lambda text: text.strip())
def test_a_device_that_differs_in_one_thing_is_noticed(path: str, old: str, new: str) -> None:
    with pytest.raises(AssertionError):
        require_same(played(), played(path, old, new))


def test_a_device_that_differs_in_nothing_that_can_be_seen_is_not_noticed() -> None:
    """Its pace may differ."""
    require_same(played(), played("sandbox/drive.py", "LOOK_INTERVAL = 250", "LOOK_INTERVAL = 240"))


def test_a_light_that_was_never_used_says_nothing_else_than_that_it_is_off() -> None:
    assert [state.what for state in states([], 5000)] == ["off"]
