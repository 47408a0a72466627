# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""What can be wrong with a source. What each kind says is in messages.py, which only a source with errors needs."""

from fxcore.errors import Fault

# Not errors of their own: the name is defined, but not yet known, or its definition is wrong and has been told.
PENDING = "pending"
SPOILT = "spoilt"
# Nor this: the line is not yet done, and is to be taken once more in the next step.
PAUSE = "pause"


class SourceFault(Fault):
    """One error of a source.

    Assembler.errors have all of `line`, `column` (both from 1) and `detail`, which is the whole sentence.

    :param str code: a kind of messages.py
    :param bytes text: the words that are wrong
    :param int at: where they begin, in bytes from the beginning of what the raising function was given; -1: it is the
        name that is defined, the register that is set, the mnemonic
    :param str detail: numbers and names that the kind's sentence does not have
    """

    def __init__(self, code, text, at=0, detail=""):
        super().__init__(code, detail)
        self.text = text
        self.at = at


def show(text):
    """Returns bytes of a source as str; what is no UTF-8 becomes question marks."""
    try:
        return str(text, "utf-8")
    except UnicodeError:
        return "".join(chr(byte) if byte < 0x80 else "?" for byte in text)
