# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Brings the official CircuitPython from its release store, once: `make firmware`.

`python -m uf2.firmware [--base FILE]` prints which file the images are built on.
"""

import argparse
import hashlib
import sys
import urllib.request
from http.client import HTTPException
from pathlib import Path
from time import sleep
from urllib.error import HTTPError, URLError

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

from uf2.base import Base, parse_base, read_base
from uf2.blocks import ImageError
from uf2.files import ROOT, StageError, write_whole
from uf2.flash import END
from uf2.release import FILE, SHA256, URL, VERSION

CACHE = ROOT / "build" / "firmware"
# Seconds before each further try.
PAUSES = (1, 4, 10)
TIMEOUT_S = 30
# Not the store's refusal but its trouble: worth another try.
TROUBLE = (408, 429, 500, 502, 503, 504)
# A UF2 file takes twice the flash that it fills; the boot ROM is smaller.
MOST = 2 * END
PIECE = 1 << 14


def _read(url: str) -> bytes:
    """One try; OSError or HTTPException for whatever goes wrong on the way."""
    request = urllib.request.Request(url, headers={"User-Agent": "fxcore-sandbox"})
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except HTTPError as refusal:
        refusal.close()
        raise
    size = response.length
    data = bytearray()
    bar = Progress(BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=Console(stderr=True))
    with response, bar:
        task = bar.add_task("", total=size)
        while piece := response.read1(PIECE):
            data += piece
            bar.advance(task, len(piece))
            if len(data) > MOST:
                raise ImageError(f"{url} is longer than {MOST} bytes: it cannot be what is looked for.")
    if size and len(data) != size:
        raise OSError(f"only {len(data)} of {size} bytes came")
    return bytes(data)


def download(url: str) -> bytes:
    """The content of the address, tried again while the store or the network is in trouble."""
    print(f"downloading {url}", file=sys.stderr)
    try:
        return _read_patiently(url)
    except KeyboardInterrupt as error:
        raise ImageError(f"{url}: the download was broken off, and nothing of it is kept.") from error


def _read_patiently(url: str) -> bytes:
    pauses = iter(PAUSES)
    while True:
        try:
            return _read(url)
        except (OSError, HTTPException) as error:
            hopeless = isinstance(error, HTTPError) and error.code not in TROUBLE
            pause = None if hopeless else next(pauses, None)
            cause = _cause(error)
            if pause is None:
                raise ImageError(f"{url} cannot be downloaded: {cause} (BASE=path takes a local file).") from error
            print(f"{cause}: next try in {pause} s", file=sys.stderr)
            sleep(pause)


def _cause(error: Exception) -> str:
    """What went wrong, without Python's own words around it."""
    reason = error.reason if type(error) is URLError else error
    return (isinstance(reason, OSError) and reason.strerror) or str(reason) or type(reason).__name__


def official(cache: Path = CACHE, url: str = URL) -> Base:
    """The official release, downloaded unless the cache has it. ImageError when it is not the known file."""
    path = cache / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _bring(cache, url)
    except OSError as error:
        raise ImageError(f"{path}: {error.strerror}.") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ImageError(f"{path} has changed since it was downloaded: delete it.")
    return parse_base(data, str(path))


def _bring(cache: Path, url: str) -> Base:
    data = download(url)
    base = parse_base(data, url)
    if base.version != VERSION:
        raise ImageError(f"{url} is {base.banner}, not version {VERSION}.")
    write_whole(cache, {FILE: data})
    return base


def find_base(path: str | None) -> Base:
    """What the images are built on: the file named, else the official release."""
    return read_base(Path(path).expanduser()) if path else official()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make firmware", usage="make firmware [BASE=path]")
    parser.add_argument("--base")
    options = parser.parse_args(arguments)
    try:
        base = find_base(options.base)
    except StageError as error:
        print(f"make firmware: {error}", file=sys.stderr)
        return 1
    print(f"{options.base or CACHE / FILE}: {base.banner}")
    print(f"SHA-256 {base.sha256}, {base.remark}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
