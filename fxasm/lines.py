# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""A source as a stream: bytes in, in pieces of any size; lines without comments out."""

from fxasm.errors import SourceFault

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
        # What most files do not have is looked for in a whole piece: so many looks at each line would be slow.
        self._carriages = self._slashes = self._spaces = False

    def open(self, piece, length):
        """Returns (piece, length) as `take` wants it: UTF-16 is made bytes. Its first byte gives it away."""
        if not self._begun and length:
            self._begun = True
            if piece[0] >= 0xFE:
                from fxasm.wide import Wide

                self._wide = Wide()
        if self._wide is not None:
            piece = self._wide.narrow(piece, length)
            length = len(piece)
        self._carriages = piece.find(b"\r", 0, length) >= 0
        self._slashes = piece.find(b"/", 0, length) >= 0
        self._spaces = self._spaces or piece.find(NO_BREAK_SPACE[1:], 0, length) >= 0
        return piece, length

    def take(self, piece, start, length):
        """Goes on at `start` of the piece, of which `length` bytes count.

        Returns where the next line begins, or -1 when the piece ends before the line does.
        """
        if self._cr and start < length:
            self._cr = False
            if piece[start] == 0x0A:
                start += 1
        stop = piece.find(b"\n", start, length)
        if self._carriages:
            carriage = piece.find(b"\r", start, length if stop < 0 else stop)
            if carriage >= 0:
                stop = carriage
                self._cr = True
        if stop < 0:
            self._keep(piece, start, length)
            return -1
        self._end(piece, start, stop)
        return stop + 1

    def close(self):
        """The file is over; returns True if there is a last line without line end."""
        if not self._part:
            return False
        self._end(b"", 0, 0)
        return True

    def check(self):
        """Raises SourceFault if the words of the line go on too far."""
        text = self.text
        if len(text) > LINE_ROOM and text[LINE_ROOM:].split():
            raise SourceFault("line-too-long", text.split()[0])

    def _keep(self, piece, start, length):
        """The line goes on in the next piece."""
        if start == length or self._over:
            return
        part = self._part + bytes(memoryview(piece)[start:length])
        if len(part) > 2 * LINE_ROOM:
            part = self._shorten(part)
        self._part = part

    def _shorten(self, part):
        """Returns what has to be kept of a line that is long."""
        cut = len(part) - 1
        while part[cut - 1 : cut + 1] in PAIRS:
            cut -= 1
        text = self._uncomment(part[:cut], self._clean, self.line + 1)
        if self._over:
            return text
        if text[LINE_ROOM:].split():
            text = text[:LINE_ROOM] + b"!"  # remembered for `check`
        self._clean = min(len(text), LINE_ROOM + 1)
        return text[: self._clean] + part[cut:]

    def _end(self, piece, start, stop):
        self.line += 1
        if self._part:
            text = self._part
            if not self._over:
                text = self._uncomment(text + bytes(memoryview(piece)[start:stop]), self._clean, self.line)
            self._part = b""
            self._clean = 0
            self._over = False
        else:
            semicolon = piece.find(b";", start, stop)
            text = bytes(memoryview(piece)[start : stop if semicolon < 0 else semicolon])
            if self.opened is not None or self._slashes and text.find(b"/") >= 0:
                text = self._uncomment(bytes(memoryview(piece)[start:stop]), 0, self.line)
                self._over = False
        if self.line == 1 and text[:3] == BOM:
            text = text[3:]
        if self._spaces:
            text = text.replace(NO_BREAK_SPACE, b"  ")
        self.text = text

    def _uncomment(self, text, done, line):
        """Returns the text of this line without comments; what lies before `done` has none."""
        while True:
            if self.opened is not None:
                stop = text.find(b"*/", done)
                end = len(text) if stop < 0 else stop + 2
                text = text[:done] + b" " * (end - done) + text[end:]
                if stop < 0:
                    return text
                self.opened = None
                done = end
            cut = _comment(text, done)
            if cut < 0:
                return text
            if text[cut : cut + 2] != b"/*":
                self._over = True
                return text[:cut]
            self.opened = (line, cut)
            text = text[:cut] + b"  " + text[cut + 2 :]
            done = cut + 2


def _comment(text, start):
    """Returns where the first comment begins, or -1."""
    first = text.find(b";", start)
    slash = text.find(b"/", start, len(text) if first < 0 else first)
    while slash >= 0:
        if text[slash : slash + 2] in PAIRS:
            return slash
        slash = text.find(b"/", slash + 1, len(text) if first < 0 else first)
    return first
