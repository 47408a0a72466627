# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The part of Python's own library that the firmware has. What is the same on a PC is passed through by name."""

import array
import binascii
import collections
import io
import json
import math
import random
import re
import struct
import time
import types
from collections.abc import Callable
from typing import Any

from host_tests.boards.virtual.interpreter import format_exception
from host_tests.boards.virtual.machine import Machine
from host_tests.boards.virtual.signals import ReloadException

# dir() of the modules of CircuitPython 10.0.3 for this board.
SAME = {
    array: "array",
    binascii: "a2b_base64 b2a_base64 crc32 hexlify unhexlify",
    collections: "OrderedDict deque namedtuple",
    json: "dump dumps load loads",
    math: "acos asin atan atan2 ceil copysign cos degrees e exp fabs floor fmod frexp isfinite isinf isnan ldexp log"
    " modf pi pow radians sin sqrt tan trunc",
    random: "choice getrandbits randint random randrange seed uniform",
    re: "compile match search sub",
    struct: "calcsize pack pack_into unpack unpack_from",
}
ERRNO = {
    "EPERM": 1, "ENOENT": 2, "EIO": 5, "EBADF": 9, "EAGAIN": 11, "ENOMEM": 12, "EACCES": 13, "EEXIST": 17, "ENODEV": 19,
    "EISDIR": 21, "EINVAL": 22, "ENOSPC": 28, "EROFS": 30, "EOPNOTSUPP": 95, "ECONNRESET": 104, "ENOBUFS": 105,
    "ECONNREFUSED": 111, "EADDRINUSE": 112, "ECONNABORTED": 113, "ETIMEDOUT": 116, "EHOSTUNREACH": 118,
    "EINPROGRESS": 119, "EALREADY": 120, "ENOTCONN": 128,
}  # fmt: skip
HEAP = 190_000  # bytes; the rest of the SRAM is the firmware's
COLLECT_MS = 11.0  # with the whole program loaded
PRINT_MS, CHARACTER_MS = 0.2, 0.005
CLOCK_START = 946_684_800  # no real time clock: it is the year 2000


def functions(machine: Machine, print_text: Callable[[str], None]) -> dict[str, Any]:
    """The builtins that belong to the board."""

    def device_print(*values: Any, sep: str = " ", end: str = "\n", file: Any = None, flush: bool = False) -> None:
        text = sep.join(str(value) for value in values) + end
        machine.time.spend(PRINT_MS + CHARACTER_MS * len(text))
        if file is None:
            print_text(text)
        else:
            file.write(text)

    def device_input(prompt: str = "") -> str:
        raise NotImplementedError("the virtual board has no input()")

    def device_open(name: str, mode: str = "r", **_: Any) -> Any:
        return machine.files.open(name, mode)

    return {
        "print": device_print,
        "open": device_open,
        "id": machine.memory.address_of,
        "input": device_input,
        "help": lambda *_: None,
        "ReloadException": ReloadException,
    }


def make(machine: Machine) -> dict[str, dict[str, Any]]:
    table = {module.__name__: {name: getattr(module, name) for name in names.split()} for module, names in SAME.items()}
    opener = functions(machine, lambda text: None)["open"]
    table |= {
        "__future__": {"annotations": True},
        "errno": {**ERRNO, "errorcode": {number: name for name, number in ERRNO.items()}},
        "gc": _gc(machine),
        "io": {"open": opener, "BytesIO": io.BytesIO, "StringIO": io.StringIO, "IOBase": io.IOBase},
        "micropython": {"const": lambda value: value},
        "os": machine.files.os_module(),
        "sys": _sys(),
        "time": _time(machine),
        "traceback": _traceback(machine),
    }
    return table


def _gc(machine: Machine) -> dict[str, Any]:
    return {
        "collect": lambda: machine.time.spend(COLLECT_MS),
        "disable": lambda: None,
        "enable": lambda: None,
        "isenabled": lambda: True,
        "mem_alloc": lambda: HEAP - machine.free_bytes,
        "mem_free": lambda: machine.free_bytes,
    }


def _sys() -> dict[str, Any]:
    def leave(status: int = 0) -> None:
        raise SystemExit(status)

    version = (10, 0, 3, "")
    implementation = types.SimpleNamespace(
        name="circuitpython", version=version, _machine="Waveshare RP2040-Zero with rp2040"
    )
    return {
        "argv": [],
        "byteorder": "little",
        "exit": leave,
        "implementation": implementation,
        "maxsize": 2**31 - 1,
        "path": ["", "/", "/lib"],
        "platform": "RP2040",
        "version": "3.4.0; CircuitPython 10.0.3 on 2025-10-17",
        "version_info": (3, 4, 0),
    }


def _time(machine: Machine) -> dict[str, Any]:
    def sleep(seconds: float) -> None:
        if seconds < 0:
            raise ValueError("seconds must be >= 0")
        machine.time.spend(seconds * 1000)

    def monotonic_ns() -> int:
        machine.time.look()
        return int(machine.now_ms * 1_000_000)

    def wall_seconds() -> int:
        machine.time.look()
        return CLOCK_START + int(machine.now_ms / 1000)

    return {
        "localtime": lambda seconds=None: time.gmtime(wall_seconds() if seconds is None else seconds),
        "mktime": lambda moment: CLOCK_START,
        "monotonic": lambda: monotonic_ns() / 1e9,
        "monotonic_ns": monotonic_ns,
        "sleep": sleep,
        "struct_time": time.struct_time,
        "time": wall_seconds,
    }


def _traceback(machine: Machine) -> dict[str, Any]:
    def wanted(error: Any, value: Any = None, tb: Any = None, **_: Any) -> str:
        return format_exception(error if isinstance(error, BaseException) else value)

    def show(*given: Any, file: Any = None, **options: Any) -> None:
        (machine.cdc.print if file is None else file.write)(wanted(*given))

    return {"format_exception": lambda *given, **options: [wanted(*given)], "print_exception": show}
