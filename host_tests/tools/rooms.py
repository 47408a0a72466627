# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The map of what does not run on the board: which room may use which, and that nothing is imported in a circle.

Each check takes the top folder of a tree and yields one sentence per violation.
"""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TOPS = ("sandbox", "fxcore", "ft260", "fxasm", "uf2", "host_tests", "companion")
ALONE = ("boot.py", "code.py", "conftest.py")
PC_PACKAGE = "companion/sandboxfx"  # installed as the package sandboxfx
OWN = {*TOPS, "sandboxfx", "boot", "code", "conftest"}

BOTH_BOARDS = {"host_tests.boards.pc_drive", "host_tests.boards.pixel", "host_tests.boards.terminal"}

# What each room may use beside itself; for one room inside another the longer name counts. What is not named here are
# tests, which may use everything, and the device's rooms, for which layering.py has the rules.
MAY_USE = {
    "sandboxfx": {"fxcore", "fxasm"},
    "uf2": {"sandbox.version"},
    "host_tests.tools": set[str](),
    "host_tests.boards": {"host_tests.boards", "uf2"},
    "host_tests.boards.virtual": BOTH_BOARDS,
    "host_tests.boards.emulator": {*BOTH_BOARDS, "uf2"},
    "host_tests.boards.programs": {"host_tests.boards.virtual.fxcore.parts", "sandboxfx"},
    "host_tests.demo": {"host_tests.boards", "uf2", "fxcore", "sandboxfx"},
    "host_tests.bench": {"host_tests.boards", "host_tests.on_emulator", "uf2", "fxcore", "ft260", "fxasm", "sandboxfx"},
}
TESTS_OF_BOARDS = "host_tests.boards.tests"
TEST_TOOLS = {"pytest", "hypothesis"}
FOR_TESTS = {"sandboxfx.pytest_plugin"}  # what pytest itself loads
TEST_FILES = ("test_", "check_", "conftest")


class Import(NamedTuple):
    file: str
    line: int
    module: str  # the importing one
    imported: str  # a module of the tree, or the name of a foreign one


def _within(name: str, room: str) -> bool:
    return name == room or name.startswith(room + ".")


def _room(module: str) -> str:
    """The room in MAY_USE that the module is in, or "" for a test or a device's module."""
    if _within(module, TESTS_OF_BOARDS):
        return ""
    return max((room for room in MAY_USE if _within(module, room)), key=len, default="")


def modules(root: Path) -> dict[str, Path]:
    """Dotted name -> file of every Python module of the project."""
    files = [path for top in TOPS for path in (root / top).rglob("*.py") if "node_modules" not in path.parts]
    found = {}
    for path in [*files, *(root / name for name in ALONE if (root / name).exists())]:
        name = path.relative_to(root).with_suffix("").as_posix()
        name = name.removeprefix("companion/") if name.startswith(PC_PACKAGE) else name
        found[name.replace("/", ".").removesuffix(".__init__")] = path
    return found


def imports(root: Path) -> list[Import]:
    """Every import of the project, wherever in a file it stands."""
    known = modules(root)
    found = []
    for module, path in sorted(known.items()):
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = _base(node, package)
                names = [f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base for alias in node.names]
            else:
                continue
            file = path.relative_to(root).as_posix()
            found += [Import(file, node.lineno, module, name) for name in dict.fromkeys(names)]
    return found


def _base(node: ast.ImportFrom, package: str) -> str:
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def each_room_uses_what_it_may(root: Path) -> Iterator[str]:
    for file, line, module, imported in imports(root):
        room = _room(module)
        if not room or imported.partition(".")[0] not in OWN:
            continue
        allowed = any(_within(imported, name) for name in MAY_USE[room]) and not _within(imported, TESTS_OF_BOARDS)
        if not allowed and _room(imported) != room:
            yield f"{file}:{line}: {room} must not import {imported}"


def nobody_imports_a_test(root: Path) -> Iterator[str]:
    known = modules(root)
    for file, line, _, imported in imports(root):
        if imported in known and imported.rpartition(".")[2].startswith(TEST_FILES):
            yield f"{file}:{line}: {imported} is a test: what others use lies in a module of its own"


def only_tests_know_test_tools(root: Path) -> Iterator[str]:
    """A board, a tool or a figure does not need pytest."""
    for file, line, module, imported in imports(root):
        if _room(module) and module not in FOR_TESTS and imported.partition(".")[0] in TEST_TOOLS:
            yield f"{file}:{line}: {_room(module)} must not need {imported}"


def nothing_is_imported_in_a_circle(root: Path) -> Iterator[str]:
    """Imports for annotations alone and within functions count too: a circle of them is one all the same."""
    known = modules(root)
    graph: dict[str, set[str]] = {}
    for one in imports(root):
        if one.imported in known:
            graph.setdefault(one.module, set()).add(one.imported)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        circle = list(reversed(error.args[1]))
        file = known[circle[0]].relative_to(root).as_posix()
        yield f"{file}: a circle of imports: {' -> '.join(circle)}"


CHECKS = (
    each_room_uses_what_it_may,
    nobody_imports_a_test,
    only_tests_know_test_tools,
    nothing_is_imported_in_a_circle,
)
