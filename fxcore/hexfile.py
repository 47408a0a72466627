# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Intel HEX as a stream: bytes in, in pieces of any size; checked data records out."""

from binascii import unhexlify

from fxcore.errors import (
    HEX_AFTER_EOF,
    HEX_CHARACTER,
    HEX_CHECKSUM,
    HEX_LENGTH,
    HEX_NO_EOF,
    HEX_TYPE,
    HEX_UNWRITTEN,
    Fault,
)

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
        self._length = 0
        self.line = 1
        self._after_cr = False
        self._ended = False

    def feed(self, piece, length):
        """Takes the first `length` bytes of the bytearray `piece`."""
        start = 0
        while start < length:
            stop = _line_end(piece, start, length)
            if stop < 0:
                self._append(piece, start, length)
                return
            self._append(piece, start, stop)
            self._end_line(piece[stop] == 0x0D)
            start = stop + 1

    def close(self):
        """The file is over: takes a last line without line end, and insists on the EOF record."""
        self._take_line()
        if not self._ended:
            raise Fault(HEX_NO_EOF, "the end-of-file record is missing", self.line)

    def _append(self, piece, start, stop):
        if start == stop:
            return
        self._after_cr = False
        end = self._length + stop - start
        if end > LINE_ROOM:
            self._refuse_bad_character(self._length)
            raise Fault(HEX_LENGTH, "the line is longer than any record", self.line)
        self._window[self._length : end] = memoryview(piece)[start:stop]
        self._length = end

    def _end_line(self, is_cr):
        if self._after_cr and not is_cr and not self._length:
            self._after_cr = False  # the LF of a CRLF
            return
        self._take_line()
        self._length = 0
        self.line += 1
        self._after_cr = is_cr

    def _take_line(self):
        text = self._text
        length = self._length
        while length and text[length - 1] in BLANKS:
            length -= 1
        if not length:
            return
        if self._ended:
            raise Fault(HEX_AFTER_EOF, "there is text after the end-of-file record", self.line)
        self._take_record(self._decode(length))

    def _decode(self, length):
        """Returns the record's bytes, count and checksum included."""
        if self._text[0] != 0x3A:
            raise self._bad_character(0, "a record starts with ':', not with {}")
        if length % 2 == 0 or length < SHORTEST_LINE:
            self._refuse_bad_character(length)
            raise Fault(HEX_LENGTH, "the record is cut short or has a digit too many", self.line)
        try:
            return unhexlify(self._window[1:length])
        except ValueError:
            self._refuse_bad_character(length)
            raise

    def _refuse_bad_character(self, length):
        for column in range(1, length):
            if self._text[column] not in b"0123456789abcdefABCDEF":
                raise self._bad_character(column, "{} in column {} is no hexadecimal digit")

    def _bad_character(self, column, detail):
        byte = self._text[column]
        shown = "'{}'".format(chr(byte)) if 0x20 < byte < 0x7F else "byte {:02X}".format(byte)
        code = HEX_UNWRITTEN if byte in UNWRITTEN else HEX_CHARACTER
        return Fault(code, detail.format(shown, column + 1), self.line)

    def _take_record(self, record):
        count = record[0]
        if len(record) != count + OVERHEAD:
            detail = "the record announces {} data bytes and holds {}".format(count, len(record) - OVERHEAD)
            raise Fault(HEX_LENGTH, detail, self.line)
        excess = sum(record) & 0xFF
        if excess:
            detail = "the record's checksum is {:02X}, its bytes give {:02X}"
            raise Fault(HEX_CHECKSUM, detail.format(record[-1], (record[-1] - excess) & 0xFF), self.line)
        kind = record[3]
        if kind == DATA:
            self._put(record[1] << 8 | record[2], memoryview(record)[4:-1], self.line)
        elif kind != END_OF_FILE:
            if not (kind in START_TYPES and count == 4 or record[:-1] in MOVED_BY_NOTHING):
                name = OTHER_TYPES.get(kind, "unknown")
                detail = "record type {:02X} ({}) has no place in a program"
                raise Fault(HEX_TYPE, detail.format(kind, name), self.line)
        elif count:
            raise Fault(HEX_LENGTH, "the end-of-file record carries data", self.line)
        else:
            self._ended = True


def _line_end(piece, start, length):
    """Returns the index of the first LF or CR, or -1."""
    feed = piece.find(b"\n", start, length)
    carriage = piece.find(b"\r", start, length if feed < 0 else feed)
    return feed if carriage < 0 else carriage
