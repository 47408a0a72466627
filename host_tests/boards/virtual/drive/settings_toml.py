# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""os.getenv: the firmware's own reading of settings.toml, which is not TOML in every detail.

Only the lines before the first [table] count, the first of two equal keys wins, a bad line matters only to who asks
for its key. Values are integers or double-quoted strings; all else is a ValueError.
"""

ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
BASES = {"0x": 16, "0o": 8, "0b": 2}
HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}


def getenv(text: str, key: str) -> int | str | None:
    for line in text.splitlines():
        line = line.strip(" \t")
        if line.startswith("["):
            return None
        name, equals, value = line.partition("=")
        if equals and name.rstrip(" \t") == key and "#" not in name:
            value = value.lstrip(" \t")
            return _string(value[1:]) if value.startswith('"') else _integer(value.partition("#")[0])
    return None


def _integer(text: str) -> int:
    text = text.strip()
    try:
        return int(text, 0)
    except ValueError:
        base = BASES.get(text[:2].lower(), 0) if text.startswith("0") else 10
        raise ValueError(f"invalid syntax for integer with base {base}") from None


def _string(text: str) -> str:
    out, i = "", 0
    while True:
        c, i = text[i : i + 1], i + 1
        if c == "":
            raise ValueError("Invalid byte '\\n'")
        if c == '"':
            break
        if c == "\\":
            c, i = text[i : i + 1], i + 1
            digits = HEX_ESCAPES.get(c, 0)
            c, i = (chr(int(text[i : i + digits], 16)) if digits else ESCAPES.get(c, c)), i + digits
        out += c
    rest = text[i:].lstrip(" \t")
    if rest and not rest.startswith("#"):
        raise ValueError(f"Invalid byte '{rest[0]}'")
    return out
