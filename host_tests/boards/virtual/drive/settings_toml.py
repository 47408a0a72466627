# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""os.getenv: the firmware's own reading of settings.toml, which is not TOML in every detail.

It reads bytes. Only the lines before the first [table] count, or before one that begins with a NUL, as the lines do
that follow a piece of UTF-16; the first of two equal keys wins; a bad line matters only to who asks for its key. Values
are integers or double-quoted strings in UTF-8; all else is a ValueError.
"""

BLANKS = b" \t\r\v\f"
ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
BASES = {"0x": 16, "0o": 8, "0b": 2}
HEX_ESCAPES = {"x": 2, "u": 4, "U": 8}


def getenv(data: bytes, key: str) -> int | str | None:
    for line in data.split(b"\n"):
        line = line.lstrip(BLANKS)
        if line.startswith((b"[", b"\0")):
            return None
        name, equals, value = line.partition(b"=")
        if equals and name.rstrip(BLANKS) == key.encode():
            value = value.lstrip(BLANKS)
            return _string(value[1:]) if value.startswith(b'"') else _integer(value.partition(b"#")[0])
    return None


def _integer(value: bytes) -> int:
    text = value.partition(b"\0")[0].decode("latin-1").strip()
    try:
        return int(text if text.isascii() else "", 0)
    except ValueError:
        base = BASES.get(text[:2].lower(), 0) if text.startswith("0") else 10
        raise ValueError(f"invalid syntax for integer with base {base}") from None


def _string(value: bytes) -> str:
    text = value.decode("utf-8", "surrogateescape")
    out, i = "", 0
    while True:
        c, i = text[i : i + 1], i + 1
        if c in ("", "\0"):
            raise ValueError(f"Invalid byte '{'EOF' if c else chr(92) + 'n'}'")
        if c == '"':
            break
        if c == "\\":
            c, i = text[i : i + 1], i + 1
            digits = HEX_ESCAPES.get(c, 0)
            c, i = (chr(int(text[i : i + digits], 16)) if digits else ESCAPES.get(c, c)), i + digits
        out += c
    rest = text[i:].lstrip(" \t\r")
    if rest and not rest.startswith("#"):
        raise ValueError(f"Invalid byte '{rest[0]}'")
    try:
        out.encode()
    except UnicodeEncodeError:
        raise UnicodeError from None
    return out
