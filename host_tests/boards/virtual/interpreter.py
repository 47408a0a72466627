# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Runs device code in a world of its own: builtins, import system and module table of one board.

Nothing goes through CPython's sys.modules or sys.path, so boards do not see each other. Only compiled code is shared,
by path, time and size. A name that the firmware does not have is missing here too.
"""

import __future__

import builtins
import sys
import threading
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

# dir(builtins) of CircuitPython 10.0.3 for the RP2040-Zero. `open`, `print`, `id`, `input`, `help` are the board's.
BUILTIN_NAMES = """
    ArithmeticError AssertionError AttributeError BaseException EOFError Ellipsis Exception GeneratorExit
    ImportError IndentationError IndexError KeyError KeyboardInterrupt LookupError MemoryError NameError
    NotImplementedError OSError OverflowError RuntimeError StopIteration SyntaxError SystemExit TypeError
    ValueError ZeroDivisionError abs all any bool bytearray bytes callable chr classmethod dict dir divmod
    eval exec getattr globals hasattr hash int isinstance issubclass iter len list locals map next object ord
    pow range repr round set setattr sorted staticmethod str sum super tuple type zip BrokenPipeError
    ConnectionError FutureWarning NotImplemented StopAsyncIteration TimeoutError UnicodeError Warning
    __build_class__ bin compile complex delattr enumerate filter float frozenset hex max memoryview min oct
    property reversed slice
""".split()

_compiled: dict[Path, tuple[int, int, types.CodeType]] = {}


def _code_size(path: Path) -> int:
    """Bytes of a source file without its lines of comment, which cost next to nothing."""
    return sum(len(line) for line in path.read_bytes().splitlines(True) if not line.lstrip().startswith(b"#"))


def compiled(path: Path, shown_as: str) -> types.CodeType:
    """The code of a source file, kept until its time or size changes. As on the board annotations are not evaluated."""
    stat = path.stat()
    known = _compiled.get(path)
    if known is None or known[:2] != (stat.st_mtime_ns, stat.st_size):
        code = compile(
            path.read_bytes(), shown_as, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True
        )
        known = _compiled[path] = (stat.st_mtime_ns, stat.st_size, code)
    return known[2]


class Interpreter:
    """One run of boot.py or code.py.

    :param roots: folders that stand for the drive's root, first match wins; each may have a `lib`
    :param functions: builtins of the board (open, print, id ...)
    :param compiling: called with the size of each source file, comments left out, which takes the device its time
    """

    def __init__(
        self, roots: list[Path], functions: dict[str, Callable[..., Any]], compiling: Callable[[int], None]
    ) -> None:
        self.modules: dict[str, Any] = {}
        self._compiling = compiling
        self._search = [*roots, *(root / "lib" for root in roots)]
        self._roots = roots
        self.builtins: dict[str, Any] = {name: getattr(builtins, name) for name in BUILTIN_NAMES}
        self.builtins.update(functions)
        self.builtins["__import__"] = self._import
        self.modules["builtins"] = types.SimpleNamespace(**self.builtins)

    def run(self, file_name: str) -> None:
        """Executes a file of the drive's root as __main__; what it raises comes through."""
        path = next(root / file_name for root in self._roots if (root / file_name).is_file())
        module = self._new_module("__main__", path)
        self.modules["__main__"] = module
        self._execute(path, module)

    def shown(self, path: Path) -> str:
        """How the firmware names a file in a traceback: `code.py`, `sandbox/app.py`, `/lib/neopixel.py`."""
        for root in self._roots:
            if path.is_relative_to(root):
                name = path.relative_to(root).as_posix()
                return "/" + name if name.startswith("lib/") else name
        return path.name

    def shows(self, file_name: str) -> bool:
        return any((root / file_name).is_file() for root in self._roots)

    # ---- import ----
    def _import(self, name: str, scope: Any = None, _locals: Any = None, names: Any = (), level: int = 0) -> Any:
        full = self._absolute(name, scope or {}, level) if level else name
        module = self._load(full)
        if names:
            for wanted in names:
                if wanted != "*" and not hasattr(module, wanted) and hasattr(module, "__path__"):
                    self._load(f"{full}.{wanted}", missing_ok=True)
            return module
        return module if level else self.modules[name.partition(".")[0]]

    @staticmethod
    def _absolute(name: str, scope: dict[str, Any], level: int) -> str:
        package = scope.get("__package__") or ""
        parts = package.split(".") if package else []
        if level > len(parts):
            raise ImportError("cannot perform relative import")
        return ".".join(parts[: len(parts) - level + 1] + ([name] if name else []))

    def _load(self, full: str, missing_ok: bool = False) -> Any:
        if full in self.modules:
            return self.modules[full]
        parent_name, _, leaf = full.rpartition(".")
        parent = self._load(parent_name) if parent_name else None
        path = self._find(leaf, self._search if parent is None else getattr(parent, "__path__", []))
        if path is None:
            if missing_ok:
                return None
            raise ImportError(f"no module named '{full}'")
        module = self._new_module(full, path)
        self.modules[full] = module
        try:
            self._execute(path, module)
        except BaseException:
            del self.modules[full]
            raise
        if parent is not None:
            setattr(parent, leaf, module)
        return module

    @staticmethod
    def _find(leaf: str, folders: list[Path]) -> Path | None:
        for folder in folders:
            for path in (folder / leaf / "__init__.py", folder / f"{leaf}.py"):
                if path.is_file():
                    return path
        return None

    def _execute(self, path: Path, module: types.ModuleType) -> None:
        if any(path.is_relative_to(root) for root in self._roots):  # what is built in costs nothing
            self._compiling(_code_size(path))
        exec(compiled(path, self.shown(path)), module.__dict__)

    def _new_module(self, full: str, path: Path) -> types.ModuleType:
        module = types.ModuleType(full)
        is_package = path.name == "__init__.py"
        package = full if is_package else full.rpartition(".")[0]
        module.__dict__.update(__builtins__=self.builtins, __file__=str(path), __package__=package)
        if is_package:
            module.__dict__["__path__"] = [path.parent]
        return module


def is_device_code(frame: types.FrameType) -> bool:
    return "ReloadException" in frame.f_builtins


def stack_of(thread: threading.Thread | None) -> str:
    """Where the device's code is that runs in this thread."""
    frame = sys._current_frames().get(thread.ident or 0) if thread is not None else None
    entries = [f for f, _ in traceback.walk_stack(frame) if is_device_code(f)] if frame else []
    return "".join(
        f'  File "{f.f_code.co_filename}", line {f.f_lineno}, in {f.f_code.co_name}\n' for f in reversed(entries)
    )


def format_exception(error: BaseException) -> str:
    """A traceback in the firmware's form: no source lines, only the frames of device code."""
    text = ""
    if error.__cause__ is not None:
        text = format_exception(error.__cause__)
        text += "\nThe above exception was the direct cause of the following exception:\n\n"
    frames, trace = [], error.__traceback__
    while trace is not None:
        if is_device_code(trace.tb_frame):
            code = trace.tb_frame.f_code
            frames.append(f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}\r\n')
        trace = trace.tb_next
    if frames:
        text += "Traceback (most recent call last):\r\n" + "".join(frames)
    return text + _last_line(error)


def _last_line(error: BaseException) -> str:
    """The firmware has no subclasses of OSError by errno, and shows a missing key as it is."""
    name = "OSError" if isinstance(error, OSError) else type(error).__name__
    return f"{name}: {error.args[0] if isinstance(error, KeyError) and error.args else error}\n"
