#!/bin/bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
# Makes the guest: kernels 6.12 and 6.1 of Debian with the few modules needed, and a root file system of Debian packages.
#   build.sh FOLDER     makes FOLDER/{base.cpio, vmlinuz-VERSION, modules-VERSION.cpio}; does nothing if they are there
# Works on Debian and Ubuntu. Packages are only unpacked, with an apt of their own: the system stays as it is, but for
# QEMU, which is installed if it is missing and the user may do so. MIRROR and SECURITY_MIRROR name where to get Debian
# bookworm from, if the system's own apt does not know it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
suite=bookworm
python=${PYTHON:-python3}

base_packages="busybox-static bash libtinfo6 libc6 libi2c0 i2c-tools zlib1g libexpat1 libffi8
  python3.11-minimal libpython3.11-minimal libpython3.11-stdlib"
modules="usbhid hid-generic hid-ft260 vhci-hcd i2c-dev at24"

fail() { echo "build.sh: $*" >&2; exit 1; }

install_qemu() {
  command -v qemu-system-x86_64 >/dev/null && return
  [ "$(id -u)" = 0 ] || fail "needs QEMU (apt-get install qemu-system-x86)"
  echo 'installing qemu-system-x86'
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends qemu-system-x86 >/dev/null
}

# The mirror of a release that the system's own apt uses.
mirror_of() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk -v release="$1" '$2 == release { print $1; exit }'
}

# An apt of our own: the system's sources, lists and locks are not touched.
own_apt() {
  local mirror security key='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  mirror=${MIRROR:-$(mirror_of $suite)}
  security=${SECURITY_MIRROR:-$(mirror_of $suite-security)}
  [ -n "$mirror" ] && [ -n "$security" ] || fail "no Debian $suite in this system's apt: set MIRROR and SECURITY_MIRROR"
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || fail "needs the package debian-archive-keyring"
  mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial"
  cat > "$work/apt/sources.list" <<END
deb $key $mirror $suite main
deb $key $security $suite-security main
deb $key $mirror $suite-backports main
END
  cat > "$work/apt/apt.conf" <<END
Dir::Etc::sourcelist "$work/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$work/apt/lists";
Dir::State::status "/dev/null";
Dir::Cache "$work/apt";
APT::Sandbox::User "root";
APT::Architecture "amd64";
Acquire::Languages "none";
END
  export APT_CONFIG="$work/apt/apt.conf"
  apt-get -qq update
}

# unpack FOLDER PACKAGE...
unpack() {
  local to=$1 debs
  shift
  debs=$(mktemp -d "$work/debs.XXXX")
  (cd "$debs" && apt-get -qq download "$@")
  for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$to"; done
  rm -r "$debs"
}

# The packages have files in /bin and in /usr/bin: in the guest both are one folder.
merge_usr() {
  local folder
  for folder in bin sbin lib lib64; do
    mkdir -p "$1/usr/$folder"
    [ ! -d "$1/$folder" ] || { cp -a "$1/$folder/." "$1/usr/$folder/" && rm -r "${1:?}/$folder"; }
    ln -s "usr/$folder" "$1/$folder"
  done
}

# Saves the guest four seconds at each start. Only the same Python can do it.
compile_library() {
  "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || return 0
  "$python" -m compileall -q --invalidation-mode unchecked-hash "$1" >/dev/null
}

base() {
  local root=$work/base name
  unpack "$root" $base_packages
  merge_usr "$root"
  rm -rf "$root"/usr/share/{doc,man,locale,lintian,info,menu,applications,pixmaps} "$root"/usr/lib/systemd \
    "$root"/usr/lib/x86_64-linux-gnu/{gconv,audit,perl*} \
    "$root"/usr/lib/python3.11/{test,idlelib,lib2to3,tkinter,turtledemo,ensurepip,pydoc_data,distutils,unittest,asyncio}
  mkdir -p "$root"/{proc,sys,dev,run,tmp,root,etc}
  ln -s python3.11 "$root/usr/bin/python3"
  for name in $("$root/bin/busybox" --list); do
    [ -e "$root/usr/bin/$name" ] || [ -e "$root/usr/sbin/$name" ] || ln -s busybox "$root/usr/bin/$name"
  done
  compile_library "$root/usr/lib/python3.11"
  "$python" "$here/cpio.py" "$root" "$out/base.cpio"
}

# kernel VERSION: the newest Debian has of it
kernel() {
  local package release root=$work/kernel-$1
  package=$(apt-cache madison linux-image-amd64 | awk -v v="$1." 'index($3, v) == 1 { print $3; exit }')
  package=$(apt-cache show --no-all-versions "linux-image-amd64=$package" |
    sed -n 's/^Depends:.*\(linux-image-[0-9][^ ,]*\).*/\1/p')
  echo "unpacking $package"
  unpack "$root" "$package"
  release=$(ls "$root/lib/modules")
  "$python" "$here/kernel_modules.py" "$root/lib/modules/$release" "$root/few/usr/lib/modules/$release" $modules
  ln -s usr/lib "$root/few/lib"
  "$work/base/bin/busybox" depmod -b "$root/few" "$release"
  "$python" "$here/cpio.py" "$root/few" "$out/modules-$1.cpio"
  cp "$root"/boot/vmlinuz-* "$out/vmlinuz-$1"
}

install_qemu
made_from=$(cat "$0" "$here/cpio.py" "$here/kernel_modules.py" | cksum)
[ "$(cat "$out/made-from" 2>/dev/null)" != "$made_from" ] || exit 0
work=$(mktemp -d "$out/work.XXXX")
trap 'rm -rf "$work"' EXIT
own_apt
base
kernel 6.1
kernel 6.12
echo "$made_from" > "$out/made-from"
