# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The rules of the house that a program can check: who imports whom, what device code never does, and sizes.

Each check takes the top folder of a tree and yields one sentence per violation.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from host_tests.tools import rooms

DEVICE_FOLDERS = ("sandbox", "fxcore", "ft260", "fxasm")
DEVICE_TOP = ("boot.py", "code.py")
HOST_FOLDERS = ("host_tests", "uf2", "companion")
SPDX = ("SPDX-License-Identifier: MIT", "SPDX-FileCopyrightText: FXCore Sandbox contributors")

# Who may import which of the project's rooms. Nobody imports boot.py or code.py, and the device knows no host code.
MAY_IMPORT = {
    "code.py": {"sandbox", "fxcore", "ft260"},
    "boot.py": {"sandbox", "fxcore", "ft260"},
    "sandbox": {"sandbox", "fxcore", "ft260", "fxasm"},
    "fxcore": {"fxcore"},
    "ft260": {"ft260"},
    "fxasm": {"fxasm", "fxcore"},
}
OWN = {"sandbox", "fxcore", "ft260", "fxasm", "boot", "code", "sandboxfx", *HOST_FOLDERS}
HARDWARE_FILES = {
    "boot.py",
    "code.py",
    "ft260/hid_port.py",
    "sandbox/after_crashes.py",
    "sandbox/hardware.py",
    "sandbox/main.py",
    "sandbox/usb_setup.py",
}
HARDWARE_MODULE = "ft260.hid_port"
PRINTING_FILES = {"boot.py", "sandbox/console.py"}
CATCH_ALL_FILES = {"code.py"}
BROAD = {"Exception", "BaseException"}
FILE_LINES = 200
FUNCTION_LINES = 40

Check = Callable[[Path], Iterator[str]]


def device_files(root: Path) -> list[Path]:
    folders = [path for folder in DEVICE_FOLDERS for path in (root / folder).rglob("*.py")]
    return sorted(folders + [root / name for name in DEVICE_TOP if (root / name).exists()])


def source_files(root: Path) -> list[Path]:
    host = [path for folder in HOST_FOLDERS for path in (root / folder).rglob("*.py")]
    host += root.glob("host_tests/boards/emulator/src/*.mjs")
    others = [
        *root.glob("lib/*.txt"),
        *root.glob("host_tests/*.txt"),
        *root.glob(".github/**/*.yml"),
    ]
    named = [root / name for name in ("Makefile", "pyproject.toml", "conftest.py", ".ci/run") if (root / name).exists()]
    return sorted({*device_files(root), *host, *others, *named})


def _trees(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in device_files(root):
        yield path.relative_to(root).as_posix(), ast.parse(path.read_bytes(), str(path))


def _imports(name: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, absolute dotted name) of everything a file imports; `from a import b` counts as a and a.b."""
    package = name.split("/")[0] if "/" in name else ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(part for part in (package if node.level else "", node.module) if part)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Name) and node.id == "__import__":
            yield node.lineno, "__import__"


def imports_point_one_way(root: Path) -> Iterator[str]:
    for name, tree in _trees(root):
        room = name.split("/")[0]
        for line, module in _imports(name, tree):
            if module.split(".")[0] in OWN - MAY_IMPORT[room]:
                yield f"{name}:{line}: {room} must not import {module}"


def hardware_stays_at_the_edge(root: Path) -> Iterator[str]:
    """Outside the files at the edge a module is the project's own or one that CPython has as well."""
    for name, tree in _trees(root):
        for line, module in _imports(name, tree):
            foreign = module.split(".")[0] not in OWN | set(sys.stdlib_module_names)
            edge = module == HARDWARE_MODULE or module.startswith(HARDWARE_MODULE + ".")
            if name not in HARDWARE_FILES and (foreign or edge):
                yield f"{name}:{line}: {module} belongs to the hardware edge: inject it"


def _calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, last part of the name) of every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            yield node.lineno, called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def nothing_sleeps(root: Path) -> Iterator[str]:
    for name, tree in _trees(root):
        for line, called in _calls(tree):
            if called in ("sleep", "sleep_ms", "sleep_us"):
                yield f"{name}:{line}: device code never sleeps"


def only_the_console_prints(root: Path) -> Iterator[str]:
    for name, tree in _trees(root):
        for line, called in _calls(tree):
            if called == "print" and name not in PRINTING_FILES:
                yield f"{name}:{line}: print can block for ever: use the console"


def only_the_main_loop_catches_all(root: Path) -> Iterator[str]:
    for name, tree in _trees(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and name not in CATCH_ALL_FILES:
                caught = {leaf.id for leaf in ast.walk(node.type) if isinstance(leaf, ast.Name)} if node.type else BROAD
                if caught & BROAD:
                    yield f"{name}:{node.lineno}: name what is caught"


def state_has_an_owner(root: Path) -> Iterator[str]:
    for name, tree in _trees(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.Global):
                yield f"{name}:{node.lineno}: no global variables"


def device_code_stays_small(root: Path) -> Iterator[str]:
    for name, tree in _trees(root):
        lines = len((root / name).read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            yield f"{name}: {lines} lines, {FILE_LINES} at most"
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    yield f"{name}:{node.lineno}: {node.name} has {length} lines, {FUNCTION_LINES} at most"


def every_source_names_its_licence(root: Path) -> Iterator[str]:
    for path in source_files(root):
        lines = path.read_text(encoding="utf-8").splitlines()[:3]
        head = lines[1:] if lines and lines[0].startswith("#!") else lines
        sign = "//" if path.suffix == ".mjs" else "#"
        if head[:2] != [f"{sign} {line}" for line in SPDX]:
            yield f"{path.relative_to(root).as_posix()}: the two SPDX lines come first"


CHECKS: tuple[Check, ...] = (
    imports_point_one_way,
    hardware_stays_at_the_edge,
    nothing_sleeps,
    only_the_console_prints,
    only_the_main_loop_catches_all,
    state_has_an_owner,
    device_code_stays_small,
    every_source_names_its_licence,
    *rooms.CHECKS,
)
