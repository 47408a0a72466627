# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""How the guest of `make test-linux` is made: archive, kernel modules, where Debian's packages come from."""

import lzma
import stat
from pathlib import Path

import pytest

from host_tests.on_linux import cpio, debian, images, kernel_modules

# ---- initramfs ----


def unpacked(data: bytes) -> list[tuple[str, int, bytes, tuple[int, int]]]:
    """Name, mode, content, device number of each entry up to the trailer, as the kernel reads them."""
    found: list[tuple[str, int, bytes, tuple[int, int]]] = []
    at = 0
    while True:
        assert at % 4 == 0
        assert data[at : at + 6] == b"070701"
        fields = [int(data[at + 6 + 8 * k : at + 14 + 8 * k], 16) for k in range(13)]
        size, name_size = fields[6], fields[11]
        name = data[at + 110 : at + 110 + name_size - 1].decode()
        at = (at + 110 + name_size + 3) // 4 * 4
        if name == "TRAILER!!!":
            return found
        found.append((name, fields[1], data[at : at + size], (fields[9], fields[10])))
        at = (at + size + 3) // 4 * 4


@pytest.mark.parametrize("length", range(6))
def test_an_archive_holds_files_of_any_length(length: int):
    entries = [cpio.Entry("a" * length + "/x", 0o100644, b"z" * length), cpio.Entry("last", 0o100755, b"end")]
    data = cpio.archive(entries)
    assert [entry[:3] for entry in unpacked(data)] == [tuple(entry[:3]) for entry in entries]
    assert len(data) % 512 == 0


