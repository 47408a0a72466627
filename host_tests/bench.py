# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Figures: `make bench`. On the virtual board always, on the real interpreter where the emulator finds its inputs."""

import sys
import time
from collections.abc import Iterator

from host_tests import bench_bridge, bench_emulator, bench_virtual
from host_tests.emulator import Missing, inputs
from host_tests.emulator.link import CORE


def emulator_is_ready() -> None:
    """Missing tells what the emulator lacks."""
    inputs.firmware()
    inputs.bootrom()
    if not CORE.is_file():
        raise Missing("the emulated chip is not installed (make test-vm installs it).")


def report() -> Iterator[str]:
    yield from bench_virtual.report()
    yield ""
    try:
        emulator_is_ready()
    except Missing as missing:
        yield f"Not measured on the real interpreter: {missing}"
        return
    yield from bench_emulator.report()
    yield ""
    yield from bench_bridge.report()


def main() -> int:
    started = time.monotonic()
    for line in report():
        print(line, flush=True)
    print(f"\nmeasured in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
