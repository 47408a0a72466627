# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The CircuitPython versions that a test runs on: what depends on the firmware's structs and buffers runs on both."""

from pathlib import Path

import pytest

from host_tests.boards.emulator import inputs


def on_each_version(shared: str) -> pytest.MarkDecorator:
    """Gives tests their `version`; one process keeps those that share a board, which bears this name."""
    each = [pytest.param(name, marks=pytest.mark.xdist_group(f"{shared}-{name}")) for name in ("base", "older")]
    return pytest.mark.parametrize("version", each, scope="module")


def uf2_of(version: str) -> Path:
    """The firmware's file; skips the test where only one is there."""
    path = inputs.firmware() if version == "base" else inputs.older_firmware()
    if path is None:
        pytest.skip("BASE_9=path names an older CircuitPython")
    return path
