# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Packages of Debian 12, fetched by an apt of our own and only unpacked: the system's sources, lists and locks stay
as they are. Where from is found in the system's own apt, or named by MIRROR and SECURITY_MIRROR in the environment.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

SUITE = "bookworm"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
TOOLS = ("apt-get", "apt-cache", "dpkg-deb")
# What Debian's own systems may call the release they run. A mirror that has one has them all.
RELEASES = "bullseye bookworm trixie forky sid oldoldstable oldstable stable testing unstable".split()
SETTINGS = """\
Dir::Etc::sourcelist "{0}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "{0}/lists";
Dir::State::status "/dev/null";
Dir::Cache "{0}";
APT::Sandbox::User "root";
APT::Architecture "amd64";
Acquire::Languages "none";
"""


class Missing(Exception):
    """Something is not there that is needed; the text is one sentence."""


def mirrors(targets: str, environment: Mapping[str, str]) -> tuple[str, str | None]:
    """Where Debian and its security updates come from.

    :param targets: lines of "address release", as the system's apt knows them
    """
    known = [(address, release) for address, release in map(str.split, targets.splitlines())]
    known.sort(key=lambda target: not target[1].startswith(SUITE))
    main = [address for address, release in known if release in RELEASES]
    security = [address for address, release in known if release.removesuffix("-security") in RELEASES]
    security = [address for address in security if address not in main]
    found = environment.get("MIRROR") or next(iter(main), None)
    if not found:
        raise Missing("this system's apt knows no Debian mirror: name one (make test-linux MIRROR=address).")
    return found, environment.get("SECURITY_MIRROR") or next(iter(security), None)


def sources(main: str, security: str | None) -> str:
    lines = [(main, SUITE), (main, f"{SUITE}-backports"), *([(security, f"{SUITE}-security")] if security else [])]
    return "".join(f"deb [signed-by={KEYRING}] {address} {suite} main\n" for address, suite in lines)


def newest_kernel(madison: str, version: str) -> tuple[str, str] | None:
    """Name and version of the newest package with a kernel of this series, among lines of `apt-cache madison`."""
    # Not the kernels for clouds and for real time, nor the unsigned and the debug ones.
    plain = re.compile(rf"linux-image-{re.escape(version)}\.[^-]+(-\d+)?-amd64")
    rows = [[cell.strip() for cell in line.split("|")] for line in madison.splitlines()]
    found = [(row[0], row[1]) for row in rows if len(row) > 1 and plain.fullmatch(row[0])]
    # Within a series no letters have to be compared.
    return max(found, key=lambda package: [int(part) for part in re.findall(r"\d+", package[1])], default=None)


def complaint(stderr: str) -> str:
    """What apt says, to end a sentence with."""
    lines = [" ".join(line[2:].split()) for line in stderr.splitlines() if line.startswith(("E:", "W:"))]
    return f" ({lines[0].rstrip('.')})" if lines else ""


class Apt:
    """:param folder: where it may keep what it needs"""

    def __init__(self, folder: Path) -> None:
        check_tools()
        asked = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"]
        main, security = mirrors(_run(asked, os.environ).stdout, os.environ)
        for part in ("lists/partial", "archives/partial", "debs"):
            (folder / part).mkdir(parents=True)
        (folder / "sources.list").write_text(sources(main, security))
        (folder / "apt.conf").write_text(SETTINGS.format(folder))
        self._folder = folder
        self._environment = {**os.environ, "APT_CONFIG": str(folder / "apt.conf"), "LC_ALL": "C"}
        # A suite or an address that is not there concerns only those who need something from it.
        self._complaint = complaint(self._run("apt-get", "-qq", "update").stderr)
        if not self._run("apt-cache", "pkgnames", "busybox-static").stdout:
            raise Missing(f"the packages of Debian cannot be had from {main}{self._complaint}.")

    def unpack(self, packages: list[str], to: Path) -> None:
        """Each package may be NAME or NAME=VERSION."""
        debs = self._folder / "debs"
        done = self._run("apt-get", "-qq", "download", *packages, cwd=debs)
        if done.returncode:
            raise Missing(f"packages of Debian cannot be had{complaint(done.stderr)}.")
        to.mkdir(parents=True, exist_ok=True)
        for deb in sorted(debs.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", deb, to], check=True)
            deb.unlink()

    def kernel(self, version: str) -> str:
        """The newest kernel of a series, as NAME=VERSION."""
        names = self._run("apt-cache", "pkgnames", f"linux-image-{version}.").stdout.split()
        found = newest_kernel(self._run("apt-cache", "madison", *names).stdout if names else "", version)
        if found is None:
            raise Missing(f"kernel {version} cannot be had from Debian{self._complaint}.")
        return "=".join(found)

    def _run(self, *command: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        return _run(list(command), self._environment, cwd)


def check_tools() -> None:
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        raise Missing(
            f"no {' and no '.join(missing)} here: the guest is made of Debian's packages, on Debian or Ubuntu."
        )
    if not KEYRING.exists():
        install("debian-archive-keyring", "Debian's keys are missing")


def install(package: str, why: str) -> None:
    """Into the system, if we may."""
    if os.geteuid() or not shutil.which("apt-get"):
        raise Missing(f"{why}: install {package} (as root: apt-get install {package}).")
    print(f"installing {package}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    _run(["apt-get", "-qq", "update"], environment)
    done = _run(["apt-get", "-qq", "install", "--no-install-recommends", package], environment)
    if done.returncode:
        raise Missing(f"{why}, and {package} cannot be installed{complaint(done.stderr)}.")


def _run(
    command: list[str], environment: Mapping[str, str], cwd: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, errors="replace", check=False
    )
