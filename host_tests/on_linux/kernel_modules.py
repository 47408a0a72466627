# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Copies kernel modules, and what they depend on, decompressed.

A package with a Debian kernel has no list of dependencies: it is made at its installation, here by the guest. So they
are read from each module's own .modinfo section.
"""

import lzma
import re
import shutil
from pathlib import Path

from host_tests.on_linux.debian import Missing

DEPENDS = re.compile(rb"\0depends=([^\0]*)\0")
LISTS = ("modules.builtin", "modules.builtin.modinfo", "modules.order")


def plain(name: str) -> str:
    return name.partition(".ko")[0].replace("-", "_")


def dependencies(module: bytes) -> set[str]:
    return {plain(name) for found in DEPENDS.findall(module) for name in found.decode().split(",") if name}


def copy(source: Path, target: Path, names: list[str]) -> None:
    """:param source: lib/modules/RELEASE of an unpacked package"""
    files = {plain(path.name): path for path in source.rglob("*.ko*")}
    built_in = {plain(Path(line).name) for line in (source / "modules.builtin").read_text().splitlines()}
    wanted, done = {plain(name) for name in names}, set(built_in)
    while wanted - done:
        name = (wanted - done).pop()
        done.add(name)
        if name not in files:
            raise Missing(f"Debian's kernel {source.name} has no module {name}.")
        content = files[name].read_bytes()
        if files[name].suffix == ".xz":
            content = lzma.decompress(content)
        wanted |= dependencies(content)
        copied = target / files[name].relative_to(source).with_name(f"{files[name].name.partition('.ko')[0]}.ko")
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(content)
    for name in LISTS:
        shutil.copy(source / name, target / name)
