# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What can go wrong between a HEX file and the chip: one exception, one code each.

Classes and sentences of the codes live in sandbox/faults.py.
"""

# The file.
HEX_CHARACTER = "hex-character"
HEX_UNWRITTEN = "hex-unwritten"
HEX_LENGTH = "hex-length"
HEX_CHECKSUM = "hex-checksum"
HEX_TYPE = "hex-type"
HEX_AFTER_EOF = "hex-after-eof"
HEX_NO_EOF = "hex-no-eof"
HEX_OVERLAP = "hex-overlap"
HEX_ADDRESS = "hex-address"
SECTION_SUM = "section-sum"
SECTION_HOLE = "section-hole"
PROGRAM_SIZE = "program-size"
PROGRAM_EMPTY = "program-empty"

# The bus.
ADDRESS_NAK = "address-nak"
NO_PULLUPS = "no-pullups"
DATA_NAK = "data-nak"
BUS_TIMEOUT = "bus-timeout"
BUS_STUCK = "bus-stuck"

# The chip.
CHIP_ERROR = "chip-error"
FLASH_ERROR = "flash-error"
NOT_RECEIVED = "not-received"
SLOT_NOT_SET = "slot-not-set"
STATUS_UNREADABLE = "status-unreadable"


class Fault(Exception):
    """One failure.

    :param str code: one of the constants above (or of sandbox/faults.py)
    :param str detail: the cause in words and numbers, without the file's name
    :param int line: line of the file, counted from 1; 0 where there is none
    :param int column: place in the line, counted from 1; 0 where there is none

    `others` are the Faults of the same file that come with it, `more` counts those that nobody has kept.
    """

    others = ()
    more = 0

    def __init__(self, code, detail="", line=0, column=0):
        super().__init__(code, detail, line)
        self.code = code
        self.detail = detail
        self.line = line
        self.column = column
