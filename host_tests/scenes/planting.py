# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Plants accidents in the device's modules: at import, or in what is called of a module at a bad moment."""

import types
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from host_tests.boards.virtual.board import REPOSITORY
from host_tests.boards.virtual.interpreter import Interpreter

MODULES = sorted(
    f"{folder}.{path.stem}"
    for folder in ("sandbox", "fxcore", "ft260")
    for path in (REPOSITORY / folder).glob("*.py")
    if path.stem != "__init__"
)


class Planter:
    """`hits`: how often what was planted has gone off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hits = 0
        self._broken: set[str] = set()
        self._watched: dict[str, Callable[[], None]] = {}
        execute = Interpreter._execute

        def planted(interpreter: Interpreter, path: Path, module: types.ModuleType) -> None:
            execute(interpreter, path, module)
            if module.__name__ in self._broken:
                self.hits += 1
                exec(compile("raise RuntimeError('planted')", interpreter.shown(path), "exec"), module.__dict__)
            if module.__name__ in self._watched:
                self._watch(module, self._watched[module.__name__])

        monkeypatch.setattr(Interpreter, "_execute", planted)

    def at_import(self, module: str) -> None:
        """The module cannot be imported."""
        self._broken.add(module)

    def in_calls(self, module: str, when: Callable[[], object], times: int = 1) -> None:
        """A function of the module raises RuntimeError when it is called and `when()` is true, so many times."""
        left = times

        def trip() -> None:
            nonlocal left
            if left and when():
                left -= 1
                self.hits += 1
                raise RuntimeError("planted")

        self._watched[module] = trip

    def before_calls(self, module: str, action: Callable[[], None]) -> None:
        """`action` is done before each call of a function of the module."""
        self._watched[module] = action

    @staticmethod
    def _watch(module: types.ModuleType, action: Callable[[], None]) -> None:
        """Puts the action in front of all functions, methods and properties that the module defines."""

        def guard(function: Any) -> Any:
            @wraps(function)
            def guarded(*args: Any, **options: Any) -> Any:
                action()
                return function(*args, **options)

            return guarded

        def guard_all(scope: Any) -> None:
            for name, member in list(vars(scope).items()):
                if isinstance(member, property):
                    setattr(scope, name, property(guard(member.fget), member.fset))
                elif isinstance(member, staticmethod):
                    setattr(scope, name, staticmethod(guard(member.__func__)))
                elif isinstance(member, types.FunctionType) and member.__globals__ is module.__dict__:
                    setattr(scope, name, guard(member))
                elif isinstance(member, type) and scope is module and member.__module__ == module.__name__:
                    guard_all(member)

        guard_all(module)
