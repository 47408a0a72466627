# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Report IDs, flags and status bytes of the FT260 (AN_394 4.3 to 4.7), and what a bus transfer can end in."""

# The report IDs of each usb_hid.Device, which holds six at most; it is found by its usage, 1 + index.
USAGE_PAGE = 0xFF00
PARTS = (
    (0xA0, 0xA1, 0xB0, 0xC0, 0xC2, 0xD0),
    (0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
    (0xD7, 0xD8, 0xD9, 0xDA, 0xDB, 0xDC),
    (0xDD, 0xDE),
)

# Feature reports.
SYSTEM = 0xA1
GPIO = 0xB0
I2C_STATUS = 0xC0

# Output and input reports. The chip sends D0..DE; a host that counts the header into the length may use DF too.
I2C_READ = 0xC2
I2C_DATA = 0xD0
I2C_DATA_LAST = 0xDF

REPORT_SIZE = 64  # with the ID
HEADER = 4  # ID, address, flags, length
SHORTEST = 5  # with the second length byte of a read
ADDRESS_LAST = 0x7F
CHUNK = 60  # the most data bytes in one report

# Flags of a read or write request (AN_394 4.5.2). With START, bit 0 asks for a repeated one.
START = 0x02
STOP = 0x04
FLAGS = (0x00, 0x02, 0x03, 0x04, 0x06, 0x07)

# Requests of report A1 (AN_394 4.4.16, 4.4.17).
I2C_RESET = 0x20
I2C_CLOCK = 0x22

# Results of a bus transfer.
OK = 0
ADDRESS_NAK = 1
DATA_NAK = 2
TIMEOUT = 3  # a line held low, or the target stretched the clock for too long

# The first byte of report C0 (AN_394 4.5.1).
BUSY = 0x41  # controller and bus at work
HELD = 0x40  # a START without its STOP
STATUS = (0x20, 0x26, 0x2A, 0x32)  # by result: idle, and its error bits

CLOCK_MIN, CLOCK_MAX, CLOCK_DEFAULT = 60, 1000, 100  # kHz
CLOCK_MAX_CHIP = 3400


def data_id(count):
    """Returns the smallest input report that holds `count` (1..60) bytes."""
    return I2C_DATA + (count - 1) // 4


def clock_khz(low, high):
    """Returns the bus clock for the two parameter bytes of I2C_CLOCK: the chip takes 60..3400, else 100."""
    khz = low | high << 8
    if not CLOCK_MIN <= khz <= CLOCK_MAX_CHIP:
        return CLOCK_DEFAULT
    return min(khz, CLOCK_MAX)
