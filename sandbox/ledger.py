# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What each flash slot of each chip holds, remembered across power cycles in microcontroller.nvm.

A log of 16-byte cells in one flash sector. Writing into erased (0xFF) bytes only programs them; any other
write would erase the whole sector first. So records are appended, and a power cut leaves the old or the new
truth. Cell: kind, slot, chip (4), CRC-32 (4, low first), length (2, low first), check (2), state, 0xFF.
A record is appended before the burn, with the state still 0xFF: the slot's content is unknown. Clearing the
state to 0 after verification makes it HELD; 0x55 keeps that the chip could not write its flash. Only a full
log is compacted, with the one erase that needs.
"""

from binascii import crc32

CELL = 16
CHECKED = 12
STATE = 14
BY_SERIAL = 0xA1
BY_ADDRESS = 0xA2
FAILED = 0x55
BLANK = b"\xff" * CELL

# What the ledger says of a program in a slot.
UNKNOWN = 0
UNFINISHED = 1
HELD = 2

NO_PROGRAM = (0, 0)


def serial_key(serial):
    """Returns the key of a chip with a readable serial number (4 bytes)."""
    return bytes((BY_SERIAL,)) + serial


def address_key(address):
    """Returns the key of a chip of which only the I2C address is known."""
    return bytes((BY_ADDRESS, address, 0, 0, 0))


class Ledger:
    """:param store: microcontroller.nvm, or anything like a bytearray of a multiple of 16 bytes"""

    def __init__(self, store):
        self._store = store
        self._end = self._find_end()
        self._open = None

    def state(self, key, slot, crc, length):
        """Returns HELD if the slot holds this program, UNFINISHED if a burn of it was begun, else UNKNOWN."""
        cell = self._latest(key, slot)
        if cell is None or cell[6:CHECKED] != _content(crc, length):
            return UNKNOWN
        return HELD if cell[STATE] == 0 else UNFINISHED

    def begin(self, key, slot, crc, length):
        """Call before WRITE_PRG: from now on the slot's content is unknown."""
        if self._end == len(self._store):
            self._compact()
        record = bytes((key[0], slot)) + key[1:] + _content(crc, length)
        self._store[self._end : self._end + STATE] = record + _check(record)
        self._open = self._end
        self._end += CELL

    def confirm(self):
        """Call after the verification: the slot holds what `begin` named."""
        self._store[self._open + STATE] = 0

    def fail(self):
        """Call when the chip reports a flash error for what `begin` named."""
        self._store[self._open + STATE] = FAILED

    def has_failed(self, key):
        """True if the last burn of the chip with this key ended in a flash error."""
        for cell in self._cells():
            if cell[0] == key[0] and cell[2:6] == key[1:]:
                return cell[STATE] == FAILED
        return False

    def forget(self, address, slot):
        """Somebody else is about to write the slot of the chip at this address."""
        key = address_key(address)
        if self.state(key, slot, *NO_PROGRAM) != UNFINISHED:
            self.begin(key, slot, *NO_PROGRAM)

    def _latest(self, key, slot):
        """Returns the newest cell that says something of this chip's slot.

        One written under an address may be about any chip, and the other way round: it ends the search.
        """
        for cell in self._cells():
            if cell[1] == slot:
                if cell[0] != key[0]:
                    return None
                if cell[2:6] == key[1:]:
                    return cell
        return None

    def _cells(self):
        """Generator: the valid cells, newest first."""
        for at in range(self._end - CELL, -1, -CELL):
            cell = bytes(self._store[at : at + CELL])
            if cell[0] in (BY_SERIAL, BY_ADDRESS) and cell[CHECKED:STATE] == _check(cell[:CHECKED]):
                yield cell

    def _find_end(self):
        """Returns the offset behind the last cell that is not erased."""
        end = len(self._store)
        while end and bytes(self._store[end - CELL : end]) == BLANK:
            end -= CELL
        return end

    def _compact(self):
        """Keeps the newest cells that still count, at most half the room; one erase.

        Each kept cell is true without the others: a power cut in between loses some, but makes none a lie.
        """
        kept = []
        seen = set()
        kinds = {}
        for cell in self._cells():
            if kinds.setdefault(cell[1], cell[0]) != cell[0]:
                kinds[cell[1]] = None  # a newer record of the other kind has ended this slot's history
            elif cell[:6] not in seen and len(kept) < len(self._store) // CELL // 2:
                seen.add(cell[:6])
                kept.append(cell)
        kept.reverse()
        self._end = len(kept) * CELL
        packed = b"".join(kept)
        self._store[0 : len(self._store)] = packed + b"\xff" * (len(self._store) - len(packed))


def _content(crc, length):
    return bytes((crc & 0xFF, crc >> 8 & 0xFF, crc >> 16 & 0xFF, crc >> 24 & 0xFF, length & 0xFF, length >> 8))


def _check(record):
    check = crc32(record)
    return bytes((check & 0xFF, check >> 8 & 0xFF))
