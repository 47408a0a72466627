# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What settings.toml seems to set and does not. Loaded only where there is such a line, and dropped."""

from fxcore.errors import Fault
from sandbox.faults import SETTING
from sandbox.settings import PREFIX, SETTINGS

PREFIX_BYTES = PREFIX.encode()
ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
WIDE = "its line is UTF-16, of which CircuitPython reads nothing: save the file as UTF-8"


def unread_keys(text):
    """Generator: (key, Fault) for each line that has a key of ours in it and no effect.

    :param bytes text: what settings.read_settings() returned
    """
    seen = []
    behind = None  # why CircuitPython reads no further
    for line in text.split(b"\n"):
        if line[:1] == b"\x00":
            behind = WIDE if b"\x00" in line[1:] else "it stands behind a line that is UTF-16: save the file as UTF-8"
        elif line.strip()[:1] == b"[":
            behind = "it stands behind a line that begins with '[': move it to the top"
        name = line.replace(b"\x00", b"").split(b"=")[0].strip()
        at = name.find(PREFIX_BYTES)
        if at < 0 or b"#" in name:
            continue
        key = "".join([chr(byte) for byte in name[at:] if 0x20 < byte < 0x7F])
        cause = behind or _cause(line, name, key, seen)
        seen.append(name)
        if cause:
            yield key, Fault(SETTING, cause)


def _cause(line, name, key, seen):
    """Returns why the line has no effect, None if it has."""
    if b"\x00" in line:
        return WIDE
    if name[:3] in ORDER_MARKS or name[:2] in ORDER_MARKS:
        return "a byte order mark stands before it: save the file as UTF-8 without one"
    known = [PREFIX + each for _, each, _, _ in SETTINGS]
    if key not in known or name != key.encode():
        return "there is no such setting; the nearest is {}".format(min(known, key=lambda each: _distance(key, each)))
    return "it is set twice, and the first one counts" if name in seen else None


def _distance(one, other):
    """How many characters must be changed, added or left out to make of one the other's beginning, and all of it."""
    row = list(range(len(other) + 1))
    for i in range(len(one)):
        left_above, row[0] = row[0], i + 1
        for j in range(len(other)):
            cost = min(row[j] + 1, row[j + 1] + 1, left_above + (one[i] != other[j]))
            left_above, row[j + 1] = row[j + 1], cost
    return min(row), row[-1]
