# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the demo needs of a board, be it virtual or emulated."""

from typing import Any, Protocol


class ShownBoard(Protocol):
    @property
    def now_ms(self) -> float: ...

    @property
    def console(self) -> str: ...

    pixel: Any
    i2c: Any
    usb: Any

    def run(self, ms: float) -> Any: ...

    def reset(self) -> None: ...
