# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Names and what they stand for, in a quarter of the memory that a dict takes."""

BUCKETS = 32


class Table:
    """What Names needs of a dict. Names are bytes without blanks; a value is None, an int or a tuple as Names keeps it.

    An entry is text: line feed, name, tab, value; each bucket is one piece of memory.
    """

    def __init__(self):
        self._buckets = [b""] * BUCKETS
        self._count = 0

    def get(self, name):
        """Returns the value, None where there is none."""
        bucket, start, stop = self._find(name)
        return None if start < 0 else _value(bucket[start:stop])

    def setdefault(self, name):
        """Makes the value None, if there is no such name."""
        if name not in self:
            self[name] = None

    def __contains__(self, name):
        return self._find(name)[1] >= 0

    def __getitem__(self, name):
        return self.get(name)

    def __setitem__(self, name, value):
        bucket, start, stop = self._find(name)
        if start < 0:
            self._count += 1
            bucket = bucket + b"\n" + name + b"\t"
            start = stop = len(bucket)
        self._buckets[_bucket(name)] = bucket[:start] + _text(value) + bucket[stop:]

    def __len__(self):
        return self._count

    def __iter__(self):
        for bucket in self._buckets:
            for entry in bucket.split(b"\n"):
                if b"\t" in entry:
                    yield entry[: entry.find(b"\t")]

    def _find(self, name):
        """Returns the bucket, and where in it the value begins and ends; -1 where there is none."""
        bucket = self._buckets[_bucket(name)]
        key = b"\n" + name + b"\t"
        at = bucket.find(key)
        if at < 0:
            return bucket, -1, -1
        start = at + len(key)
        stop = bucket.find(b"\n", start)
        return bucket, start, len(bucket) if stop < 0 else stop


def _bucket(name):
    return (name[0] * 5 + name[-1] + len(name)) % BUCKETS if name else 0


def _text(value):
    if value is None:
        return b"-"
    if type(value) is int:
        return b"%d" % value
    if len(value) == 3:
        return b"%d/%d/%d" % value
    line, column, text, cut = value
    return b"%d:%d:%d:" % (line, column, cut) + text


def _value(text):
    if text.isdigit():
        return int(text)
    if text == b"-":
        return None
    if b":" in text:
        line, column, cut, text = text.split(b":", 3)
        return int(line), int(column), text, cut == b"1"
    if b"/" in text:
        numerator, denominator, flags = text.split(b"/")
        return int(numerator), int(denominator), int(flags)
    return int(text)
