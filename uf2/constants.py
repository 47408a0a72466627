# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Puts the values of integer constants where their names stand, before modules are compiled.

On the board each global name costs some 30 bytes and a search in a table at each use. Lines stay where they are, so
tracebacks stay true. A constant that another module takes keeps its name too: a .py that lies beside an .mpy and is
read in its place finds all that it imports.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

Constants = dict[str, int]
Edit = tuple[int, int, bytes]  # from, to, what comes there
SUFFIX = ".py"


def _bound(tree: ast.Module) -> Counter[str]:
    """How often each name is given a meaning anywhere in the module."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found[node.id] += 1
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.ExceptHandler) and node.name:
            found[node.name] += 1
        elif isinstance(node, ast.arg):
            found[node.arg] += 1
        elif isinstance(node, ast.alias):
            found[node.asname or node.name] += 1
    return found


def _value(node: ast.expr, known: Constants) -> int | None:
    """The integer that an expression of literals and known constants is, else None."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    allowed = ast.BinOp | ast.UnaryOp | ast.Constant | ast.Name | ast.operator | ast.unaryop | ast.expr_context
    if not names <= set(known) or not all(isinstance(part, allowed) for part in ast.walk(node)):
        return None
    value = eval(compile(ast.Expression(node), "", "eval"), {"__builtins__": {}}, dict(known))
    return value if type(value) is int else None


class _Module:
    def __init__(self, source: bytes) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self.bound = _bound(self.tree)
        self.taken = {
            (node.module, alias.name): alias.asname or alias.name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and not node.level
            for alias in node.names
        }
        self.own: Constants = {}
        self.known: Constants = {}

    def learn(self, others: Mapping[str, "_Module"]) -> bool:
        """Finds constants as far as those of the others are known; True if there are more than before."""
        before = len(self.known)
        for (module, name), here in self.taken.items():
            if module in others and name in others[module].own and self.bound[here] == 1:
                self.known[here] = others[module].own[name]
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and len(node.targets) == 1:
                name, value = node.targets[0].id, _value(node.value, self.known)
                if value is not None and self.bound[name] == 1:
                    self.own[name] = self.known[name] = value
        return len(self.known) > before

    def edits(self, others: Mapping[str, "_Module"], wanted: set[str]) -> Iterator[Edit]:
        """:param wanted: the constants of this module that others take"""
        modules = {here: f"{m}.{name}" for (m, name), here in self.taken.items() if f"{m}.{name}" in others}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in self.known:
                yield self._edit(node, str(self.known[node.id]))
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
                value = others[modules[node.value.id]].own.get(node.attr)
                if value is not None:
                    yield self._edit(node, str(value))
            elif isinstance(node, ast.Assign) and node in self.tree.body and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id in self.own and node.targets[0].id not in wanted:
                    yield self._edit(node, "")
            elif isinstance(node, ast.ImportFrom) and node.module in others:
                left = [alias for alias in node.names if (alias.asname or alias.name) not in self.known]
                if len(left) < len(node.names):
                    names = ", ".join(ast.unparse(alias) for alias in left)
                    yield self._edit(node, f"from {node.module} import {names}" if left else "pass")

    def _edit(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        """The same number of lines, whatever is left on them."""
        starts = [0]
        for line in self.source.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        return begin, end, text.encode() + b"\n" * ((node.end_lineno or node.lineno) - node.lineno)

    def text(self, edits: list[Edit]) -> bytes:
        result, outer = self.source, len(self.source)
        for begin, end, text in sorted(edits, reverse=True):
            if end <= outer:
                result, outer = result[:begin] + text + result[end:], begin
        return result


def put_in_place(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same modules, path on the drive -> source, with values in the place of constants."""
    modules = {name[: -len(SUFFIX)].replace("/", "."): _Module(text) for name, text in files.items()}
    while any([module.learn(modules) for module in modules.values()]):
        pass
    wanted: dict[str, set[str]] = {name: set() for name in modules}
    for module in modules.values():
        for source, name in module.taken:
            wanted.get(source or "", set()).add(name)
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute):
                for names in wanted.values():
                    names.add(node.attr) if node.attr.isupper() else None
    return {
        path: module.text(list(module.edits(modules, wanted[name])))
        for (name, module), path in zip(modules.items(), files, strict=True)
    }
