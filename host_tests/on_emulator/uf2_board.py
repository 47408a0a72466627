# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Boots UF2 images on the real interpreter, as they are."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from host_tests.boards.emulator import Board
from uf2.flash import END

BLANK = b"\xff" * END


@contextmanager
def power_on(image: bytes, flash: bytes = BLANK) -> Iterator[Board]:
    """A board whose flash held `flash` before the image was copied onto RPI-RP2. Time has not begun."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "image.uf2")
        path.write_bytes(image)
        with Board(uf2=path, flash=flash) as board:
            yield board
