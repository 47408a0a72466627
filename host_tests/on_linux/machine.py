# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""The guest's machine: QEMU without any acceleration, one CPU, and virtual time.

Two nanoseconds pass with each instruction, and waiting takes no time at all: so a busy computer changes nothing, and
the driver's time limits, long ones and short ones, are met or missed every time in the same way.
"""

import atexit
import subprocess
from collections.abc import Sequence
from pathlib import Path

from host_tests.on_linux import cpio

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE.parents[1]
BUILD = PROJECT / "build" / "on_linux"
KERNELS = ("6.12", "6.1")
BASE = "base.cpio"
QEMU = "qemu-system-x86_64"
IN_GUEST = "usr/lib/project"
HARDWARE = (
    "-M pc,vmport=off,hpet=off -cpu max,la57=off -m 512 -smp 1 -accel tcg,thread=single"
    " -icount shift=1,sleep=off -rtc clock=vm -nodefaults -no-user-config -display none -nic none -no-reboot"
)
KERNEL_OPTIONS = (
    "console=ttyS0 quiet loglevel=4 rdinit=/init panic=-1 mitigations=off nokaslr no_timer_check tsc=reliable"
    " apparmor=0 selinux=0 audit=0 random.trust_cpu=on"
)


def images(kernel: str) -> tuple[str, str]:
    """The files of a kernel: itself, and its modules."""
    return f"vmlinuz-{kernel}", f"modules-{kernel}.cpio"


def _our_files(driver: Path | None) -> bytes:
    """The part of the initramfs that changes with the project: the first process, and Python beside it."""
    folders = [Path(IN_GUEST), *(Path(IN_GUEST, *part) for part in (["host_tests"], ["host_tests", "on_linux"]))]
    folders.append(folders[-1] / "guest")
    entries = [cpio.Entry("init", 0o100755, (PACKAGE / "guest" / "init").read_bytes())]
    entries += [cpio.Entry(folder.as_posix(), 0o040755) for folder in folders]
    packages = [PROJECT / "host_tests/__init__.py", PACKAGE / "__init__.py"]
    for path in [*packages, *sorted((PACKAGE / "guest").glob("*.py"))]:
        name = Path(IN_GUEST, path.relative_to(PROJECT)).as_posix()
        entries.append(cpio.Entry(name, 0o100644, path.read_bytes()))
    if driver is not None:
        entries.append(cpio.Entry(f"{IN_GUEST}/hid-ft260.ko", 0o100644, driver.read_bytes()))
    return cpio.archive([*entries, *cpio.DEVICES])


def start(
    folder: Path, kernel: str, driver: Path | None, arguments: Sequence[str], inherited: Sequence[int]
) -> "subprocess.Popen[bytes]":
    """Switches it on. Its console goes to folder/console.log."""
    image, modules = images(kernel)
    parts = [(BUILD / name).read_bytes() for name in (BASE, modules)]
    initramfs = folder / "initramfs"
    initramfs.write_bytes(b"".join([*parts, _our_files(driver)]))
    command = ["nice", QEMU, *HARDWARE.split(), "-append", KERNEL_OPTIONS]
    command += ["-kernel", str(BUILD / image), "-initrd", str(initramfs)]
    command += ["-serial", f"file:{folder / 'console.log'}", *arguments]
    with (folder / "qemu.log").open("wb") as log:
        made = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=inherited)
    atexit.register(made.kill)  # it would not notice that we are gone
    return made
