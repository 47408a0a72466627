# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""`python kernel_modules.py FROM TO NAME...` copies kernel modules, and what they depend on, decompressed.

FROM is lib/modules/RELEASE of an unpacked Debian kernel. Such a package has no list of dependencies: it is made at
its installation. So they are read from each module's own .modinfo section.
"""

import lzma
import re
import shutil
import sys
from pathlib import Path

DEPENDS = re.compile(rb"\0(?:depends|softdep)=([^\0]*)\0")
LISTS = ("modules.builtin", "modules.builtin.modinfo", "modules.order")


def plain(name: str) -> str:
    return name.partition(".ko")[0].replace("-", "_")


def dependencies(module: bytes) -> set[str]:
    names = (word for found in DEPENDS.findall(module) for word in re.split(r"[\s,]+", found.decode()))
    return {plain(name.removeprefix("pre:").removeprefix("post:")) for name in names} - {""}


def copy(source: Path, target: Path, names: list[str]) -> None:
    files = {plain(path.name): path for path in source.rglob("*.ko*")}
    built_in = {plain(Path(line).name) for line in (source / "modules.builtin").read_text().splitlines()}
    wanted, done = {plain(name) for name in names}, set(built_in)
    while wanted - done:
        name = (wanted - done).pop()
        done.add(name)
        content = files[name].read_bytes()
        if files[name].suffix == ".xz":
            content = lzma.decompress(content)
        wanted |= dependencies(content)
        copied = target / files[name].relative_to(source).with_name(f"{files[name].name.partition('.ko')[0]}.ko")
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(content)
    for name in LISTS:
        shutil.copy(source / name, target / name)


if __name__ == "__main__":
    copy(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
