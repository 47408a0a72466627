# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The virtual FXCore's flash: 16 program slots, each busy for a while when it is burnt."""

from collections.abc import Callable

from host_tests.boards.virtual.fxcore.knobs import Knobs
from host_tests.boards.virtual.fxcore.parts import FACTORY_IMAGE, NO_ERROR, Image


class Flash:
    """16 `slots` (an Image, or None: erased or damaged), `writes` per slot and the `result` of the last burn.

    While a slot is being burnt it holds nothing; a power cut then leaves it so.
    """

    def __init__(self, knobs: Knobs, now_ms: Callable[[], float]) -> None:
        self._knobs, self._now_ms = knobs, now_ms
        self._slots: list[Image | None] = [None if slot in knobs.empty else FACTORY_IMAGE for slot in range(16)]
        self._pending: tuple[int, Image | None] | None = None
        self._busy_until = 0.0
        self.writes = [0] * 16
        self.errors: dict[int, int] = {}  # slot: the flash error that burning it ends with
        self.result = NO_ERROR

    @property
    def busy(self) -> bool:
        return self._pending is not None and self._now_ms() < self._busy_until

    @property
    def slots(self) -> list[Image | None]:
        if self._pending is not None and not self.busy:
            slot, content = self._pending
            self._slots[slot], self._pending = content, None
        return self._slots

    @property
    def bits(self) -> int:
        """The program slot status: a bit per slot that holds something."""
        shown = [held is not None and slot not in self._knobs.dead_bits for slot, held in enumerate(self.slots)]
        return sum(1 << slot for slot in range(16) if shown[slot])

    def burn(self, slot: int, content: Image, error: int) -> None:
        self.result = error or self.errors.get(slot, NO_ERROR)
        self.slots[slot] = None
        self.writes[slot] += 1
        self._pending = slot, None if self.result else content
        self._busy_until = self._now_ms() + self._knobs.flash_ms

    def lose_power(self) -> None:
        if self.busy:
            self._pending = None
