# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Boots UF2 images on the real interpreter, as they are: the emulator must be in PYTHONPATH, with what it needs."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FLASH_SIZE = 2 << 20
BLANK = b"\xff" * FLASH_SIZE


@contextmanager
def power_on(image: bytes, flash: bytes = BLANK, **options: Any) -> Iterator[Any]:
    """A board whose flash held `flash` before the image was copied onto RPI-RP2. Time has not begun."""
    import emulator

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "image.uf2")
        path.write_bytes(image)
        with emulator.Board(uf2=path, flash=flash, **options) as board:
            yield board
