# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Intel HEX as a stream: bytes in, in pieces of any size; checked data records out."""

from binascii import unhexlify

from fxcore import errors
from fxcore.errors import Fault

DATA = 0x00
END_OF_FILE = 0x01
OTHER_TYPES = {
    0x02: "extended segment address",
    0x03: "start segment address",
    0x04: "extended linear address",
    0x05: "start linear address",
}
# They mean nothing for a program: where a processor would begin, and that all addresses are moved by 0.
START_TYPES = (0x03, 0x05)
MOVED_BY_NOTHING = (b"\x02\x00\x00\x02\x00\x00", b"\x02\x00\x00\x04\x00\x00")
# At the end of a line. DOS programs end a file with Ctrl-Z.
BLANKS = b" \t\x1a"
# What flash holds where the host has not written yet.
UNWRITTEN = b"\x00\xff"

# Byte count, address (2), type and checksum: what a record holds beside its data.
OVERHEAD = 5
SHORTEST_LINE = 1 + 2 * OVERHEAD
# The longest record (255 bytes) has 521 characters; the rest is for trailing blanks.
LINE_ROOM = 600


class HexReader:
    """Takes a file in pieces and hands each data record to `put(address, data, line)`.

    Accepts records in any order and length, both cases, LF, CRLF or CR, blank lines, trailing blanks and Ctrl-Z, and
    records that other tools add and that move no address. Everything else raises a Fault that names the line. After a
    Fault only `reset()` makes sense.

    :param put: called with address (0..0xFFFF), a memoryview valid during the call, and the line number
    """

    def __init__(self, put):
        self._put = put
        self._text = bytearray(LINE_ROOM)
        self._window = memoryview(self._text)
        self.reset()

    def reset(self):
        """Forgets everything: the next byte fed is the first of a file."""
        self._length = 0  # of the line's beginning, in `_text`, that came with the pieces before
        self.line = 1
        self._after_cr = False
        self._ended = False

    def feed(self, piece, length):
        """Takes the first `length` bytes of the bytearray `piece`."""
        window = memoryview(piece)
        start = 0
        while start < length:
            stop = _line_end(piece, start, length)
            if stop < 0:
                self._keep(window[start:length])
                return
            is_cr = piece[stop] == 0x0D
            if self._length:
                self._keep(window[start:stop])
                self._take_line(self._window[: self._length])
                self._length = 0
            elif start < stop:
                self._take_line(window[start:stop])
            elif self._after_cr and not is_cr:
                self.line -= 1  # the LF of a CRLF
            self.line += 1
            self._after_cr = is_cr
            start = stop + 1

    def close(self):
        """The file is over: takes a last line without line end, and insists on the EOF record."""
        self._take_line(self._window[: self._length])
        if not self._ended:
            raise Fault(errors.HEX_NO_EOF, "the end-of-file record is missing", self.line)

    def _keep(self, part):
        if not part:
            return
        end = self._length + len(part)
        if end > LINE_ROOM:
            self._refuse_bad_character(self._window[: self._length])
            raise Fault(errors.HEX_LENGTH, "the line is longer than any record", self.line)
        self._window[self._length : end] = part
        self._length = end
        self._after_cr = False

    def _take_line(self, text):
        length = len(text)
        while length and text[length - 1] in BLANKS:
            length -= 1
        if not length:
            return
        if self._ended:
            raise Fault(errors.HEX_AFTER_EOF, "there is text after the end-of-file record", self.line)
        if text[0] != 0x3A:
            raise self._bad_character(text, 0, "a record starts with ':', not with {}")
        if length % 2 == 0 or length < SHORTEST_LINE:
            self._refuse_bad_character(text[:length])
            raise Fault(errors.HEX_LENGTH, "the record is cut short or has a digit too many", self.line)
        try:
            record = unhexlify(text[1:length])
        except ValueError:
            self._refuse_bad_character(text[:length])
            raise
        if len(record) != record[0] + OVERHEAD or sum(record) & 0xFF:
            self._refuse_record(record)
        if record[3] == DATA:
            self._put(record[1] << 8 | record[2], memoryview(record)[4:-1], self.line)
        else:
            self._take_other(record)

    def _refuse_bad_character(self, text):
        for column in range(1, len(text)):
            if text[column] not in b"0123456789abcdefABCDEF":
                raise self._bad_character(text, column, "{} in column {} is no hexadecimal digit")

    def _bad_character(self, text, column, detail):
        byte = text[column]
        shown = "'{}'".format(chr(byte)) if 0x20 < byte < 0x7F else "byte {:02X}".format(byte)
        code = errors.HEX_UNWRITTEN if byte in UNWRITTEN else errors.HEX_CHARACTER
        return Fault(code, detail.format(shown, column + 1), self.line)

    def _refuse_record(self, record):
        if len(record) != record[0] + OVERHEAD:
            detail = "the record announces {} data bytes and holds {}".format(record[0], len(record) - OVERHEAD)
            raise Fault(errors.HEX_LENGTH, detail, self.line)
        detail = "the record's checksum is {:02X}, its bytes give {:02X}"
        raise Fault(errors.HEX_CHECKSUM, detail.format(record[-1], (record[-1] - sum(record)) & 0xFF), self.line)

    def _take_other(self, record):
        count, kind = record[0], record[3]
        if kind == END_OF_FILE:
            if count:
                raise Fault(errors.HEX_LENGTH, "the end-of-file record carries data", self.line)
            self._ended = True
        elif not (kind in START_TYPES and count == 4 or record[:-1] in MOVED_BY_NOTHING):
            name = OTHER_TYPES.get(kind, "unknown")
            raise Fault(
                errors.HEX_TYPE, "record type {:02X} ({}) has no place in a program".format(kind, name), self.line
            )


def _line_end(piece, start, length):
    """Returns the index of the first LF or CR, or -1."""
    feed = piece.find(b"\n", start, length)
    carriage = piece.find(b"\r", start, length if feed < 0 else feed)
    return feed if carriage < 0 else carriage
