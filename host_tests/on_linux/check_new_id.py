# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The project's own USB identity: the lines of README.md that tell the driver of it, as they stand there."""

import pytest

from host_tests.on_linux.bench import Bench
from host_tests.tools.readme import code

SETTINGS = {"SANDBOX_USB_ID": "sandbox"}
BOUND = False
PLUGGED_IN_AGAIN = "cd /sys/bus/usb/drivers/usb; echo 1-1 > unbind; echo 1-1 > bind"


@pytest.fixture
def stranger(bench: Bench) -> Bench:
    """At a Linux that has not loaded the driver; the device is hid-generic's."""
    bench.good("rmmod hid-ft260")
    bench.good("ls -d /sys/bus/hid/drivers/hid-generic/*:1209:3911.*")
    return bench


@pytest.mark.parametrize("then", [PLUGGED_IN_AGAIN, code("hand-over")], ids=["plugged in again", "handed over"])
def test_the_driver_takes_it_when_told(stranger: Bench, then: str) -> None:
    stranger.good(code("new_id"))
    assert stranger.run("i2cdetect -l").output == ""  # it stays hid-generic's
    stranger.good(then)
    stranger.linux.wait_for_bus()
    assert stranger.good("i2cget -y $BUS 0x50 0x10") == "0xff"
