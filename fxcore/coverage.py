# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Which bytes of a buffer have been filled: one bit each."""


class Coverage:
    """A set of byte positions 0..length-1, made for long runs: a run costs what an eighth of it costs.

    :param int length: of the buffer
    """

    def __init__(self, length):
        self._bits = bytearray((length + 7) // 8)
        self._window = memoryview(self._bits)

    def clear(self):
        """Empties the set."""
        self._window[:] = bytes(len(self._bits))

    def add(self, start, end):
        """Adds start..end-1."""
        first, last, head, tail = _split(start, end)
        self._bits[first] |= head
        if last > first:
            self._window[first + 1 : last] = b"\xff" * (last - first - 1)
            self._bits[last] |= tail

    def has(self, at):
        """True if the position is in the set."""
        return self._bits[at >> 3] >> (at & 7) & 1

    def any(self, start, end):
        """True if any of start..end-1 is in the set."""
        first, last, head, tail = _split(start, end)
        if last == first:
            return bool(self._bits[first] & head)
        return bool(self._bits[first] & head or self._bits[last] & tail or any(self._window[first + 1 : last]))

    def all(self, start, end):
        """True if each of start..end-1 is in the set."""
        first, last, head, tail = _split(start, end)
        if self._bits[first] & head != head:
            return False
        if last == first:
            return True
        inner = self._window[first + 1 : last]
        return self._bits[last] & tail == tail and (not len(inner) or min(inner) == 0xFF)

    def last(self, end):
        """Returns the highest position below `end` that is in the set, or -1."""
        at = end - 1
        while at & 7 != 7:
            if self.has(at):
                return at
            at -= 1
        at = len(bytes(self._window[: (at + 1) // 8]).rstrip(b"\x00")) * 8 - 1
        while at >= 0 and not self.has(at):
            at -= 1
        return at


def _split(start, end):
    """Returns first and last byte of a run, and the masks of the bits in them."""
    first = start >> 3
    last = (end - 1) >> 3
    head = 0xFF << (start & 7) & 0xFF
    tail = 0xFF >> (7 - (end - 1 & 7))
    return first, last, head & tail if first == last else head, tail
