# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Figures: `make bench`. On the virtual board always, on the real interpreter where the emulator can be had."""

import sys
import time
from collections.abc import Iterator

from host_tests.bench import assembling, bridge, emulator, simulator, startup, virtual
from host_tests.boards.emulator import Missing, prepare


def lacking() -> str:
    """Brings what the emulator needs. What it lacks all the same, in one sentence, or ""."""
    try:
        prepare.bring_all(older=False)
    except Missing as missing:
        return str(missing)
    return ""


def report(lacks: str) -> Iterator[str]:
    yield from assembling.report()
    yield ""
    yield from virtual.report()
    yield ""
    yield from simulator.report()
    yield ""
    if lacks:
        yield f"Not measured on the real interpreter: {lacks}"
        return
    yield from startup.report()
    yield ""
    yield from emulator.report()
    yield ""
    yield from bridge.report()


def main() -> int:
    lacks = lacking()
    started = time.monotonic()
    for line in report(lacks):
        print(line, flush=True)
    print(f"\nmeasured in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
