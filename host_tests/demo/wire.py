# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: FXCore Sandbox contributors
"""I2C transfers as readable lines: commands by name, blocks with their lengths, the status decoded."""

from itertools import groupby

from host_tests.boards.virtual.fxcore.parts import (
    COMMANDS,
    ENTER_PRG,
    EXIT_PRG,
    FLASH_ERRORS,
    NO_ERROR,
    NOT_ALLOWED,
    OUT_OF_RANGE,
    PROGRAM_TOO_LONG,
    RECEIVED,
    REGISTER_WORDS,
    UNKNOWN_COMMAND,
    WRONG_LENGTH,
    WRONG_SUM,
    with_sum,
)
from host_tests.boards.virtual.i2c.bus import Transaction

STATUS_LENGTH = 12
ERRORS = {
    NO_ERROR: "no error",
    UNKNOWN_COMMAND: "unknown command",
    WRONG_LENGTH: "wrong length",
    OUT_OF_RANGE: "parameter out of range",
    NOT_ALLOWED: "not allowed in this state",
    WRONG_SUM: "wrong checksum",
    PROGRAM_TOO_LONG: "program too long",
}


class WireReader:
    """Reads one chip's transfers in their order: what a block is, the command before it says."""

    def __init__(self, address: int) -> None:
        self._address = address
        self._section, self._expected, self._partial = "", 0, b""

    def line(self, transfer: Transaction) -> str:
        """`arrow hex meaning`, without the time."""
        arrow = "->" if transfer.kind == "w" else "<-"
        shown = transfer.data[:4].hex(" ").upper() + (".." if len(transfer.data) > 4 else "")
        return (
            f"{arrow} {shown:<13} {self._meaning(transfer)}{'' if transfer.result == 'ok' else ': ' + transfer.result}"
        )

    def _meaning(self, transfer: Transaction) -> str:
        if not transfer.data and transfer.kind == "w":
            return f"is 0x{transfer.address:02X} there?{' yes' if transfer.result == 'ok' else ''}"
        if transfer.address != self._address:
            return f"{len(transfer.data)} bytes, address 0x{transfer.address:02X}"
        if transfer.kind == "r":
            return status_text(transfer.data) if transfer.data else "status"
        if self._section and transfer.data not in (EXIT_PRG, bytes((0x0E, 0))):
            return self._block(transfer.data)
        return self._command(transfer.data)

    def _block(self, data: bytes) -> str:
        self._partial += data
        section, done = self._section, len(self._partial)
        if done < self._expected:
            return f"{section} block: {done} of {self._expected} bytes"
        block, self._section = self._partial, ""
        proof = "right" if with_sum(block[:-2]) == block else "wrong"
        return f"{section} block: {done - 2} bytes and a {proof} checksum"

    def _command(self, data: bytes) -> str:
        self._section = ""
        if data[:2] == ENTER_PRG and len(data) == 3:
            return f"ENTER_PRG for address 0x{data[2]:02X}"
        if data == EXIT_PRG:
            return "EXIT_PRG"
        name = COMMANDS.get(data[0])
        if name is None or len(data) != 2:
            return f"{len(data)} bytes that are no command"
        if name.startswith("XFER_"):
            return self._announced(name, data)
        return f"{name}: burn slot {data[1]:X}" if name == "WRITE_PRG" else name

    def _announced(self, name: str, data: bytes) -> str:
        self._section = section = name.removeprefix("XFER_")
        words = REGISTER_WORDS.get(section) or (data[0] & 3) * 256 + data[1] + 1
        self._expected, self._partial = 4 * words + 2, b""
        return f"{name}: {words} {'instructions' if section == 'PRG' else 'registers'} to come"


def status_text(raw: bytes) -> str:
    """The 12 bytes in words; what cannot be a status is called so."""
    if len(raw) != STATUS_LENGTH or len(set(raw)) == 1:
        return f"{len(raw)} times {raw[0]:02X}: no status" if len(set(raw)) == 1 else f"{len(raw)} bytes"
    received = " ".join(name for name, bit in RECEIVED.items() if raw[0] & bit)
    error = ERRORS.get(raw[1]) or ("flash error" if raw[1] in FLASH_ERRORS else "transfer fault")
    problem = error if raw[1] == NO_ERROR else f"{error.upper()} ({raw[1]:02X})"
    return f"status: {f'got {received}' if received else 'ready'}, {problem}, slots {slot_ranges(raw[4] | raw[5] << 8)}"


def slot_ranges(bits: int) -> str:
    """0x000B: "0-1 3"."""
    used = [slot for slot in range(16) if bits >> slot & 1]
    runs = [[slot for _, slot in run] for _, run in groupby(enumerate(used), key=lambda pair: pair[1] - pair[0])]
    return " ".join(f"{run[0]:X}-{run[-1]:X}" if len(run) > 1 else f"{run[0]:X}" for run in runs) or "none"
