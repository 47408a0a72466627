# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Puts the values of constants, whole numbers and short words, where their names stand, before modules are compiled.

On the board a global name costs some 30 bytes, and a search in a table at each use. Every line stays where it is: what
tracebacks say is true of the source. A name that any other module uses stays too: a .py that is put beside an .mpy, and
is read in its place, finds all that it imports.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

# What the board keeps without an object: more would be one for each use.
SMALL = range(-(1 << 29), 1 << 29)
WORD_LENGTH = 10
ARITHMETIC = ast.BinOp | ast.UnaryOp | ast.Constant | ast.Name | ast.operator | ast.unaryop | ast.expr_context


class Module:
    """`known`: name -> value of each constant that the module makes or takes from another."""

    def __init__(self, source: bytes) -> None:
        self.source, self.tree = source, ast.parse(source)
        self.nodes = list(ast.walk(self.tree))
        self.bound = Counter(name for node in self.nodes for name in _names_bound(node))
        self.imports = [node for node in self.nodes if isinstance(node, ast.ImportFrom) and node.module]
        self.known: dict[str, int | str] = {}
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def assignments(self) -> Iterator[tuple[str, ast.Assign]]:
        """`NAME = expression` at the top of the module, in capitals, where NAME is never anything else."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name) and target.id.isupper() and self.bound[target.id] == 1:
                    yield target.id, node

    def learn(self, modules: Mapping[str, "Module"]) -> int:
        """Finds what can be found with what the others know by now. Returns how much is known."""
        for node in self.imports:
            for alias in node.names:
                other = modules.get(node.module or "")
                if other and alias.name in other.known and self.bound[_bound(alias)] == 1:
                    self.known[_bound(alias)] = other.known[alias.name]
        for name, assignment in self.assignments():
            value = _value(assignment.value, self.known)
            if value is not None:
                self.known[name] = value
        return len(self.known)

    def used(self) -> Iterator[str]:
        """Names that it may use of others."""
        yield from (alias.name for node in self.imports for alias in node.names)
        yield from (node.attr for node in self.nodes if isinstance(node, ast.Attribute))

    def edited(self, modules: Mapping[str, "Module"], used: set[str]) -> bytes:
        """The source with values in the place of names, less the constants whose names are not among those used."""
        gone = {node for name, node in self.assignments() if name in self.known and name not in used}
        done = {part for node in gone for part in ast.walk(node)}
        edits = [self._edit(node, "") for node in gone]
        edits += [self._edit(node, text) for node, text in self._replaced(modules) if node not in done]
        source = self.source
        for begin, end, text in sorted(edits, reverse=True):
            source = source[:begin] + text + source[end:]
        return source

    def _replaced(self, modules: Mapping[str, "Module"]) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
        names = {_bound(alias): f"{node.module}.{alias.name}" for node in self.imports for alias in node.names}
        for imported in self.imports:
            left = [alias for alias in imported.names if _bound(alias) not in self.known]
            if len(left) < len(imported.names):
                yield imported, f"from {imported.module} import {', '.join(map(ast.unparse, left))}" if left else "pass"
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in self.known:
                yield node, f"({self.known[node.id]!r})"
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                other = modules.get(names.get(node.value.id, ""))
                if other and node.attr in other.known and self.bound[node.value.id] == 1:
                    yield node, f"({other.known[node.attr]!r})"

    def _edit(self, node: ast.expr | ast.stmt, text: str) -> tuple[int, int, bytes]:
        """(from, to, what comes there), with as many line ends as were there."""
        last = node.end_lineno or node.lineno
        begin = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[last - 1] + (node.end_col_offset or 0)
        return begin, end, text.encode() + b"\n" * (last - node.lineno)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name


def _names_bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield _bound(node)


def _value(node: ast.expr, known: dict[str, int | str]) -> int | str | None:
    """The short word, or the whole number that arithmetic with literals and known constants makes, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if len(node.value) <= WORD_LENGTH else None
    parts = list(ast.walk(node))
    if not all(isinstance(part, ARITHMETIC) and type(getattr(part, "value", 0)) is int for part in parts):
        return None
    if not all(type(known.get(part.id)) is int for part in parts if isinstance(part, ast.Name)):
        return None
    value = eval(compile(ast.Expression(node), "", "eval"), {"__builtins__": {}}, dict(known))
    return value if value in SMALL else None


def fold(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files, path on the drive -> content, with values in the place of constants in all that are modules."""
    sources = {name: content for name, content in files.items() if name.endswith(".py")}
    modules = {name[: -len(".py")].replace("/", "."): Module(source) for name, source in sources.items()}
    known, before = 0, -1
    while known > before:
        known, before = sum(module.learn(modules) for module in modules.values()), known
    used = {name for module in modules.values() for name in module.used()}
    edited = (module.edited(modules, used) for module in modules.values())
    return {**files, **dict(zip(sources, edited, strict=True))}
