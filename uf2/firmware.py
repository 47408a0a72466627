# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Brings the official CircuitPython from its release store, once: `make firmware`.

`python -m uf2.firmware [--base FILE]` prints which file the images are built on.
"""

import argparse
import os
import sys
import urllib.request
from http.client import HTTPException
from pathlib import Path
from time import sleep
from urllib.error import HTTPError, URLError

from rich.console import Console
from rich.progress import wrap_file

from uf2.base import Base, parse_base, read_base
from uf2.blocks import ImageError
from uf2.files import ROOT, StageError
from uf2.release import FILE, SHA256, URL, VERSION

CACHE = ROOT / "build" / "firmware"
# Seconds before each further try.
PAUSES = (1, 4, 10)
TIMEOUT_S = 30
# Not the store's refusal but its trouble: worth another try.
TROUBLE = (408, 429, 500, 502, 503, 504)


def _read(url: str) -> bytes:
    """One try; OSError or HTTPException for whatever goes wrong on the way."""
    request = urllib.request.Request(url, headers={"User-Agent": "fxcore-sandbox"})
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except HTTPError as refusal:
        refusal.close()
        raise
    with response:
        size = int(response.headers.get("Content-Length") or 0)
        title = f"CircuitPython {VERSION}"
        with wrap_file(response, size, description=title, console=Console(stderr=True)) as file:
            data = file.read()
    if size and len(data) != size:
        raise OSError(f"only {len(data)} of {size} bytes came")
    return data


def download(url: str) -> bytes:
    """The content of the address, tried again while the store or the network is in trouble."""
    pauses = iter(PAUSES)
    while True:
        try:
            return _read(url)
        except (OSError, HTTPException) as error:
            hopeless = isinstance(error, HTTPError) and error.code not in TROUBLE
            pause = None if hopeless else next(pauses, None)
            cause = error.reason if type(error) is URLError else error
            if pause is None:
                raise ImageError(f"{url} cannot be downloaded: {cause} (BASE=path takes a local file).") from error
            print(f"{cause}: next try in {pause} s", file=sys.stderr)
            sleep(pause)


def official(cache: Path = CACHE, url: str = URL, sha256: str = SHA256) -> Base:
    """The official release, downloaded unless the cache has it. ImageError when it is not the known file."""
    path = cache / FILE
    if path.exists():
        base = read_base(path)
        if base.sha256 != sha256:
            raise ImageError(f"{path} has changed since it was released as {VERSION}: delete it.")
        return base
    data = download(url)
    base = parse_base(data, url)
    if base.sha256 != sha256:
        raise ImageError(f"{url} is another file than was released as {VERSION}: SHA-256 {base.sha256}.")
    cache.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(data)
    os.replace(part, path)
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
