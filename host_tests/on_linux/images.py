# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What the guest boots: Debian's kernels with the few modules needed, and a root file system of Debian's packages."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from host_tests.on_linux import cpio, debian, kernel_modules, machine
from host_tests.on_linux.debian import Apt, Missing

PACKAGES = """
    busybox-static bash libtinfo6 libc6 i2c-tools libi2c0 zlib1g libexpat1 libffi8
    python3.11-minimal libpython3.11-minimal libpython3.11-stdlib
""".split()
MODULES = "usbhid hid-generic hid-ft260 vhci-hcd i2c-dev at24".split()
NOT_NEEDED = """
    usr/share/doc usr/share/man usr/share/locale usr/share/lintian usr/share/info usr/share/menu
    usr/share/applications usr/share/pixmaps usr/lib/systemd usr/lib/x86_64-linux-gnu/gconv
    usr/lib/x86_64-linux-gnu/audit usr/lib/x86_64-linux-gnu/perl*
    usr/lib/python3.11/test usr/lib/python3.11/idlelib usr/lib/python3.11/lib2to3 usr/lib/python3.11/tkinter
    usr/lib/python3.11/turtledemo usr/lib/python3.11/ensurepip usr/lib/python3.11/pydoc_data
    usr/lib/python3.11/distutils usr/lib/python3.11/unittest usr/lib/python3.11/asyncio
""".split()
MOUNT_POINTS = "proc sys dev run tmp root etc".split()


def build(folder: Path) -> list[str]:
    """Makes base.cpio, and vmlinuz-VERSION and modules-VERSION.cpio of each kernel, unless they are there.

    Returns a sentence for each kernel that cannot be had. Missing if nothing can be made.
    """
    stamp, source = folder / "made-from", _source()
    if stamp.is_file() and stamp.read_text() == source:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    stamp.unlink(missing_ok=True)
    lost = []
    try:
        apt = Apt(work.resolve() / "apt")
        _base(apt, work / "base", folder)
        for version in machine.KERNELS:
            for name in machine.images(version):
                (folder / name).unlink(missing_ok=True)
            try:
                _kernel(apt, version, work, folder)
            except Missing as missing:
                lost.append(str(missing))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if len(lost) == len(machine.KERNELS):
        raise Missing(lost[0])
    if not lost:
        stamp.write_text(source)
    return lost


def _source() -> str:
    """Changes with what makes the images."""
    files = [Path(module.__file__ or "") for module in (cpio, debian, kernel_modules, machine)] + [Path(__file__)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _base(apt: Apt, root: Path, out: Path) -> None:
    print("unpacking busybox, i2c-tools and Python", flush=True)
    apt.unpack(PACKAGES, root)
    merge_usr(root)
    for pattern in NOT_NEEDED:
        for path in root.glob(pattern):
            shutil.rmtree(path)
    for name in MOUNT_POINTS:
        (root / name).mkdir(exist_ok=True)
    (root / "usr/bin/python3").symlink_to("python3.11")
    if sys.version_info[:2] == (3, 11):  # saves the guest seconds at each start; only the same Python can do it
        library = str(root / "usr/lib/python3.11")
        command = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", library]
        subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=False)
    (out / machine.BASE).write_bytes(cpio.archive(cpio.tree(root)))


def merge_usr(root: Path) -> None:
    """The packages have files in /bin and in /usr/bin: in the guest both are one folder."""
    for name in ("bin", "sbin", "lib", "lib64"):
        merged = root / "usr" / name
        merged.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            shutil.copytree(root / name, merged, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(root / name)
        (root / name).symlink_to(Path("usr") / name)


def _kernel(apt: Apt, version: str, work: Path, out: Path) -> None:
    package = apt.kernel(version)
    print(f"unpacking {package.partition('=')[0]}", flush=True)
    root = work / f"kernel-{version}"
    apt.unpack([package], root)
    release = next((root / "lib/modules").iterdir())
    few = work / f"modules-{version}"
    kernel_modules.copy(release, few / "usr/lib/modules" / release.name, MODULES)
    kernel, modules = machine.images(version)
    (out / modules).write_bytes(cpio.archive(cpio.tree(few)))
    shutil.copy(next((root / "boot").glob("vmlinuz-*")), out / kernel)
