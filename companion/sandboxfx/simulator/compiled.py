# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The kernel as machine code: the same functions, compiled by numba and kept between runs."""

import hashlib
import importlib.util
import os
import types
from collections.abc import Callable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path

from sandboxfx.simulator.kernel import arithmetic, controls, execute, run

_MODULES = (arithmetic, controls, execute, run)


def is_possible() -> bool:
    """Whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


@cache
def functions() -> types.SimpleNamespace:
    """Returns the kernel's functions, compiled: `run`, `execute`, `begin_sample`, `end_sample`.

    The first call on a computer takes the compiler's time when they are first used, later ones a fraction of a second.
    """
    import numba

    config: Any = numba.config
    names: dict[str, Any] = {"__builtins__": __builtins__, "__name__": __name__}
    for module in _MODULES:
        for name, value in vars(module).items():
            if isinstance(value, list):
                names[name] = np.array(value, dtype=np.int64)
            elif isinstance(value, int):
                names[name] = value
    # One folder for one text: numba itself looks at a function's own file, not at those of the functions it calls.
    folder = _cache_folder(numba.__version__)
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
    try:
        for function in _functions():
            copy = types.FunctionType(function.__code__, names, function.__name__)
            names[function.__name__] = numba.njit(copy, cache=_is_writable(folder), nogil=True)
    finally:
        config.CACHE_DIR = before
    return types.SimpleNamespace(**{name: names[name] for name in ("run", "execute", "begin_sample", "end_sample")})


def is_cached() -> bool:
    """Whether an earlier run has left its machine code here."""
    return any(_cache_folder(metadata.version("numba")).glob("*/*.nbc"))


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False  # everything works all the same, only slower at each start
    return os.access(folder, os.W_OK)


def _functions() -> Iterator[Callable[..., Any]]:
    for module in _MODULES:
        for value in vars(module).values():
            if isinstance(value, types.FunctionType) and value.__module__ == module.__name__:
                yield value


def _cache_folder(version: str) -> Path:
    text = hashlib.sha256(version.encode())
    for path in sorted(Path(run.__file__).parent.glob("*.py")):
        text.update(path.read_bytes())
    return user_cache_path("sandboxfx") / "simulator" / text.hexdigest()[:16]
