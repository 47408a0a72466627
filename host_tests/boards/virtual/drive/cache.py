# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The block that the host wrote last is in the firmware's memory only, for a second or until the firmware reads another
one: a power cut or a reset before that loses it."""

import os
from collections.abc import Callable

from host_tests.boards.virtual.drive.volume import Volume

KEPT_MS = 1000.0


class WriteCache:
    def __init__(self, volume: Volume, now_ms: Callable[[], float]) -> None:
        self._volume, self._now_ms = volume, now_ms
        self._undo: Callable[[], None] | None = None
        self._since = 0.0

    def before_write(self, name: str) -> None:
        """A block of this file, or of its entry, is about to be written: the one before goes to flash."""
        entry, path = self._volume.flight[name.lower()], self._volume.find(name)
        was = entry.copy()
        content = (path.read_bytes(), path.stat().st_mtime) if path.is_file() else None

        def undo() -> None:
            vars(entry).update(vars(was))
            self._volume.flight[name.lower()] = entry
            if content is not None:
                path.write_bytes(content[0])
                os.utime(path, (content[1], content[1]))
            else:
                path.unlink(missing_ok=True)

        self._undo, self._since = undo, self._now_ms()

    def flush(self) -> None:
        self._undo = None

    def power_lost(self) -> None:
        undo, self._undo = self._undo, None
        if undo is not None and self._now_ms() - self._since < KEPT_MS:
            undo()
