# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""Every failure the device can tell of: its class (how often the light blinks amber) and its sentence."""

from fxcore import errors

FILE = 1
CHIP_ABSENT = 2
BUS = 3
CHIP = 4
INTERNAL = 5

FILE_UNREADABLE = "file-unreadable"
SOURCE_TOO_LARGE = "source-too-large"
BURN_UNFINISHED = "burn-unfinished"
FLASH_LOCKED = "flash-locked"
SETTING = "setting"
EXCEPTION = "exception"

# code: (class, sentence)
FAULTS = {
    errors.HEX_CHARACTER: (FILE, "a character does not belong there"),
    errors.HEX_UNWRITTEN: (FILE, "a part of the file is not written"),
    errors.HEX_LENGTH: (FILE, "a record has the wrong length"),
    errors.HEX_CHECKSUM: (FILE, "a record's checksum is wrong"),
    errors.HEX_TYPE: (FILE, "a record is of a type that is not allowed"),
    errors.HEX_AFTER_EOF: (FILE, "the file goes on after its end"),
    errors.HEX_NO_EOF: (FILE, "the file is not complete"),
    errors.HEX_OVERLAP: (FILE, "two records contradict each other"),
    errors.HEX_ADDRESS: (FILE, "a record lies outside the program's sections"),
    errors.SECTION_SUM: (FILE, "the sum of a section is wrong"),
    errors.SECTION_HOLE: (FILE, "a section is not complete"),
    errors.PROGRAM_SIZE: (FILE, "the program's length is wrong"),
    errors.PROGRAM_EMPTY: (FILE, "there is no program"),
    FILE_UNREADABLE: (FILE, "the file cannot be read"),
    SOURCE_TOO_LARGE: (FILE, "the source is too large for the board"),
    errors.ADDRESS_NAK: (CHIP_ABSENT, "no chip answers at the address"),
    errors.NO_PULLUPS: (CHIP_ABSENT, "the bus has no power or no pull-ups"),
    errors.DATA_NAK: (BUS, "the chip did not acknowledge data"),
    errors.BUS_TIMEOUT: (BUS, "a transfer timed out"),
    errors.BUS_STUCK: (BUS, "a bus line is held low"),
    errors.CHIP_ERROR: (CHIP, "the chip reports an error"),
    errors.FLASH_ERROR: (CHIP, "the chip could not write its flash"),
    errors.NOT_RECEIVED: (CHIP, "the chip did not take a block"),
    errors.SLOT_NOT_SET: (CHIP, "the chip did not keep the program"),
    errors.STATUS_UNREADABLE: (CHIP, "the chip's status cannot be read"),
    BURN_UNFINISHED: (CHIP, "a burn of this program did not finish"),
    FLASH_LOCKED: (CHIP, "not burnt after the flash error before it"),
    SETTING: (INTERNAL, "a setting is wrong"),
    EXCEPTION: (INTERNAL, "the program failed"),
}

# The errors of a source have codes of their own, and bring their sentence: it is loaded with the assembler.
SOURCE_ERROR = (FILE, "")


def fault_class(code):
    """Returns 1..5."""
    return FAULTS.get(code, SOURCE_ERROR)[0]


def describe(fault, subject=""):
    """Returns the sentence for the console: who, where, what and why.

    :param str subject: the file's name, the chip's address, the setting's key
    """
    number, sentence = FAULTS.get(fault.code, SOURCE_ERROR)
    where = subject
    if fault.line:
        where = "{}, line {}".format(subject, fault.line)
    if fault.column:
        where = "{}, column {}".format(where, fault.column)
    text = "error {}: {}".format(number, where + ": " if where else "")
    if not sentence:
        return text + fault.detail
    return text + sentence + (" (" + fault.detail + ")" if fault.detail else "")
