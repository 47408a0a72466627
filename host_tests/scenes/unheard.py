# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A pedal whose console nobody hears at first: no terminal is open or none reads, no host is there, no console."""

from collections.abc import Mapping
from typing import Any

from host_tests.boards.pedal import Pedal

UP_MS = 8000  # by then code.py runs and has dealt with what was on the drive


class Unheard(Pedal):
    """Comes up by time alone. reading: the host fetches what the console port has for it."""

    def __init__(self, files: Mapping[str, bytes | str] | None = None, *, reading: bool = True, **options: Any) -> None:
        self._reading = reading
        super().__init__(files, **options)

    def come_up(self) -> None:
        self.cdc.reading = self._reading
        self.run(UP_MS)
