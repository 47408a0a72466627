# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""One file, looked at again and again: what is in it, whenever somebody has saved it.

Editors replace files, and network folders and FAT tell of nothing: so its state is asked for, several times a second.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

INTERVAL_S = 0.15

State = tuple[int, int, int] | None


def saves(path: Path, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Yields at once, and after each save, when the file has looked the same twice; a file that is gone is waited for.

    :param sleep: for tests
    """
    seen: State = None
    last: State = None
    while True:
        now = _state(path)
        if now and now == last and now != seen:
            seen = now
            yield
        last = now
        sleep(INTERVAL_S)


def _state(path: Path) -> State:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