def test_an_archive_holds_folders_links_and_devices(tmp_path: Path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/tool").write_bytes(b"\x7fELF")
    (tmp_path / "bin/tool").chmod(0o755)
    (tmp_path / "sh").symlink_to("bin/tool")
    made = unpacked(cpio.archive([*cpio.tree(tmp_path), *cpio.DEVICES]))
    assert [(name, content) for name, _, content, _ in made] == [
        ("bin", b""), ("sh", b"bin/tool"), ("bin/tool", b"\x7fELF"), ("dev/console", b""), ("dev/null", b""),
    ]  # fmt: skip
    kinds = [stat.S_IFMT(mode) for _, mode, _, _ in made]
    assert kinds == [stat.S_IFDIR, stat.S_IFLNK, stat.S_IFREG, stat.S_IFCHR, stat.S_IFCHR]
    assert [device for *_, device in made[-2:]] == [(5, 1), (1, 3)]


def test_what_packages_have_in_bin_and_in_usr_bin_becomes_one_folder(tmp_path: Path):
    for name in ("bin/bash", "usr/bin/python3.11", "lib/x/libc.so.6", "usr/lib/x/libz.so.1", "lib64/ld.so"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    images.merge_usr(tmp_path)
    assert {path.name for path in (tmp_path / "bin").iterdir()} == {"bash", "python3.11"}
    assert {path.name for path in (tmp_path / "usr/lib/x").iterdir()} == {"libc.so.6", "libz.so.1"}
    assert [(tmp_path / name).readlink() for name in ("bin", "lib64")] == [Path("usr/bin"), Path("usr/lib64")]


# ---- kernel modules ----


def module(depends: str) -> bytes:
    return b"\x7fELF..\0license=GPL\0depends=" + depends.encode() + b"\0name=x\0.."


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """An unpacked kernel whose driver needs a module, a built-in one, and one more behind that module."""
    source = tmp_path / "6.99-amd64"
    for name, depends in {"hid-ft260": "usbhid,i2c-core", "usbhid": "hid", "hid": "", "other": ""}.items():
        path = source / f"kernel/drivers/{name}.ko.xz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lzma.compress(module(depends)))
    (source / "modules.builtin").write_text("kernel/drivers/i2c/i2c-core.ko\n")
    for name in ("modules.builtin.modinfo", "modules.order"):
        (source / name).write_text("")
    return source


def test_a_module_brings_what_it_depends_on_and_no_more(kernel: Path, tmp_path: Path):
    kernel_modules.copy(kernel, tmp_path / "few", ["hid_ft260"])
    copied = {path.name: path.read_bytes() for path in (tmp_path / "few").rglob("*.ko")}
    assert copied == {"hid-ft260.ko": module("usbhid,i2c-core"), "usbhid.ko": module("hid"), "hid.ko": module("")}


def test_a_module_that_the_kernel_does_not_have_is_named(kernel: Path, tmp_path: Path):
    with pytest.raises(debian.Missing, match=r"kernel 6\.99-amd64 has no module vhci_hcd"):
        kernel_modules.copy(kernel, tmp_path / "few", ["vhci-hcd"])


# ---- packages ----

DEBIAN_12 = """\
http://mirror/debian/ bookworm
http://mirror/debian/ bookworm-updates
http://mirror/security/ bookworm-security
"""
DEBIAN_13 = DEBIAN_12.replace("bookworm", "trixie")
BOTH = DEBIAN_13.replace("mirror", "wrong") + DEBIAN_12
UBUNTU = "http://mirror/ubuntu/ noble\nhttp://mirror/ubuntu/ noble-security\n"


@pytest.mark.parametrize("targets", [DEBIAN_12, DEBIAN_13, BOTH], ids=["Debian 12", "Debian 13", "both"])
def test_the_mirrors_are_those_of_the_systems_own_apt(targets: str):
    assert debian.mirrors(targets, {}) == ("http://mirror/debian/", "http://mirror/security/")


def test_a_system_of_another_kind_is_told_a_mirror():
    assert debian.mirrors(UBUNTU, {"MIRROR": "http://there"}) == ("http://there", None)
    with pytest.raises(debian.Missing, match="MIRROR=address"):
        debian.mirrors(UBUNTU, {})


def test_without_security_updates_there_is_no_source_for_them():
    assert debian.sources("http://m", None).count("http") == 2
    assert "http://s bookworm-security main" in debian.sources("http://m", "http://s")


MADISON = """\
 linux-image-6.1.0-9-amd64 | 6.1.27-1 | http://m bookworm/main amd64 Packages
 linux-image-6.1.0-56-amd64 | 6.1.170-1 | http://m bookworm-security/main amd64 Packages
 linux-image-6.1.0-57-cloud-amd64 | 6.1.171-1 | http://m bookworm-security/main amd64 Packages
 linux-image-6.12.95+deb12-amd64 | 6.12.95-1~bpo12+1 | http://m bookworm-backports/main amd64 Packages
 linux-image-6.12.117+deb12-amd64 | 6.12.117-1~deb12u1 | http://m bookworm-security/main amd64 Packages
 linux-image-6.12.118+deb12-rt-amd64 | 6.12.118-1~deb12u1 | http://m bookworm-security/main amd64 Packages
 linux-image-6.12.118+deb12-amd64-unsigned | 6.12.118-1~deb12u1 | http://m bookworm-security/main amd64 Packages
"""


@pytest.mark.parametrize(
    ("version", "package"),
    [
        ("6.1", ("linux-image-6.1.0-56-amd64", "6.1.170-1")),
        ("6.12", ("linux-image-6.12.117+deb12-amd64", "6.12.117-1~deb12u1")),
        ("6.2", None),
    ],
)
def test_the_newest_plain_kernel_of_a_series_is_taken(version: str, package: tuple[str, str] | None):
    assert debian.newest_kernel(MADISON, version) == package


def test_what_apt_complains_of_ends_a_sentence():
    said = "N: notice\nW: Failed to fetch http://m/InRelease  Could not connect.\nW: Some index files failed.\n"
    assert debian.complaint(said) == " (Failed to fetch http://m/InRelease Could not connect)"
    assert debian.complaint("N: notice\n") == ""
