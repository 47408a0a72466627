# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The project's own USB identity, which the driver has to be told about."""

from collections.abc import Iterator

import pytest

from host_tests.linux_driver.bench import Bench

DRIVERS = "/sys/bus/hid/drivers"


@pytest.fixture(scope="module", params=["6.12", "6.1"])
def stranger(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(request.param, "check_new_id", {"SANDBOX_USB_ID": "sandbox"}, bound=False)
    yield made
    made.close()


def test_the_driver_takes_it_when_told(stranger: Bench) -> None:
    """The device is hid-generic's already, and stays so until it is taken from it (or plugged in again)."""
    tell = f"echo 0003 1209 3911 > {DRIVERS}/ft260/new_id"
    take = f"cd {DRIVERS}/hid-generic; for d in *:1209:3911.*; do echo $d > unbind; echo $d > ../ft260/bind; done"
    stranger.good(tell)
    assert stranger.run("i2cdetect -l").output == ""
    stranger.good(take)
    stranger.linux.wait_for_bus()
    assert stranger.good("i2cget -y $BUS 0x50 0x10") == "0xff"
