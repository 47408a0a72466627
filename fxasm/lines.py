# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A source as a stream: bytes in, in pieces of any size; lines without comments out."""

# How far from the left the words of a line may lie; a comment may go on without an end.
LINE_ROOM = 512
# Together these mean something: what is looked at in parts is not cut between them.
PAIRS = (b"//", b"/*", b"*/")
BOM = b"\xef\xbb\xbf"
NO_BREAK_SPACE = b"\xc2\xa0"


class Lines:
    """Takes ASCII and UTF-8, and UTF-16 with its mark; a line ends with LF, CR or CRLF.

    A block comment becomes blanks, a comment to the end of the line is cut off: what is left stays in its column.
    `text` is the line that `take` or `close` has completed, `line` its number. `opened` is (line, offset) of the block
    comment that is open, or None.
    """

    def __init__(self):
        self.start()

    def start(self):
        """Forgets everything: the next byte is the first of a file."""
        self.line = 0
        self.text = b""
        self.opened = None
        self._part = b""  # of a line that goes on in the next piece
        self._clean = 0  # so much of it has no comment left
        self._over = False  # a comment to the end of the line has begun in it
        self._cr = False  # the last line ended with CR: an LF that comes next belongs to it
        self._begun = False
        self._wide = None
        self._carriages = self._spaces = self._plain = False

    def open(self, piece, length):
        """Returns the bytes of a piece for `take`; UTF-16, which its first byte gives away, is made narrow."""
        if not self._begun and length:
            self._begun = True
            if piece[0] >= 0xFE:
                from fxasm.wide import Wide

                self._wide = Wide()
        data = bytes(memoryview(piece)[:length]) if self._wide is None else self._wide.narrow(piece, length)
        # What most lines do not have is looked for here: to look at each line would be slow.
        self._carriages = b"\r" in data
        self._spaces = self._spaces or NO_BREAK_SPACE[1:] in data
        slashes = b"/" in data or self.opened is not None
        self._plain = self.line > 0 and not (self._carriages or self._spaces or slashes or self._cr)
        return data

    def take(self, data, start):
        """Goes on at `start` of the bytes; returns where the next line begins, or -1 when they end before the line."""
        stop = data.find(b"\n", start)
        if self._plain and stop >= 0 and not self._part:
            semicolon = data.find(b";", start, stop)
            self.text = data[start : stop if semicolon < 0 else semicolon]
            self.line += 1
            return stop + 1
        if self._cr and start < len(data):
            self._cr = False
            if stop == start:
                start += 1
                stop = data.find(b"\n", start)
        if self._carriages:
            carriage = data.find(b"\r", start, len(data) if stop < 0 else stop)
            if carriage >= 0:
                stop = carriage
                self._cr = True
        if stop < 0:
            self._keep(data[start:])
            return -1
        self._end(data[start:stop])
        return stop + 1

    def close(self):
        """The file is over; returns True if there is a last line without line end."""
        if not self._part:
            return False
        self._end(b"")
        return True

    def is_long(self):
        """True if the words of the line go on too far."""
        return len(self.text) > LINE_ROOM and bool(self.text[LINE_ROOM:].split())

    def _keep(self, text):
        """The line goes on in the next piece."""
        if not self._over:
            part = self._part + text
            self._part = self._shorten(part) if len(part) > 2 * LINE_ROOM else part

    def _shorten(self, part):
        """Returns what has to be kept of a line that is long."""
        cut = len(part) - 1
        while part[cut - 1 : cut + 1] in PAIRS:
            cut -= 1
        text = self._uncomment(part[:cut], self._clean, self.line + 1)
        if self._over:
            return text
        if text[LINE_ROOM:].split():
            text = text[:LINE_ROOM] + b"!"  # remembered for `is_long`
        self._clean = min(len(text), LINE_ROOM + 1)
        return text[: self._clean] + part[cut:]

    def _end(self, text):
        self.line += 1
        if self._over:
            text = self._part
        elif self._part:
            text = self._uncomment(self._part + text, self._clean, self.line)
        else:
            text = self._uncomment(text, 0, self.line)
        self._part = b""
        self._clean = 0
        self._over = False
        if self.line == 1 and text[:3] == BOM:
            text = text[3:]
        self.text = text.replace(NO_BREAK_SPACE, b"  ") if self._spaces else text

    def _uncomment(self, text, done, line):
        """Returns the text of this line without comments; what lies before `done` has none."""
        while True:
            if self.opened is not None:
                stop = text.find(b"*/", done)
                end = len(text) if stop < 0 else stop + 2
                blanks = b" " * columns(text[done:end])
                text = text[:done] + blanks + text[end:]
                if stop < 0:
                    return text
                self.opened = None
                done += len(blanks)
            cut = _comment(text, done)
            if cut < 0:
                return text
            if text[cut : cut + 2] != b"/*":
                self._over = True
                return text[:cut]
            self.opened = (line, cut)
            text = text[:cut] + b"  " + text[cut + 2 :]
            done = cut + 2


def columns(text):
    """Returns how many characters the bytes are."""
    count = 0
    for byte in text:
        if byte & 0xC0 != 0x80:
            count += 1
    return count


def _comment(text, start):
    """Returns where the first comment begins, or -1."""
    first = text.find(b";", start)
    slash = text.find(b"/", start, len(text) if first < 0 else first)
    while slash >= 0:
        if text[slash : slash + 2] in PAIRS:
            return slash
        slash = text.find(b"/", slash + 1, len(text) if first < 0 else first)
    return first
