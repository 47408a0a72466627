# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The bus's log as readable lines, repeated ones counted."""

from collections import deque
from typing import NamedTuple

from host_tests.boards.virtual.i2c.bus import Transaction
from host_tests.demo.wire import WireReader

KEPT = 200


class Line(NamedTuple):
    """`times`: so many in a row were of this kind; time and text are the last one's."""

    t_ms: float
    text: str
    kind: str
    times: int


class Traffic:
    """`log`: the bus's own, of which each transfer is read once."""

    def __init__(self, log: list[Transaction], address: int) -> None:
        self._log, self._seen = log, 0
        self._reader = WireReader(address)
        self._lines: deque[Line] = deque(maxlen=KEPT)

    def last(self, count: int) -> list[tuple[float, str]]:
        """The newest lines, newest last: (ms, text)."""
        new, self._seen = self._log[self._seen :], len(self._log)
        for transfer in new:
            self._add(transfer)
        newest = list(self._lines)[-count:] if count > 0 else []
        return [(line.t_ms, line.text if line.times == 1 else f"{line.text} ({line.times} times)") for line in newest]

    def _add(self, transfer: Transaction) -> None:
        text, times = self._reader.line(transfer), 1
        kind = "a question that nobody answers" if not transfer.data and transfer.result != "ok" else text
        if self._lines and self._lines[-1].kind == kind:
            times += self._lines.pop().times
        self._lines.append(Line(transfer.t_ms, text, kind, times))
